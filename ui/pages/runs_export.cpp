// SPDX-License-Identifier: GPL-3.0-or-later
// Export of the runs that are listed, as the list or as a table of the paper, and what is not in
// it.
#include "ui/bridge/qt_text.h"
#include "ui/models/comparison_choice.h"
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"

#include <QMenu>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Rows of the paper's tables are results of training; the list of runs holds all.
bool isRowOfTable(const QString& kind, const store::RunRow& run)
{
    return kind == "runs"_L1 || (hasEnded(run) && !run.isPathPoint());
}

QString whyNoTable(const std::vector<const store::RunRow*>& shown)
{
    const bool hasPoints = std::any_of(shown.begin(), shown.end(),
                                       [](const store::RunRow* run) { return hasEnded(*run); });
    return hasPoints ? RunsPage::tr("Of the runs shown only points between two models have "
                                    "finished, and a point between two models was not trained")
                     : RunsPage::tr("None of the runs shown has finished");
}

} // namespace

QMenu* RunsPage::makeExportMenu()
{
    auto* menu = new QMenu(this);
    connect(menu->addAction(tr("List as Shown…")), &QAction::triggered, this,
            &RunsPage::exportList);
    menu->addSeparator();
    menu->setToolTipsVisible(true); // they say why an entry is off
    std::vector<std::pair<QAction*, QString>> tables;
    for (const TableKind& kind : tableKinds()) {
        QAction* entry = menu->addAction(kind.title);
        connect(entry, &QAction::triggered, this, [this, id = kind.id] { exportTableOf(id); });
        tables.emplace_back(entry, kind.id);
    }
    connect(menu, &QMenu::aboutToShow, this, [this, tables = std::move(tables)] {
        const auto shown = m_model->shownRuns();
        for (const auto& [entry, id] : tables) {
            const bool hasAny =
                std::any_of(shown.begin(), shown.end(),
                            [&id = id](const auto* run) { return isRowOfTable(id, *run); });
            entry->setEnabled(hasAny);
            entry->setToolTip(hasAny ? QString() : whyNoTable(shown));
        }
    });
    return menu;
}

void RunsPage::exportTableOf(const QString& kind)
{
    std::vector<int64_t> runs;
    int64_t unfinished = 0;
    int64_t points = 0;
    for (const store::RunRow* run : m_model->shownRuns()) {
        if (isRowOfTable(kind, *run))
            runs.push_back(run->runId);
        else
            ++(hasEnded(*run) ? points : unfinished);
    }
    QStringList notes;
    if (unfinished > 0)
        notes << countedText(unfinished, tr("%1 run that has not finished is not in it"),
                             tr("%1 runs that have not finished are not in it"));
    if (points > 0)
        notes << countedText(points, tr("%1 path point, which was not trained, is not in it"),
                             tr("%1 path points, which were not trained, are not in it"));
    notes += notListed();
    TableOrder order{kind, runs};
    order.note = notes.join(u"; "_s);
    askAndExportTable(state(), order, this);
}

void RunsPage::exportShown()
{
    exportTableOf(u"runs"_s);
}

QStringList RunsPage::notListed() const
{
    QStringList notes;
    const int64_t archived = m_model->hiddenCount();
    const auto filtered =
        static_cast<int64_t>(m_model->runs().size()) - m_model->shownCount() - archived;
    if (filtered > 0)
        notes << countedText(filtered, tr("%1 run that the filter leaves out is not in it"),
                             tr("%1 runs that the filter leaves out are not in it"));
    if (archived > 0)
        notes << countedText(archived, tr("%1 archived run is not in it"),
                             tr("%1 archived runs are not in it"));
    return notes;
}

} // namespace clwb::ui
