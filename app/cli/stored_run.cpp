// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stored_run.h"

#include "app/cli/environment.h"
#include "app/cli/output.h"
#include "core/run/resume_point.h"
#include "core/run/runner.h"
#include "core/run/store_observer.h"
#include "core/store/run_writer.h"

#include <new>
#include <optional>

namespace clwb::cli
{
namespace
{

// Hands every event on and remembers what the result line needs.
class Listener
{
public:
    Listener(run::StoreObserver& observer, ProgressConsole& console)
        : m_observer(observer)
        , m_console(console)
    {
    }

    void operator()(const run::Event& event)
    {
        if (const auto* started = std::get_if<run::RunStarted>(&event))
            m_steps = started->firstStep;
        if (const auto* step = std::get_if<run::StepDone>(&event))
            m_steps = step->step;
        if (std::holds_alternative<run::Finished>(event))
            m_finished = true;
        m_observer(event);
        m_console.show(event);
    }

    [[nodiscard]] int64_t steps() const { return m_steps; }
    [[nodiscard]] bool hasFinished() const { return m_finished; }

private:
    run::StoreObserver& m_observer;
    ProgressConsole& m_console;
    int64_t m_steps = 0;
    bool m_finished = false;
};

// An exception of the engine ends this run, not the program: its state is stored like any failure.
Result<run::RunSummary> executeCaught(const run::RunRequest& request, const run::EventSink& sink)
{
    try {
        return run::executeRun(request, sink);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for this run",
                    "Use a smaller schedule.batch_size, or schedule.micro_batch.");
    } catch (const std::exception& problem) {
        return fail(ErrorCode::RunFailed, std::string("internal error: ") + problem.what(),
                    "The run can be resumed from its last checkpoint: clwb resume.");
    }
}

Result<void> printResultLine(const store::RunWriter& writer, const std::string& status,
                             int64_t steps, const std::filesystem::path& model)
{
    Json line{{"run_id", writer.runId()},
              {"status", status},
              {"steps", steps},
              {"dir", writer.folder().string()},
              {"model", nullptr}};
    if (!model.empty())
        line["model"] = model.string();
    return writeResult(line.dump() + "\n");
}

struct StoredRun
{
    run::RunRequest request; ///< folder is that of the writer
    std::vector<metrics::EvaluationRecord> earlier; ///< of a resumed run
    double earlierSeconds = 0;
    ResultLine line = ResultLine::Print;
};

Result<int> executeStored(const StoredRun& stored, store::RunWriter& writer,
                          ProgressConsole& console)
{
    run::StoreObserver observer(writer, stored.earlier, stored.earlierSeconds);
    Listener listener(observer, console);
    const auto sink = [&listener](const run::Event& event) { listener(event); };
    const Result<run::RunSummary> summary = executeCaught(stored.request, sink);
    if (!listener.hasFinished())
        listener(run::Finished{summary ? summary->status : "failed",
                               summary ? "" : toText(summary.error()), listener.steps()});
    const Result<void> written = writer.flush();
    if (stored.line == ResultLine::Print)
        CLWB_TRY(printResultLine(writer, summary ? summary->status : "failed",
                                 summary ? summary->steps : listener.steps(),
                                 summary ? summary->model : std::filesystem::path()));
    if (!summary)
        return Failure(summary.error());
    CLWB_TRY(written);
    return summary->status == "stopped" ? static_cast<int>(ErrorCode::Stopped) : 0;
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

} // namespace

Result<int> startRun(const spec::RunSpec& spec, const std::filesystem::path& folder,
                     const RunSetting& setting, ProgressConsole& console)
{
    store::NewRun row;
    row.name = spec.name;
    row.resolvedSpec = spec::toJson(spec);
    row.configurationHash = spec::configurationHash(spec);
    row.folder = folder;
    row.environment = environmentJson(ownCommandLine());
    CLWB_ASSIGN(const auto writer, store::RunWriter::createRun(setting.project, std::move(row)));
    StoredRun stored;
    stored.request.spec = spec;
    stored.request.folder = writer->folder();
    stored.request.trace = setting.trace;
    stored.request.stop = setting.stop;
    stored.line = setting.line;
    return executeStored(stored, *writer, console);
}

Result<int> continueRun(const store::RunRow& row, const RunSetting& setting,
                        ProgressConsole& console)
{
    CLWB_TRY(checkCanContinue(row));
    CLWB_ASSIGN(const store::Project project,
                store::Project::open(setting.project, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const Json document, project.resolvedSpec(row.runId));
    StoredRun stored;
    CLWB_ASSIGN(stored.request.spec, spec::runSpecFromJson(document));
    // Without a checkpoint the run starts again from its beginning.
    CLWB_ASSIGN(const auto found, run::findResumePoint(row.folder));
    const run::ResumePoint point = found.value_or(run::ResumePoint{0, -1});
    CLWB_ASSIGN(const auto writer, store::RunWriter::resumeRun(setting.project, row.runId,
                                                               point.steps, point.sessions));
    // Only now: the writer has cut the records back to the checkpoint.
    CLWB_ASSIGN(stored.earlier, project.evaluations(row.runId));
    stored.earlierSeconds = row.seconds.value_or(0);
    stored.request.resume = true;
    stored.request.folder = row.folder;
    stored.request.trace = setting.trace;
    stored.request.stop = setting.stop;
    stored.line = setting.line;
    return executeStored(stored, *writer, console);
}

} // namespace clwb::cli
