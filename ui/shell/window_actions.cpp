// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's own actions do; closing, dropping and opening of files.
#include "core/base/json.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/dialogs/page_help.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/shell/project_care.h"
#include "ui/shell/queue_edits.h"
#include "ui/shell/run_files.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/sweep_orders.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <initializer_list>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kLayoutVersion = 1;
constexpr int kTipMs = 6000; ///< long enough to read why a drop is refused

bool hasSuffix(const QString& file, std::initializer_list<const char*> suffixes)
{
    return std::any_of(suffixes.begin(), suffixes.end(), [&](const char* suffix) {
        return file.endsWith(QLatin1StringView(suffix), Qt::CaseInsensitive);
    });
}

bool isImportable(const QString& file)
{
    return hasSuffix(file, {".zip", ".csv", ".jsonl"}) || file.contains("tfevents"_L1);
}

struct Dropped
{
    QStringList files; ///< one project, document or log; or several files to import
    QString whyNot;    ///< a sentence; empty: what is dragged is no file at all
};

Dropped droppedFiles(const QMimeData* data)
{
    constexpr qsizetype kMostFiles = 1000;
    if (!data->hasUrls())
        return {};
    const QList<QUrl> urls = data->urls();
    if (urls.size() > kMostFiles)
        return {{}, MainWindow::tr("At most %1 files can be dropped at once").arg(kMostFiles)};
    QStringList files;
    for (const QUrl& url : urls) {
        if (!url.isLocalFile())
            return {{}, MainWindow::tr("Only files of this computer can be dropped here")};
        files << url.toLocalFile();
    }
    // A folder stands for the study in it.
    const QString study = files.size() == 1 ? files.front() + u"/study.json"_s : QString();
    if (QFileInfo(study).isFile())
        return {{study}, {}};
    const bool isOne = files.size() == 1 && hasSuffix(files.front(), {".db", ".json"});
    if (isOne || std::all_of(files.begin(), files.end(), isImportable))
        return {files, {}};
    if (files.size() > 1)
        return {{},
                MainWindow::tr("Several files can be dropped together only when all are results to "
                               "import: .zip, .csv, .jsonl or TensorBoard logs")};
    const QFileInfo file(files.front());
    return {{},
            file.isDir()
                ? MainWindow::tr("“%1” is a folder without a study. Pictures need one: drop its "
                                 "file (study.json), which says which folders make which classes; "
                                 "or drop a project (.db) or results (.zip, .csv, .jsonl)")
                      .arg(file.fileName())
                : MainWindow::tr("“%1” is no project (.db), file of settings (.json), or file of "
                                 "results to import (.zip, .csv, .jsonl)")
                      .arg(file.fileName())};
}

} // namespace

void MainWindow::trigger(const QString& id)
{
    if (m_pageOfAction.contains(id)) {
        const QString pageId = m_pageOfAction.value(id);
        // Actions on the selection work from where they are; the rest shows its page first.
        if (currentPage() != pageId && !id.startsWith("live."_L1))
            showPage(pageId);
        m_pages[pageId]->trigger(id);
    } else if (id.startsWith("page."_L1)) {
        enterPage(id.mid(5));
    } else if (id.startsWith("view."_L1)) {
        triggerView(id);
    } else if (id == "file.new"_L1) {
        newProject();
    } else if (id == "file.open"_L1) {
        openProject();
    } else if (id == "file.saveAs"_L1) {
        m_care->askAndSaveAs();
    } else if (id == "file.export"_L1) {
        m_pages[currentPage()]->exportShown();
    } else if (id == "file.quit"_L1) {
        close();
    } else if (id == "edit.copy"_L1) {
        m_pages[currentPage()]->copyShown();
    } else if (id == "edit.find"_L1) {
        if (!m_pages[currentPage()]->focusFilter()) {
            showPage(u"runs"_s);
            m_pages[u"runs"_s]->focusFilter();
        }
    } else if (id == "edit.undo"_L1) {
        undoStackFor(false).undo();
    } else if (id == "edit.redo"_L1) {
        undoStackFor(true).redo();
    } else if (id == "run.new"_L1) {
        showPage(u"new_run"_s);
    } else if (id == "run.demo"_L1) {
        m_state.runDemo();
    } else if (id == "run.clearQueue"_L1) {
        editQueue(m_state, tr("emptying the queue"), {});
    } else if (id == "tools.dataFolder"_L1) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(m_state.dataFolder()));
    } else if (id == "help.page"_L1) {
        const Page* page = m_pages[currentPage()];
        std::vector<const QAction*> keys;
        for (const QAction* action : m_actions->all()) {
            if (m_pageOfAction.value(action->objectName()) == currentPage() &&
                !action->shortcut().isEmpty())
                keys.push_back(action);
        }
        openPageHelp(page->accessibleName(), page->helpText(), keys, this);
    } else if (id == "file.import"_L1) {
        askAndImport(m_state, this);
    } else if (id.startsWith("dialog."_L1)) {
        openDialog(id.mid(7), m_state, this);
    }
}

void MainWindow::triggerView(const QString& id)
{
    if (id == "view.zoomIn"_L1) {
        zoomText(1);
    } else if (id == "view.zoomOut"_L1) {
        zoomText(-1);
    } else if (id == "view.zoomReset"_L1) {
        m_state.settings().remove(u"window/zoom"_s);
        zoomText(0);
    } else if (id == "view.fullScreen"_L1) {
        setWindowState(windowState() ^ Qt::WindowFullScreen);
    } else if (id == "view.resetLayout"_L1) {
        m_state.settings().remove(u"window/geometry"_s);
        restoreGeometryOf();
        m_state.resetLayout();
    } else {
        const ThemeChoice choice = themeFromText(id.mid(5), ThemeChoice::System);
        m_state.settings().setValue(u"window/theme"_s, toText(choice));
        setTheme(choice);
    }
}

