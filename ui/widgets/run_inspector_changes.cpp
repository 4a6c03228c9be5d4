// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the inspector that tells how a run differs from its preset.
#include "core/spec/presets.h"
#include "ui/bridge/qt_text.h"
#include "ui/widgets/building.h"
#include "ui/widgets/run_inspector.h"

#include <QGridLayout>
#include <QLabel>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kShownChanges = 4;

} // namespace

void RunInspector::showChanges(const StoredRun& stored)
{
    while (QLayoutItem* item = m_changesGrid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto line = [this](int row, const QString& key, const QString& value,
                             const QString& preset) {
        QLabel* name = makeElided(key, m_changes);
        name->setToolTip(key);
        m_changesGrid->addWidget(name, row, 0);
        m_changesGrid->addWidget(makeLabel(value, m_changes), row, 1);
        m_changesGrid->addWidget(makeMuted(preset, m_changes), row, 2);
    };
    if (!stored.spec.is_object() || stored.row.status == "reported") {
        line(0, stored.row.status == "reported" ? tr("the paper's settings") : u"—"_s, {}, {});
        return;
    }
    const auto spec = spec::runSpecFromJson(stored.spec);
    if (!spec) {
        line(0, tr("settings can't be read"), {}, {});
        return;
    }
    // The preset that is nearer is the one the run was started from.
    auto changes = spec::changesFromPreset(*spec, "paper");
    const auto demo = spec::changesFromPreset(*spec, "demo");
    const bool isDemo = demo.size() < changes.size();
    if (isDemo)
        changes = demo;
    m_changes->setToolTip(isDemo ? tr("Compared with the preset demo")
                                 : tr("Compared with the preset paper"));
    if (changes.empty())
        line(0, isDemo ? tr("nothing (preset demo)") : tr("nothing (preset paper)"), {}, {});
    int row = 0;
    for (const spec::PresetChange& change : changes) {
        if (row == kShownChanges && changes.size() > kShownChanges + 1) {
            line(row, tr("and %n more", nullptr, static_cast<int>(changes.size()) - row), {}, {});
            break;
        }
        line(row++, toQt(change.key), toQt(change.value.dump()), toQt(change.presetValue.dump()));
    }
}

} // namespace clwb::ui
