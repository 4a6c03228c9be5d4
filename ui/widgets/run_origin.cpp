// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/run_origin.h"

#include "core/store/configurations.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QDesktopServices>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QUrl>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString textOf(const Json& value)
{
    return toQt(value.is_string() ? value.get<std::string>() : value.dump());
}

QString titleOf(const std::string& key)
{
    static const std::map<std::string, const char*> titles{
        {"program", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Program")},
        {"commit", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Commit")},
        {"compiler", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Compiler")},
        {"libtorch", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "LibTorch")},
        {"cpu", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "CPU")},
        {"cores", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Cores")},
        {"command_line", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Command line")}};
    const auto title = titles.find(key);
    return title == titles.end() ? toQt(key) : RunOriginView::tr(title->second);
}

} // namespace

Result<RunOrigin> readRunOrigin(store::Project& project, int64_t runId)
{
    RunOrigin origin;
    CLWB_ASSIGN(origin.row, project.run(runId));
    CLWB_ASSIGN(origin.environment, project.environment(runId));
    CLWB_ASSIGN(origin.spec, project.resolvedSpec(runId));
    CLWB_ASSIGN(const auto hashes, store::configurationHashes(project));
    if (const auto hash = hashes.find(runId); hash != hashes.end())
        origin.configuration = hash->second;
    if (!origin.configuration.empty() && origin.row.seed) {
        CLWB_ASSIGN(origin.twins,
                    project.sameConfiguration(origin.configuration,
                                              static_cast<uint64_t>(*origin.row.seed)));
        std::erase(origin.twins, runId);
    }
    origin.disk = store::diskUse(project, origin.row);
    return origin;
}

RunOriginView::RunOriginView(AppState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_lines = new QTreeWidget(this);
    nameWidget(m_lines, u"inspector.origin"_s, tr("Where the run came from"));
    m_lines->setHeaderHidden(true);
    m_lines->setColumnCount(2);
    m_lines->setRootIsDecorated(false);
    m_lines->setUniformRowHeights(true);
    m_lines->setFrameShape(QFrame::NoFrame);
    m_lines->setIndentation(0);
    m_lines->setColumnWidth(0, m_lines->fontMetrics().horizontalAdvance(u"Study SHA-256"_s) + 20);
    layout->addWidget(m_lines, 1);
    auto* line = new QHBoxLayout;
    m_disk = makeElided({}, this);
    m_disk->setObjectName(u"inspector.disk"_s);
    m_open = makeLink(u"inspector.openFolder"_s, tr("Open Folder"), this);
    line->addWidget(m_disk, 1);
    line->addWidget(m_open);
    layout->addLayout(line);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (!QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder)))
            m_state.reportProblem(tr("The folder could not be opened"), m_folder);
    });
}

void RunOriginView::addLine(const QString& title, const QString& value, const QString& tip)
{
    if (value.isEmpty())
        return;
    auto* item = new QTreeWidgetItem(m_lines, {title, value});
    item->setToolTip(1, tip.isEmpty() ? value : tip);
    item->setSizeHint(0, {0, fontMetrics().height() + 4});
    item->setForeground(0, palette().placeholderText());
}

void RunOriginView::show(const RunOrigin& origin)
{
    m_lines->clear();
    if (origin.environment.is_object()) {
        for (const auto& [key, value] : origin.environment.items())
            addLine(titleOf(key), textOf(value));
    }
    const auto fromSpec = [&](const char* key, const QString& title) {
        if (const auto value = origin.spec.find(key); value != origin.spec.end())
            addLine(title, textOf(*value));
    };
    if (origin.spec.is_object()) {
        fromSpec("device", tr("Device"));
        fromSpec("threads", tr("Threads"));
        fromSpec("precision", tr("Precision"));
        fromSpec("study_sha256", tr("Study SHA-256"));
        fromSpec("model_sha256", tr("Model SHA-256"));
    }
    addLine(tr("Configuration"), toQt(origin.configuration));
    addLine(tr("Study"), toQt(origin.row.study));
    addLine(tr("Model"), toQt(origin.row.model));
    addLine(tr("Identity"), toQt(origin.row.uid),
            tr("Stays the same through export and import: %1").arg(toQt(origin.row.uid)));
    showDisk(origin);
}

void RunOriginView::showDisk(const RunOrigin& origin)
{
    m_folder = toQt(origin.row.folder);
    m_open->setVisible(origin.disk.bytes > 0);
    m_disk->setToolTip(m_folder);
    m_disk->setText(origin.disk.bytes == 0 ? tr("No files on disk")
                    : origin.disk.spare == 0
                        ? tr("%1 on disk").arg(bytesText(origin.disk.bytes))
                        : tr("%1 on disk, %2 not needed")
                              .arg(bytesText(origin.disk.bytes), bytesText(origin.disk.spare)));
}

TwinsLine::TwinsLine(AppState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    m_link = makeLink(u"inspector.twin"_s, tr("Run of the same configuration"), this);
    line->addWidget(m_link);
    line->addStretch(1);
    connect(m_link, &QPushButton::clicked, this, [this] {
        m_state.requestPage(u"runs"_s, Json{{"run", m_first}});
    });
    hide();
}

void TwinsLine::show(const std::vector<int64_t>& twins)
{
    setVisible(!twins.empty());
    if (twins.empty())
        return;
    m_first = twins.front();
    QStringList numbers;
    for (const int64_t id : twins)
        numbers << u'#' + QString::number(id);
    m_link->setText(tr("Same configuration as #%1 — open it").arg(m_first));
    m_link->setToolTip(tr("Equal settings, data and seed: %1").arg(numbers.join(u", "_s)));
    m_link->setAccessibleName(m_link->text());
}

} // namespace clwb::ui
