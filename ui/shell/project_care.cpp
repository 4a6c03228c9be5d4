// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/project_care.h"

#include "core/store/maintenance.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>

#include <initializer_list>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// "study.db" → "study-repaired.db", in the same folder.
QString suggestedName(const QString& file, const QString& suffix)
{
    const QFileInfo info(file);
    return info.path() + u'/' + info.completeBaseName() + suffix + u".db"_s;
}

/// A dialog for a project file that does not exist yet: nothing is ever replaced.
QFileDialog* newFileDialog(QWidget* window, const QString& title, const QString& file)
{
    auto* dialog = new QFileDialog(window, title, QFileInfo(file).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(ProjectCare::tr("Project (*.db)"));
    dialog->setDefaultSuffix(u"db"_s);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // an existing one is refused
    dialog->selectFile(QFileInfo(file).fileName());
    return dialog;
}

} // namespace

ProjectCare::ProjectCare(AppState& state, Background& background, QWidget* window)
    : QObject(window)
    , m_state(state)
    , m_background(background)
    , m_window(window)
    , m_banner(new Banner(u"window.project"_s, window))
    , m_repair(m_banner->addAction(u"project.repair"_s, tr("Repair into a New File…"), true))
    , m_saveAs(m_banner->addAction(u"project.saveAs"_s, tr("Save Project As…"), true))
    , m_openAgain(m_banner->addAction(u"project.openAgain"_s, tr("Open the File There"), false))
    , m_open(m_banner->addAction(u"project.open"_s, tr("Open Another…"), false))
{
    connect(m_repair, &QPushButton::clicked, this, &ProjectCare::askAndRepair);
    connect(m_saveAs, &QPushButton::clicked, this, &ProjectCare::askAndSaveAs);
    connect(m_open, &QPushButton::clicked, this, [this] { m_state.requestAction(u"file.open"_s); });
    connect(m_openAgain, &QPushButton::clicked, this,
            [this] { Q_EMIT openRequested(m_state.projectFile()); });
    connect(&state, &AppState::projectDamaged, this, &ProjectCare::askAndShowDamage);
    connect(&state, &AppState::fileStateChanged, this, &ProjectCare::showFileState);
    connect(&state, &AppState::projectChanged, this, [this] {
        m_damaged.clear(); // another one is open now
        ++m_look;
        showFileState();
    });
}

void ProjectCare::askAndShowDamage(const QString& file, const QString& details)
{
    const int look = ++m_look;
    m_background.ask(
        this, [path = toPath(file)] { return store::kindOfRefused(path); },
        [this, file, details, look](store::RefusedFile kind) {
            if (look == m_look)
                showDamage(file, details, kind == store::RefusedFile::DamagedProject);
        });
}

void ProjectCare::showDamage(const QString& file, const QString& details, bool isRepairable)
{
    if (m_state.fileState() != AppState::FileState::InPlace) {
        // Saving what is open comes first.
        m_state.reportProblem(tr("%1 could not be opened").arg(QFileInfo(file).fileName()),
                              details);
        return;
    }
    m_damaged = file;
    for (QPushButton* button : {m_saveAs, m_openAgain})
        button->hide();
    m_repair->setVisible(isRepairable);
    m_open->show();
    const QString advice =
        isRepairable
            ? tr("The file is left as it is. Repair copies every run that can still be read "
                 "into a new file.")
            : tr("The file is left as it is.");
    m_banner->showMessage(Banner::Tone::Problem,
                          isRepairable ? tr("%1 is damaged").arg(QFileInfo(file).fileName())
                                       : tr("%1 is no project").arg(QFileInfo(file).fileName()),
                          details + u'\n' + advice);
}

void ProjectCare::showFileState()
{
    const AppState::FileState now = m_state.fileState();
    if (now == AppState::FileState::InPlace) {
        if (m_damaged.isEmpty())
            m_banner->hide();
        return;
    }
    m_damaged.clear();
    const bool isReplaced = now == AppState::FileState::Replaced;
    for (QPushButton* button : {m_repair, m_open})
        button->hide();
    m_saveAs->show();
    m_openAgain->setVisible(isReplaced);
    m_banner->showMessage(
        Banner::Tone::Problem,
        isReplaced ? tr("Another file has taken the place of the project")
                   : tr("The project's file is gone"),
        tr("%1\nWhat this window shows is still complete: save it into a new file%2. Until then "
           "nothing can be changed; results of a run in progress are kept beside the project.")
            .arg(m_state.projectFile(), isReplaced ? QString() : tr(", or put the file back")));
}

void ProjectCare::askAndSaveAs()
{
    const QString file = m_state.projectFile();
    QFileDialog* dialog =
        newFileDialog(m_window, tr("Save Project As"), suggestedName(file, tr("-copy")));
    dialog->setObjectName(u"project.saveAsDialog"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& target) {
        m_state.saveProjectAs(target, [this, target] { openCopy(target); });
    });
    dialog->open();
}

void ProjectCare::openCopy(const QString& file)
{
    const QString name = QFileInfo(file).fileName();
    const RunQueue& queue = m_state.queue();
    if (queue.state() != RunQueue::State::Idle || !queue.waiting().empty()) {
        m_state.reportDone(tr("Saved as %1").arg(name),
                           tr("The runs in progress go on in the project that is open."));
        return;
    }
    Q_EMIT openRequested(file);
    m_state.reportDone(tr("Saved as %1, which is open now").arg(name),
                       tr("Models and resume states of its runs stay where they are."));
}

void ProjectCare::askAndRepair()
{
    QFileDialog* dialog = newFileDialog(m_window, tr("Repair into a New File"),
                                        suggestedName(m_damaged, tr("-repaired")));
    dialog->setObjectName(u"project.repairDialog"_s);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, from = m_damaged](const QString& target) { repair(from, target); });
    dialog->open();
}

void ProjectCare::repair(const QString& file, const QString& target)
{
    m_repair->setEnabled(false);
    m_background.ask(
        this, [from = toPath(file), to = toPath(target)] { return store::dbRepair(from, to); },
        [this, target](const Result<store::RepairReport>& report) {
            m_repair->setEnabled(true);
            if (!report) {
                m_state.reportProblem(tr("Nothing could be repaired"), errorText(report.error()));
                return;
            }
            QStringList details;
            for (const std::string& note : report->notes)
                details << toQt(note);
            Q_EMIT openRequested(target);
            m_state.reportDone(tr("%1 of %2 runs saved in %3")
                                   .arg(report->runsRecovered)
                                   .arg(report->runsFound)
                                   .arg(QFileInfo(target).fileName()),
                               details.join(u'\n'));
        });
}

} // namespace clwb::ui
