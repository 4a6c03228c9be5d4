// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/run_origin.h"

#include "core/spec/run_spec.h"
#include "core/spec/study.h"
#include "core/store/configurations.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/kept_details.h"
#include "ui/models/run_name.h"
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
        {"patch", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Local changes")},
        {"patch_sha256", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Their SHA-256")},
        {"compiler", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Compiler")},
        {"libtorch", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "LibTorch")},
        {"cpu", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "CPU")},
        {"opencv", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "OpenCV")},
        {"sqlite", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "SQLite")},
        {"nlohmann_json", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "nlohmann/json")},
        {"qt", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Qt")},
        {"locale", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Locale")},
        {"threads", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Threads of LibTorch")},
        {"gpu", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Graphics card")},
        {"driver", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Driver")},
        {"cuda", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "CUDA")},
        {"determinism", QT_TRANSLATE_NOOP("clwb::ui::RunOriginView", "Determinism")},
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
        const auto hashOf = [&](const char* key) {
            const auto found = origin.spec.find(key);
            return found != origin.spec.end() && found->is_string() ? found->get<std::string>()
                                                                    : std::string();
        };
        const spec::DataSummary files = spec::dataSummary(origin.spec);
        CLWB_ASSIGN(const auto equal,
                    store::equalRuns(project, {origin.configuration,
                                               static_cast<uint64_t>(*origin.row.seed),
                                               hashOf("study_sha256"),
                                               hashOf("model_sha256"),
                                               {},
                                               files.sha256}));
        for (const store::EqualRun& run : equal) {
            if (run.runId != runId && !run.hasOtherData)
                origin.twins.push_back(run.runId);
        }
    }
    origin.disk = store::diskUse(project, origin.row);
    return origin;
}

Result<Repeated> findRepeated(const store::Project& project,
                              const std::vector<spec::RunSpec>& specs, const Json& environment)
{
    Repeated repeated{specs.size(), {}, true, true, true};
    std::map<std::filesystem::path, std::string> studies; // by path: their hash, if readable
    for (const spec::RunSpec& spec : specs) {
        const auto [study, isNew] = studies.try_emplace(spec.study);
        if (isNew) {
            if (const auto read = spec::readStudy(spec.study))
                study->second = read->sha256;
        }
        const std::string commit =
            environment.is_object() ? environment.value("commit", std::string()) : std::string();
        CLWB_ASSIGN(
            const auto equal,
            store::equalRuns(
                project,
                {spec::configurationHash(spec), spec.seed, study->second, {}, commit, {}, spec}));
        if (equal.empty())
            continue;
        repeated.runs.push_back(equal.back().runId);
        repeated.hasOtherData &= equal.back().hasOtherData;
        repeated.hasOtherBuild &= equal.back().hasOtherBuild;
        repeated.isElsewhere &= equal.back().isElsewhere;
    }
    return repeated;
}

QString repeatedText(const Repeated& repeated)
{
    const QString numbers = runNumbers(repeated.runs);
    const QString other = repeated.hasOtherData    ? RunOriginView::tr(", other data")
                          : repeated.isElsewhere   ? RunOriginView::tr(", same names in another folder")
                          : repeated.hasOtherBuild ? RunOriginView::tr(", other build")
                                                   : QString();
    if (repeated.asked > 1)
        return RunOriginView::tr("%1 of %2 runs have the same settings as %3%4: open them")
            .arg(QString::number(repeated.runs.size()), QString::number(repeated.asked), numbers,
                 other);
    return other.isEmpty()
               ? RunOriginView::tr("Same configuration as %1: open it").arg(numbers)
               : RunOriginView::tr("Same settings as %1%2: open it").arg(numbers, other);
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
    const auto follow = [this](const QTreeWidgetItem* item) {
        if (const qint64 run = item->data(1, Qt::UserRole).toLongLong(); run > 0)
            m_state.requestPage(u"runs"_s, Json{{"run", run}});
    };
    connect(m_lines, &QTreeWidget::itemClicked, this, follow);
    connect(m_lines, &QTreeWidget::itemActivated, this, follow);
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

void RunOriginView::addBranch(int64_t runId)
{
    const auto branch = m_state.runDetails().branchOf(runId);
    if (!branch)
        return;
    const store::RunRow* source = m_state.findRun(branch->runId);
    addLine(tr("Branch"),
            source ? tr("%1, %2").arg(sessionPlaceText(branch->session), runTitle(*source))
                   : branchText(branch),
            source ? tr("It trained on from that state; a click opens the run") : QString());
    if (!source)
        return;
    QTreeWidgetItem* line = m_lines->topLevelItem(m_lines->topLevelItemCount() - 1);
    line->setData(1, Qt::UserRole, QVariant::fromValue<qint64>(branch->runId));
    line->setForeground(1, palette().link());
}

void RunOriginView::show(const RunOrigin& origin)
{
    m_lines->clear();
    addBranch(origin.row.runId);
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
        const spec::DataSummary files = spec::dataSummary(origin.spec);
        addLine(
            tr("Data SHA-256"), toQt(files.sha256),
            tr("Of the list of all files that the run used, with their sizes: data-manifest.tsv "
               "in its folder"));
        if (!files.sha256.empty())
            addLine(tr("Data"), tr("%n files, %1", nullptr, static_cast<int>(files.files))
                                    .arg(bytesText(files.bytes)));
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
    const QString whyNot = whyNoFolder(origin.row);
    m_open->setVisible(origin.disk.bytes > 0 || !whyNot.isEmpty());
    m_open->setEnabled(origin.disk.bytes > 0);
    m_open->setToolTip(m_open->isEnabled() ? QString() : whyNot);
    m_disk->setToolTip(m_folder.isEmpty() ? whyNot : m_folder);
    m_disk->setText(origin.disk.bytes == 0 ? tr("No files on disk")
                    : origin.disk.spare == 0
                        ? tr("%1 on disk").arg(bytesText(origin.disk.bytes))
                        : tr("%1 on disk, %2 not needed")
                              .arg(bytesText(origin.disk.bytes), bytesText(origin.disk.spare)));
}

RunLink::RunLink(const QString& objectName, AppState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    m_link = makeLink(objectName, tr("Another run"), this);
    line->addWidget(m_link);
    line->addStretch(1);
    connect(m_link, &QPushButton::clicked, this, [this] {
        m_state.requestPage(u"runs"_s, Json{{"run", m_run}});
    });
    hide();
}

void RunLink::lead(int64_t runId, const QString& text, const QString& tip)
{
    m_run = runId;
    m_link->setEnabled(runId != 0);
    m_link->setText(text);
    m_link->setToolTip(tip);
    m_link->setAccessibleName(text);
    show();
}

void RunLink::showTwins(const std::vector<int64_t>& twins)
{
    if (twins.empty())
        return hide();
    lead(twins.front(), tr("Same configuration as %1 — open it").arg(runNumber(twins.front())),
         tr("Equal settings, data and seed: %1").arg(runNumbers(twins)));
}

void RunLink::showSource(int64_t runId)
{
    const auto branch = m_state.runDetails().branchOf(runId);
    if (!branch)
        return hide();
    const QString text = tr("Branch %1").arg(branchText(branch));
    if (const store::RunRow* source = m_state.findRun(branch->runId))
        lead(branch->runId, tr("%1 — open it").arg(text),
             tr("It trained on from the state of %1").arg(runTitle(*source)));
    else
        lead(0, text, tr("That run is not in this project (any more)"));
}

} // namespace clwb::ui
