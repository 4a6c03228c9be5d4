// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_run.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/run/load_recorder.h"
#include "core/run/stop_watch.h"
#include "core/run/store_observer.h"
#include "core/store/detail_rows.h"
#include "core/store/run_places.h"
#include "core/store/sqlite.h"

#include <algorithm>
#include <new>
#include <tuple>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

struct Recording
{
    RunRequest request; ///< folder is that of the writer
    std::unique_ptr<store::RunWriter> writer;
    std::vector<metrics::EvaluationRecord> earlier; ///< of a resumed run
    /// Of the run that a branch left, or lost by the project of a resumed one.
    std::vector<metrics::EvaluationRecord> taken;
    double earlierSeconds = 0;
    bool isNew = false; ///< not continued
};

// An exception of the engine ends this run, not the program: its state is stored like any failure.
Result<RunSummary> executeCaught(const StoredRunSetting& setting, const RunRequest& request,
                                 const EventSink& sink)
{
    try {
        return setting.execute(request, sink);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for this run",
                    "Use a smaller schedule.batch_size, or schedule.micro_batch.");
    } catch (const std::exception& problem) {
        return fail(ErrorCode::RunFailed, std::string("internal error: ") + problem.what(),
                    "The run can be resumed from its last checkpoint: clwb resume.");
    }
}

/// Tells changes of what keeps results out of the project.
class ProblemWatch
{
public:
    ProblemWatch(const store::RunWriter& writer, const StoredRunSetting& setting)
        : m_writer(writer)
        , m_tell(setting.onStoreProblem)
    {}

    void look()
    {
        const std::optional<Error> problem = m_writer.problem();
        if (m_tell && problem.has_value() != m_hasProblem)
            m_tell(problem);
        m_hasProblem = problem.has_value();
    }

private:
    const store::RunWriter& m_writer;
    const std::function<void(const std::optional<Error>&)>& m_tell;
    bool m_hasProblem = false;
};

/// How a recorded run ended, and whether it got as far as its first event of training.
struct Ending
{
    StoredRun stored;
    bool hasStarted = false;
};

/// Thumbnails go the way of all results; what is there is asked on a connection of its own.
ThumbnailPlace thumbnailsOf(const fs::path& project, store::RunWriter& writer)
{
    return {[project](const metrics::HashedList& list) -> Result<std::vector<int64_t>> {
                CLWB_ASSIGN(const store::Project reader,
                            store::Project::open(project, store::OpenMode::ReadOnly));
                return store::missingThumbnails(reader.database(), list);
            },
            [&writer](std::vector<metrics::Thumbnail> thumbnails) {
                writer.addThumbnails(std::move(thumbnails));
            }};
}

/// The run that has the details of a session that was taken over, by its uid; empty: none, or they
/// are not wanted.
std::string detailSource(const spec::RunSpec& spec, int session)
{
    const bool isTaken = spec.branchedFrom && session <= spec.branchedFrom->session;
    return isTaken && spec.evaluate.details != "none" ? spec.branchedFrom->uid : std::string();
}

/// A run whose program nobody can tell goes on, and says so.
void keepPatch(store::RunWriter& writer, const std::string& patch)
{
    if (const auto kept = writeFileAtomically(writer.folder() / "program.patch", patch); !kept)
        writer.addWarning("the program's local changes are not kept: " + kept.error().message);
}

Ending execute(const Recording& recording, const StoredRunSetting& setting)
{
    store::RunWriter& writer = *recording.writer;
    RunRequest request = recording.request;
    request.thumbnails = thumbnailsOf(setting.project, writer);
    const StopRequestWatch others(writer.folder());
    request.stop = request.stop.with(others.token());
    if (setting.onRunId)
        setting.onRunId(writer.runId());
    ProblemWatch watch(writer, setting);
    StoreObserver observer(writer, recording.earlier, recording.earlierSeconds);
    const auto takeOver = [&] {
        for (const metrics::EvaluationRecord& record : recording.taken)
            observer.take(record, detailSource(request.spec, record.session));
    };
    if (recording.isNew)
        takeOver();
    Ending ending{{writer.runId(), writer.folder(), "failed", 0, {}, std::nullopt}, false};
    StoredRun& stored = ending.stored;
    bool hasFinished = false;
    // Here for all that are stored: of the program without a window, of sweeps, of the window.
    std::optional<LoadRecorder> load;
    load.emplace(LoadRecorderSetting{machineSamples(writer.folder()),
                                     [&writer](const LoadPoint& point) { writer.addLoad(point); }});
    const auto sink = [&](const Event& event) {
        if (const auto* started = std::get_if<RunStarted>(&event)) {
            stored.steps = started->firstStep;
            ending.hasStarted = true;
            if (!recording.isNew)
                takeOver(); // not before: one that cannot go on keeps its rows as they are
            else if (!setting.patch.empty())
                keepPatch(writer, setting.patch);
        }
        if (const auto* step = std::get_if<StepDone>(&event))
            stored.steps = step->step;
        if (std::holds_alternative<Finished>(event)) {
            hasFinished = true;
            load.reset(); // its last point: what comes after the event is not the run's any more
        }
        observer(event);
        watch.look();
        if (setting.listener)
            setting.listener(event);
    };
    const Result<RunSummary> summary = executeCaught(setting, request, sink);
    if (!hasFinished)
        sink(Finished{summary ? summary->status : "failed",
                      summary ? std::string() : toText(summary.error()), stored.steps});
    const Result<void> written = writer.flush();
    watch.look();
    if (summary) {
        stored.status = summary->status;
        stored.steps = summary->steps;
        stored.model = summary->model;
    }
    if (!summary)
        stored.error = summary.error();
    else if (!written)
        stored.error = written.error();
    return ending;
}

