// SPDX-License-Identifier: GPL-3.0-or-later
// What is open: the project, its runs, the queue and the live run; pages read it and listen.
#pragma once

#include "core/base/json.h"
#include "core/store/file_identity.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/machine_monitor.h"
#include "ui/bridge/run_queue.h"
#include "ui/bridge/store_reader.h"
#include "ui/models/live_run.h"
#include "ui/models/run_details.h"
#include "ui/models/run_looks.h"
#include "ui/shell/settings.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace clwb::ui
{

/// What can be done about what was told: "Undo", "Show in Folder".
struct Offer
{
    QString text;
    std::function<void()> act;
};

class AppState : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        Engine engine;
        Launcher launcher;  ///< empty: runs are recorded in the project
        QString dataFolder; ///< of the user: projects, demo world
        Settings* settings = nullptr;
        /// A run that tells nothing for so long is reported, and of one that was asked to stop and
        /// goes on for so long it is said.
        int silenceMs = 60'000;
    };
    explicit AppState(Parts parts, QObject* parent = nullptr);
    ~AppState() override;

    /// Opens in the background; projectChanged() or problem() follows. Until then, and after a
    /// problem, the project that was open before stays open.
    void openProject(const QString& file, store::OpenMode mode = store::OpenMode::ReadWrite);
    [[nodiscard]] bool hasProject() const { return m_isOpen; }
    [[nodiscard]] const QString& projectFile() const { return m_projectFile; }
    [[nodiscard]] QString projectName() const;
    /// A project is being opened.
    [[nodiscard]] bool isOpening() const { return m_opening.editor != nullptr; }
    /// Something waits for another program to let go of the project's file.
    [[nodiscard]] bool isWaitingForLock() const { return !m_waiting.empty(); }
    /// Why the project can't be changed; empty when it can.
    [[nodiscard]] const QString& readOnlyReason() const
    {
        return m_fileState == FileState::InPlace ? m_readOnlyReason : m_fileGoneReason;
    }
    /// Whether the file that is open still lies where it was opened.
    enum class FileState { InPlace, Missing, Replaced };
    [[nodiscard]] FileState fileState() const { return m_fileState; }
    /// Copies the project as it is open into a new file, in the background; `saved` follows, or
    /// problem().
    void saveProjectAs(const QString& file, std::function<void()> saved);
    /// Why nothing can be recorded just now (no project, read-only), as a sentence; empty when it
    /// can.
    [[nodiscard]] QString whyNoRuns() const;
    [[nodiscard]] bool hasDemo() const { return m_engine.demo && m_engine.prepareDemo; }
    [[nodiscard]] StoreReader* reader() const { return m_project.reader.get(); }

    [[nodiscard]] const std::vector<store::RunRow>& runs() const { return m_runs; }
    [[nodiscard]] const RunDetails& runDetails() const { return m_runDetails; }
    [[nodiscard]] const store::RunRow* findRun(int64_t runId) const;
    /// Reads the run list again; several calls before it is read count once.
    void refresh();

    /// A change to the project on the writing connection, undone by Ctrl+Z.
    using Change = std::function<Result<void>(store::Project&)>;
    /// @param done told whenever the change was made, again after Redo
    void pushEdit(const QString& text, Change change, Change back, std::function<void()> done = {});
    /// Applies a change at once, without undo; problems are shown, success is told to `done`.
    void apply(const QString& text, Change change, std::function<void()> done = {});
    [[nodiscard]] QUndoStack& undoStack() { return m_undo; }

    [[nodiscard]] RunQueue& queue() { return m_queue; }
    [[nodiscard]] const RunQueue& queue() const { return m_queue; }
    [[nodiscard]] const LiveRun& live() const { return m_live; }
    [[nodiscard]] const MachineMonitor& machine() const { return m_machine; }
    [[nodiscard]] const Engine& engine() const { return m_engine; }
    [[nodiscard]] Settings& settings() { return *m_settings; }
    /// Of the open project; a copy goes on with the project it was made for.
    [[nodiscard]] ProjectSettings projectSettings() const
    {
        return {*m_settings, m_isOpen ? m_projectFile : QString()};
    }
    /// Which runs plots leave out, and the colours runs have everywhere.
    [[nodiscard]] RunLooks& looks() { return m_looks; }
    [[nodiscard]] const QString& dataFolder() const { return m_dataFolder; }

    enum class Place { First, Last };
    /// Orders for the open project.
    void enqueue(std::vector<RunOrder> orders, Place place);
    /// Once its files are found where they were; otherwise problem() says what is missing.
    void continueRun(int64_t runId);
    /// Fine-tuning and VR-LwF on the demo study, one after the other; opens Live.
    void runDemo();
    /// Asks the program that trains a run to end it at such a point, whichever program that is;
    /// askedToStop() tells so from then on, or problem() why it could not be asked.
    void askToStop(int64_t runId, StopPoint point);
    /// What a run's program was asked from here, until it has let go of the run.
    [[nodiscard]] std::optional<StopPoint> askedToStop(int64_t runId) const;
    /// It was asked to stop at its next batch or at once, and has not for a minute.
    [[nodiscard]] bool hasNotReacted(int64_t runId) const;
    /// Results of the current run can't be written to the project (nothing: they can again): the
    /// user is told, and on a full disk the run pauses.
    void setStoreProblem(const std::optional<Error>& problem);

    [[nodiscard]] const std::set<int64_t>& pinned() const { return m_pinned; }
    void setPinned(int64_t runId, bool isPinned);

    /// Asks the window for a page; `argument` goes to Page::open().
    void requestPage(const QString& id, const Json& argument = {});
    /// Asks all pages for the columns, widths and splitters they began with.
    void resetLayout();
    /// Asks the window to do one of its actions ("file.open").
    void requestAction(const QString& id);
    /// That runs wait because the queue is held, with the offer to go on.
    void tellHeld(const QString& text);
    void reportProblem(const QString& text, const QString& details, const Offer& offer = {});
    /// Tells what was done where nothing else shows it.
    void reportDone(const QString& text, const QString& details = {}, const Offer& offer = {});
    /// What was told with this text no longer holds.
    void reportSolved(const QString& text);

