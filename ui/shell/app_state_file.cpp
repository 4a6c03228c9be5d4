// SPDX-License-Identifier: GPL-3.0-or-later
// Opening of projects, and watching whether the file is still there and was changed by others.
#include "core/store/maintenance.h"
#include "core/store/run_places.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/shell/app_state.h"
#include "ui/shell/orders.h"

#include <QFileInfo>

#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Runs whose program is gone (a crash, kill -9, power), as opening the project has found them.
void tellInterrupted(AppState& state, const std::vector<int64_t>& found)
{
    constexpr qsizetype kNamed = 3;
    std::vector<int64_t> runs;
    QStringList names;
    for (const int64_t id : found) {
        const store::RunRow* run = state.findRun(id); // null: in the trash
        if (!run)
            continue;
        runs.push_back(id);
        if (names.size() < kNamed)
            names << runTitle(*run);
    }
    if (runs.empty())
        return;
    const auto more = static_cast<int64_t>(runs.size()) - names.size();
    if (more > 0)
        names << AppState::tr("%1 more").arg(more);
    const QString text =
        countedText(static_cast<int64_t>(runs.size()), AppState::tr("%1 run was interrupted"),
                    AppState::tr("%1 runs were interrupted")) +
        u": "_s + names.join(u"; "_s);
    QString details =
        AppState::tr("The program that trained ended without stopping it: a crash, or the machine "
                     "went off. A run goes on from its last checkpoint and ends as if nothing had "
                     "happened.");
    if (!state.queue().waiting().empty()) // told just before, where this stands now
        details += u'\n' + AppState::tr("What waited in the queue waits again: Run ▸ Queue.");
    if (runs.size() == 1)
        state.reportDone(text, details, {AppState::tr("Continue"), [&state, id = runs.front()] {
                                             state.continueRun(id);
                                         }});
    else
        state.reportDone(text, details, {AppState::tr("Show Them"), [&state, runs] {
                                             state.requestPage(u"runs"_s, Json{{"runs", runs}});
                                         }});
}

} // namespace

void AppState::openProject(const QString& file, store::OpenMode mode)
{
    const int number = ++m_openNumber;
    letGo(m_opening);
    m_opening.reader = std::make_unique<StoreReader>(toPath(file), store::OpenMode::ReadOnly);
    m_opening.editor = std::make_unique<StoreReader>(toPath(file), mode);
    listenTo(*m_opening.reader);
    listenTo(*m_opening.editor);
    struct Found
    {
        Opened opened;
        std::vector<int64_t> interrupted;
    };
    // The writing connection goes first: it makes or migrates the file and finds dead runs.
    m_opening.editor->ask(
        this,
        [](store::Project& project) -> Result<Found> {
            Found found;
            found.opened.identity = store::identityOf(project.file());
            found.opened.readOnlyReason = project.readOnlyReason();
            if (!project.isReadOnly()) {
                CLWB_ASSIGN(found.interrupted, project.markInterrupted());
            }
            CLWB_ASSIGN(found.opened.list, readList(project, {}));
            return found;
        },
        [this, file, number](Result<Found> found) {
            if (number != m_openNumber)
                return;
            if (!found)
                return onOpened(file, Failure(std::move(found.error())));
            onOpened(file, std::move(found->opened));
            tellInterrupted(*this, found->interrupted);
        });
    Q_EMIT openingChanged();
}

void AppState::onOpened(const QString& file, Result<Opened> opened)
{
    if (!opened) {
        letGo(m_opening);
        Q_EMIT openingChanged();
        if (opened.error().code == ErrorCode::Corrupt) {
            Q_EMIT projectDamaged(file, toQt(opened.error().message));
            return;
        }
        // The advice for a missing file is about options of the command line.
        const bool isMissing = opened.error().code == ErrorCode::Usage;
        reportProblem(tr("%1 could not be opened").arg(QFileInfo(file).fileName()),
                      isMissing ? toQt(opened.error().message) + u'\n' +
                                      tr("Choose another file with Open Project, or make one with "
                                         "New Project.")
                                : errorText(opened.error()));
        return;
    }
    letGo(m_project);
    m_project = std::exchange(m_opening, {});
    // What the earlier project was asked is never answered.
    m_isReading = false;
    m_isWatching = false;
    m_readAgain = false;
    if (m_queue.state() == RunQueue::State::Idle)
        m_live = LiveRun();
    m_isOpen = true;
    m_projectFile = file;
    m_machine.setFolder(toPath(file).parent_path());
    m_readOnlyReason = toQt(opened->readOnlyReason);
    m_identity = opened->identity;
    m_fileState = FileState::InPlace;
    m_isDamageTold = false;
    m_runs = std::move(opened->list.runs);
    m_runDetails = std::move(opened->list.details);
    m_pinned.clear();
    m_looks.open(projectSettings());
    m_undo.clear();
    m_dataVersion = -1;
    m_settings->addRecentProject(file);
    m_settings->setValue(u"projects/last"_s, file);
    m_watch.start();
    watchFile(); // what changes from now on is seen, not from the first tick on
    Q_EMIT openingChanged();
    Q_EMIT fileStateChanged();
    Q_EMIT projectChanged();
    Q_EMIT runsChanged();
    Q_EMIT liveChanged({true, true, true, true});
    tellReadOnly();
}