bool MainWindow::mayLeaveProject()
{
    const RunQueue::State now = m_state.queue().state();
    if (now == RunQueue::State::Idle && !m_state.queue().waiting().empty()) {
        m_state.reportProblem(tr("Runs are waiting"),
                              tr("Let them run, or remove them in Run ▸ Queue, before opening "
                                 "another project: their results belong to this one."));
        return false;
    }
    if (now == RunQueue::State::Idle)
        return true;
    m_state.reportProblem(
        now == RunQueue::State::Paused ? tr("A run is paused") : tr("A run is in progress"),
        tr("Stop it, or wait for its end, before opening another project: its results belong to "
           "this one."));
    return false;
}

void MainWindow::openOther(const QString& file, store::OpenMode mode)
{
    if (!mayLeaveProject()) // a run may have begun while the dialog was open
        return;
    for (Page* page : std::as_const(m_pages))
        page->finishEditing();
    m_state.openProject(file, mode);
}

void MainWindow::newProject()
{
    if (!mayLeaveProject())
        return;
    auto* dialog = new QFileDialog(this, tr("New Project"), m_state.dataFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Project (*.db)"));
    dialog->setDefaultSuffix(u"db"_s);
    // An existing project is opened, never replaced.
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& file) { openOther(file, store::OpenMode::CreateIfMissing); });
    dialog->open();
}

void MainWindow::openProject()
{
    if (!mayLeaveProject())
        return;
    auto* dialog = new QFileDialog(this, tr("Open Project"), m_state.dataFolder(),
                                   tr("Project (*.db);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openFile);
    dialog->open();
}

void MainWindow::openFile(const QString& file)
{
    if (file.endsWith(".json"_L1, Qt::CaseInsensitive))
        openDocument(file);
    else if (file.endsWith(".db"_L1, Qt::CaseInsensitive))
        openOther(file, store::OpenMode::ReadWrite);
    else
        importFiles(m_state, {file});
}

void MainWindow::openDocument(const QString& file)
{
    // Few kilobytes, but from anywhere: read aside.
    m_background->ask(
        this, [path = toPath(file)] { return readJsonFile(path); },
        [this, file](const Result<Json>& document) {
            const bool isSweep = document && isSweepDocument(*document);
            showPage(isSweep ? u"sweeps"_s : u"new_run"_s, Json{{"file", fromQt(file)}});
        });
}

void MainWindow::fillRecent()
{
    m_recent->clear();
    const QStringList recent = m_state.settings().recentProjects();
    for (const QString& file : recent) {
        QAction* action = m_recent->addAction(distinctName(file, recent).replace(u'&', "&&"_L1));
        action->setStatusTip(file);
        action->setToolTip(file);
        connect(action, &QAction::triggered, this, [this, file] { openFile(file); });
    }
    if (m_recent->isEmpty())
        m_recent->addAction(tr("No projects yet"))->setEnabled(false);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const Dropped dropped = droppedFiles(event->mimeData());
    if (!dropped.files.isEmpty())
        event->acceptProposedAction();
    m_status->showTip(dropped.whyNot); // beside the pointer that refuses
    // Of a refused drag Qt may tell nothing more.
    if (!dropped.whyNot.isEmpty())
        QTimer::singleShot(kTipMs, m_status, [this] { m_status->showTip({}); });
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent* /*event*/)
{
    m_status->showTip({});
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QStringList files = droppedFiles(event->mimeData()).files;
    if (files.size() == 1)
        openFile(files.front());
    else if (!files.isEmpty())
        importFiles(m_state, files);
}

void MainWindow::takeRuns(const QString& pageId, const std::vector<int64_t>& runs)
{
    if (pageId == "compare"_L1)
        return showPage(pageId, Json{{"add", runs}});
    for (const int64_t run : runs) // beside the one that is shown there
        m_state.setPinned(run, true);
    showPage(pageId);
}

void MainWindow::closeAfterRun()
{
    if (!m_state.queue().isBusy()) {
        close();
    } else if (!std::exchange(m_mayClose, true)) {
        m_state.queue().hold(); // they wait again when the project is opened again
        connect(&m_state.queue(), &RunQueue::ended, this, &MainWindow::closeAfterEnd);
        m_state.queue().stop();
    }
}

void MainWindow::closeAndDetach()
{
    m_detaches = true;
    closeAfterRun();
}

void MainWindow::closeAfterEnd(const run::Finished& result)
{
    const RunQueue& queue = m_state.queue();
    if (std::exchange(m_detaches, false) && result.status == "stopped" && queue.currentRun()) {
        const Result<void> begun =
            m_state.engine().continueDetached(queue.current().project, *queue.currentRun());
        if (!begun) {
            m_mayClose = false;
            m_state.reportProblem(tr("The run is saved, but did not go on by itself"),
                                  errorText(begun.error()));
            return;
        }
    }
    close();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_state.queue().isBusy()) {
        event->ignore();
        QDialog* dialog = m_mayClose ? nullptr : openDialog(u"close_running"_s, m_state, this);
        if (dialog)
            connect(dialog, &QDialog::finished, this, [this](int answer) {
                if (answer == QDialog::Accepted)
                    closeAfterRun();
                else if (answer == kCloseDetached)
                    closeAndDetach();
            });
        return;
    }
    for (Page* page : std::as_const(m_pages))
        page->finishEditing();
    m_state.settings().setValue(u"window/layout"_s, kLayoutVersion);
    m_state.settings().setValue(u"window/geometry"_s, saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace clwb::ui
