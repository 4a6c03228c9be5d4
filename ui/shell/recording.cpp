// SPDX-License-Identifier: GPL-3.0-or-later
// Performs an order on the training thread and records every event in the project.
#include "core/run/stored_branch.h"
#include "ui/shell/orders.h"
#include "ui/shell/sweep_orders.h"

namespace clwb::ui
{

namespace
{

run::StoredRunSetting settingOf(const Engine& engine, const RunOrder& order,
                                const run::RunRequest& request, const run::EventSink& sink)
{
    run::StoredRunSetting setting;
    setting.project = order.project;
    setting.stop = request.stop;
    setting.environment = engine.environment;
    setting.patch = engine.patch;
    setting.execute = engine.execute;
    setting.resumePoint = engine.findResumePoint;
    setting.listener = [&sink](const run::Event& event) {
        // The window learns the end last, when everything is on disk.
        if (!std::holds_alternative<run::Finished>(event))
            sink(event);
    };
    return setting;
}

Result<run::StoredRun> startNew(const RunOrder& order, const run::StoredRunSetting& setting)
{
    CLWB_ASSIGN(const spec::RunSpec spec, order.makeSpec(setting.stop));
    return run::executeNewRun(spec, {}, setting);
}

Result<run::StoredRun> startBranch(const RunOrder& order, const run::StoredRunSetting& setting)
{
    CLWB_ASSIGN(const spec::RunSpec spec, order.makeSpec(setting.stop));
    const auto prepare = [&]() -> Result<run::PreparedBranch> {
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(setting.project, store::OpenMode::ReadOnly));
        return run::prepareBranch(project, order.branch->runId, order.branch->session,
                                  [&](const Json&) -> Result<spec::ResolveResult> {
                                      return spec::ResolveResult{spec, {}};
                                  });
    };
    CLWB_ASSIGN(const run::PreparedBranch branch, prepare());
    return run::executeBranch(branch.spec, {}, branch.start, setting);
}

Result<run::StoredRun> startAgain(int64_t runId, const run::StoredRunSetting& setting)
{
    const auto readRow = [&]() -> Result<store::RunRow> {
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(setting.project, store::OpenMode::ReadOnly));
        return project.run(runId);
    };
    CLWB_ASSIGN(const store::RunRow row, readRow());
    return run::executeAgain(row, setting);
}

} // namespace

Launcher recordingLauncher(const Engine& engine, StoreProblemSink onStoreProblem)
{
    return [engine, onStoreProblem = std::move(onStoreProblem)](
               const RunOrder& order, const run::RunRequest& request, const run::EventSink& sink,
               const std::function<void(int64_t)>& rowKnown) -> Result<run::RunSummary> {
        sink(run::Progress{});
        if (order.sweep)
            return performSweepOrder(engine, order, request, sink, rowKnown);
        run::StoredRunSetting setting = settingOf(engine, order, request, sink);
        setting.onRunId = rowKnown;
        setting.onStoreProblem = onStoreProblem;
        CLWB_ASSIGN(const run::StoredRun stored, order.continueRun
                                                     ? startAgain(*order.continueRun, setting)
                                                 : order.branch ? startBranch(order, setting)
                                                                : startNew(order, setting));
        if (stored.error)
            return Failure(*stored.error);
        return run::RunSummary{stored.status, stored.steps, stored.model, {}};
    };
}

} // namespace clwb::ui