Q_SIGNALS:
    void projectChanged();
    void openingChanged(); ///< isOpening() or isWaitingForLock()
    /// fileState() changed, and with it perhaps readOnlyReason().
    void fileStateChanged();
    /// The file, or the one that is open, is damaged; `details` say how.
    void projectDamaged(const QString& file, const QString& details);
    void runsChanged();
    void liveStarted();
    void liveChanged(const clwb::ui::LiveChanges& changes);
    void pinsChanged();
    void layoutReset();
    void pageRequested(const QString& id, const clwb::Json& argument);
    void actionRequested(const QString& id);
    void problem(const QString& text, const QString& details, const clwb::ui::Offer& offer);
    void done(const QString& text, const QString& details, const clwb::ui::Offer& offer);
    /// What problem() or done() told with this text no longer holds.
    void problemSolved(const QString& text);

private:
    struct Listed
    {
        std::vector<store::RunRow> runs;
        RunDetails details;
    };
    static Result<Listed> readList(const store::Project& project,
                                   std::map<std::string, QString> studyNames);
    struct Opened
    {
        Listed list;
        std::string readOnlyReason;
        store::FileIdentity identity;
    };
    /// The connections of a project: one that reads, one that writes.
    struct Connections
    {
        std::unique_ptr<StoreReader> reader;
        std::unique_ptr<StoreReader> editor;
    };
    void connectQueue();
    void onOpened(const QString& file, Result<Opened> opened);
    void letGo(Connections& connections);
    void listenTo(StoreReader& connection);
    void watchFile();
    void tellDamage(const Error& error); ///< of the open project, once
    void tellReadOnly();
    void onWatched(const Result<int64_t>& version, const store::FileIdentity& identity);
    void beginLive(const QString& title);
    void onEvents(const std::vector<run::Event>& events);
    /// What the project has of a run that goes on here joins what is seen of it.
    void readEarlier();
    void onSilence();
    void onSound();
    void forgetAsked(); ///< of runs that have ended

    Engine m_engine;
    QString m_dataFolder;
    Settings* m_settings;
    QUndoStack m_undo;
    QString m_projectFile;
    QString m_readOnlyReason;
    store::FileIdentity m_identity; ///< of the file that is open
    FileState m_fileState = FileState::InPlace;
    QString m_fileGoneReason;
    bool m_isDamageTold = false;
    QString m_storeProblem; ///< as it was told last
    QString m_readOnlyTold; ///< likewise
    bool m_isOpen = false;
    bool m_isReading = false;
    bool m_isWatching = false;
    std::set<const StoreReader*> m_waiting; ///< for a lock
    bool m_readAgain = false;
    int64_t m_dataVersion = -1;
    int m_openNumber = 0;              ///< answers of an earlier project are dropped
    std::vector<store::RunRow> m_runs; ///< by number
    RunDetails m_runDetails;
    struct Asked
    {
        StopPoint point = StopPoint::Batch;
        std::string owner; ///< as store::RunRow has it: a later program was not asked
        std::chrono::steady_clock::time_point at = {}; ///< the last time
    };
    std::map<int64_t, Asked> m_asked; ///< by run
    std::set<int64_t> m_pinned;
    RunLooks m_looks;
    LiveRun m_live;
    bool m_mayTakeOver = false; ///< the trial that began has not shown that it trains
    int m_earlierTries = 0;     ///< left to find what the project has of a run that goes on
    MachineMonitor m_machine;
    QTimer m_watch;
    QTimer m_silence;      ///< runs out when the worker tells nothing
    QString m_silenceTold; ///< as it was told; empty: the worker is heard
    Connections m_project;
    Connections m_opening;                              ///< of the project that is being opened
    std::vector<std::unique_ptr<StoreReader>> m_ending; ///< let go, still at their last query
    RunQueue m_queue;                                   ///< last: its thread ends first
};

} // namespace clwb::ui