void AppState::tellReadOnly()
{
    if (!m_readOnlyTold.isEmpty())
        Q_EMIT problemSolved(m_readOnlyTold); // of the project before
    m_readOnlyTold.clear();
    if (m_readOnlyReason.isEmpty())
        return;
    m_readOnlyTold = tr("%1 can only be read").arg(QFileInfo(m_projectFile).fileName());
    reportDone(m_readOnlyTold,
               tr("The reason: %1.\nEverything in it can be looked at and exported; nothing can be "
                  "changed, and no run can be started.")
                   .arg(m_readOnlyReason));
}

void AppState::listenTo(StoreReader& connection)
{
    connect(&connection, &StoreReader::waitingChanged, this,
            [this, source = &connection](bool isWaiting) {
                if (isWaiting)
                    m_waiting.insert(source);
                else
                    m_waiting.erase(source);
                Q_EMIT openingChanged();
            });
    connect(&connection, &StoreReader::damageFound, this,
            [this, source = &connection](const Error& error) {
                if (source == m_project.reader.get() || source == m_project.editor.get())
                    tellDamage(error);
            });
}

void AppState::letGo(Connections& connections)
{
    for (std::unique_ptr<StoreReader>* each : {&connections.reader, &connections.editor}) {
        if (!*each)
            continue;
        m_waiting.erase(each->get());
        StoreReader* ending = m_ending.emplace_back(std::move(*each)).get();
        connect(
            ending, &StoreReader::released, this,
            [this, ending] {
                std::erase_if(m_ending, [ending](const auto& one) { return one.get() == ending; });
            },
            Qt::QueuedConnection); // not while the reader itself is at work
        ending->release();
    }
}

void AppState::watchFile()
{
    if (m_isWatching) // a busy project answers late
        return;
    m_isWatching = true;
    struct Seen
    {
        Result<int64_t> version;
        store::FileIdentity identity;
    };
    m_project.reader->ask(
        this,
        [](store::Project& project) {
            return Result<Seen>(Seen{project.dataVersion(), store::identityOf(project.file())});
        },
        [this](const Result<Seen>& seen) {
            m_isWatching = false;
            if (seen)
                onWatched(seen->version, seen->identity);
        });
}

void AppState::onWatched(const Result<int64_t>& version, const store::FileIdentity& identity)
{
    const FileState now = identity == m_identity              ? FileState::InPlace
                          : identity == store::FileIdentity() ? FileState::Missing
                                                              : FileState::Replaced;
    if (now != m_fileState) {
        m_fileState = now;
        m_fileGoneReason = now == FileState::Missing
                               ? tr("its file has been deleted or moved")
                               : tr("another file has taken the place of its own");
        Q_EMIT fileStateChanged();
        Q_EMIT runsChanged(); // what can be edited
    }
    if (!version) {
        tellDamage(version.error()); // inside an answer: the connection has not told it
        return;
    }
    if (m_dataVersion >= 0 && *version != m_dataVersion)
        refresh();
    m_dataVersion = *version;
}

void AppState::tellDamage(const Error& error)
{
    if (error.code == ErrorCode::Corrupt && !std::exchange(m_isDamageTold, true))
        Q_EMIT projectDamaged(m_projectFile, toQt(error.message));
}

void AppState::continueRun(int64_t runId)
{
    if (!findRun(runId))
        return;
    // What has moved since is found before the run waits for hours, and before its records are cut
    // back to a state that is not there.
    m_project.reader->ask(
        this, [runId](store::Project& project) { return store::checkContinuation(project, runId); },
        [this, runId, project = m_projectFile](const Result<void>& checked) {
            const store::RunRow* run = project == m_projectFile ? findRun(runId) : nullptr;
            if (!run)
                return;
            if (!checked) {
                reportProblem(tr("Run #%1 was not continued").arg(runId),
                              errorText(checked.error()));
                return;
            }
            const auto& waiting = m_queue.waiting();
            const bool isQueued =
                (m_queue.isBusy() && m_queue.currentRun() == runId) ||
                std::any_of(waiting.begin(), waiting.end(),
                            [runId](const RunOrder& order) { return order.continueRun == runId; });
            if (!isQueued) // a second click, while the first was looked into
                enqueue({continueOrder(*run)}, Place::Last);
            requestPage(u"live"_s);
        });
}

void AppState::saveProjectAs(const QString& file, std::function<void()> saved)
{
    if (!m_isOpen)
        return;
    m_project.reader->ask(
        this,
        [target = toPath(file)](store::Project& project) {
            return store::saveProjectAs(project, target);
        },
        [this, file, saved = std::move(saved)](const Result<void>& copied) {
            if (copied)
                saved();
            else
                reportProblem(tr("%1 was not saved").arg(QFileInfo(file).fileName()),
                              errorText(copied.error()));
        });
}

} // namespace clwb::ui
