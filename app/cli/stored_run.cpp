// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stored_run.h"

#include "app/cli/output.h"
#include "core/run/store_observer.h"

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

} // namespace

Result<int> executeStored(StoredRun stored, store::RunWriter& writer, ProgressConsole& console)
{
    run::StoreObserver observer(writer, stored.earlier, stored.earlierSeconds);
    Listener listener(observer, console);
    const auto sink = [&listener](const run::Event& event) { listener(event); };
    const Result<run::RunSummary> summary = executeCaught(stored.request, sink);
    if (!listener.hasFinished()) {
        run::Finished finished;
        finished.status = summary ? summary->status : "failed";
        finished.message = summary ? "" : toText(summary.error());
        finished.steps = listener.steps();
        listener(finished);
    }
    const Result<void> written = writer.flush();
    if (!summary) {
        CLWB_TRY(printResultLine(writer, "failed", listener.steps(), {}));
        return Failure(summary.error());
    }
    CLWB_TRY(printResultLine(writer, summary->status, summary->steps, summary->model));
    if (!written)
        return Failure(written.error());
    return summary->status == "stopped" ? static_cast<int>(ErrorCode::Stopped) : 0;
}

} // namespace clwb::cli