Result<void> checkCanContinue(const store::RunRow& row)
{
    const std::string run = "run " + std::to_string(row.runId);
    if (row.origin != "local" || row.status == "reported")
        return fail(ErrorCode::Usage, run + " was not computed here (" + row.origin +
                                          "): there is nothing to continue");
    if (row.status == "finished")
        return fail(ErrorCode::Usage, run + " is finished: there is nothing to continue",
                    "Its model is in " + row.folder + "/model");
    return {};
}

RunRequest requestOf(const StoredRunSetting& setting)
{
    RunRequest request;
    request.trace = setting.trace;
    request.stop = setting.stop;
    return request;
}

/// Evaluations before a resume state that the run's folder has and the project does not: those of
/// a project that was put back from a copy.
std::vector<metrics::EvaluationRecord>
lostRecords(const fs::path& folder, const std::vector<metrics::EvaluationRecord>& known,
            int finishedSessions)
{
    std::vector<metrics::EvaluationRecord> lost;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("eval-") || !name.ends_with(".json"))
            continue;
        const auto document = readJsonFile(entry.path());
        if (!document)
            continue;
        auto record = metrics::evaluationRecordFromJson(*document);
        // Epochs of the session in hand are as far as the project knows them.
        if (!record || record->session > finishedSessions ||
            (record->epoch && record->session == finishedSessions))
            continue;
        const bool isKnown = std::any_of(known.begin(), known.end(), [&](const auto& other) {
            return other.session == record->session && other.epoch == record->epoch &&
                   other.split == record->split;
        });
        if (!isKnown)
            lost.push_back(std::move(*record));
    }
    std::sort(lost.begin(), lost.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.session, a.epoch.value_or(0), a.split) <
               std::tuple(b.session, b.epoch.value_or(0), b.split);
    });
    return lost;
}

Result<Recording> recordNewRun(const spec::RunSpec& spec, const fs::path& folder,
                               const StoredRunSetting& setting,
                               const std::optional<store::TrialPlace>& trial)
{
    store::NewRun row;
    row.name = spec.name;
    row.resolvedSpec = spec::toJson(spec);
    row.configurationHash = spec::configurationHash(spec);
    row.folder = folder;
    row.environment = setting.environment;
    row.trial = trial;
    Recording recording;
    recording.request = requestOf(setting);
    recording.request.spec = spec;
    recording.isNew = true;
    CLWB_ASSIGN(recording.writer, store::RunWriter::createRun(setting.project, std::move(row)));
    recording.request.folder = recording.writer->folder();
    return recording;
}

} // namespace

Result<StoredRun> executeNewRun(const spec::RunSpec& spec, const fs::path& folder,
                                const StoredRunSetting& setting,
                                const std::optional<store::TrialPlace>& trial)
{
    CLWB_ASSIGN(Recording recording, recordNewRun(spec, folder, setting, trial));
    Ending ending = execute(recording, setting);
    // A sweep shows why its trial failed; elsewhere a mistyped path should leave no row behind.
    if (!ending.stored.error || ending.hasStarted || trial)
        return std::move(ending.stored);
    recording.writer.reset();
    CLWB_ASSIGN(store::Project project,
                store::Project::open(setting.project, store::OpenMode::ReadWrite));
    CLWB_TRY(project.purge(ending.stored.runId));
    return Failure(*ending.stored.error);
}

Result<StoredRun> executeBranch(const spec::RunSpec& spec, const fs::path& folder,
                                const BranchStart& start, const StoredRunSetting& setting)
{
    CLWB_ASSIGN(Recording recording, recordNewRun(spec, folder, setting, {}));
    recording.request.resume = true; // from the state that is written now
    recording.taken = start.records;
    if (const Result<void> written = start.write(recording.request.folder); !written) {
        recording.writer->finish("failed", toText(written.error()), 0);
        return Failure(written.error());
    }
    return execute(recording, setting).stored;
}

Result<StoredRun> executeAgain(const store::RunRow& row, const StoredRunSetting& setting)
{
    CLWB_TRY(checkCanContinue(row));
    CLWB_ASSIGN(const store::Project project,
                store::Project::open(setting.project, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const Json document, project.resolvedSpec(row.runId));
    Recording recording;
    recording.request = requestOf(setting);
    CLWB_ASSIGN(recording.request.spec, spec::runSpecFromJson(document));
    CLWB_ASSIGN(const auto found, setting.resumePoint(row.folder));
    if (!found)
        CLWB_TRY(store::checkResumeStates(project, row));
    // A run that was stopped before its first checkpoint starts again from its beginning.
    const ResumePoint point = found.value_or(ResumePoint{0, -1});
    CLWB_ASSIGN(recording.writer, store::RunWriter::resumeRun(setting.project, row.runId,
                                                              point.steps, point.sessions));
    // The others are cut off once the engine begins.
    CLWB_ASSIGN(recording.earlier, project.evaluations(row.runId));
    std::erase_if(recording.earlier,
                  [&](const auto& record) { return record.session > point.sessions; });
    recording.taken = lostRecords(row.folder, recording.earlier, point.sessions);
    recording.earlierSeconds = row.seconds.value_or(0);
    recording.request.resume = true;
    recording.request.folder = row.folder;
    return execute(recording, setting).stored;
}

} // namespace clwb::run
