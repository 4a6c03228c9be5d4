// SPDX-License-Identifier: GPL-3.0-or-later
// clwb sweep: many runs out of one file: grid, list or random values.
#include "app/cli/command.h"
#include "app/cli/signals.h"
#include "app/cli/sweep_console.h"

namespace clwb::cli
{
namespace
{

Result<int> runSweep(const Arguments& arguments)
{
    const StopToken stop = stopOnSignals(); // from the first moment on
    CLWB_ASSIGN(const spec::Sweep sweep,
                spec::readSweep(arguments.positionals()[0], sweepOverrides(arguments)));
    CLWB_ASSIGN(const std::vector<int> trials, readTrials(arguments, sweep));
    noteSweep(sweep.notes, sweep.document, sweep.trials.front().spec, arguments);
    run::SweepSetting setting = sweepSetting(arguments, stop);
    setting.onFailure = sweep.onFailure;
    if (const auto out = arguments.value("--out"))
        setting.folder = std::filesystem::absolute(*out);
    CLWB_ASSIGN(run::SweepRunner runner,
                run::SweepRunner::create(setting, run::definitionOf(sweep)));
    if (arguments.has("--dry-run"))
        return printPlan(runner, trials);
    CLWB_TRY(announce(runner, trials, arguments));
    run::SweepOutcome outcome;
    {
        ProgressConsole console(progressMode(arguments));
        const auto listener = sweepListener(console, sweep.trials.back().number);
        CLWB_ASSIGN(outcome, runner.run(trials, listener));
    }
    return sweepStatus(outcome, "sweep " + sweep.name);
}

} // namespace

Command describe_sweep()
{
    std::vector<OptionDef> options = sweepOptions();
    options.push_back({"--trials", "LIST", "only these trials: 1,3-5", false, {}});
    options.push_back(
        {"--out", "DIR", "run folders are DIR/trial-N (default: beside the project)", false, {}});
    return {
        12,
        "sweep",
        "Runs a grid, a list or random values of settings",
        {{"SWEEP.json"}},
        std::move(options),
        R"(SWEEP.json: {"schema": 1, "base": {…spec…} or "spec.json", "mode": "grid", "grid": {…}}
  base        settings of every run; paths are relative to the file they stand in
  mode        grid: every combination of "grid": {"method": ["ft", "lwf"], "seed": [0, 1]},
                the last key varying fastest
              list: "list": [{"method": "ft"}, {"method": "lwf", "params.beta": 3}]
              random: "random": {"trials": 20, "seed": 0, "space": {"params.beta":
                {"log_uniform": [0.1, 10]}}}; also uniform, integer, choice
  seeds       [0, 1, 2]: each of them once a seed
  preset      paper, demo, or study: the values that the study carries
  on_failure  continue (default): one failed run does not stop the others; or stop
  name        of the sweep (default: the file's name)

One JSON line a run on stdout, as of clwb run, with its trial. The same command again
continues: finished runs are kept, stopped ones go on from their checkpoint, failed ones only
with --retry-failed; a run of equal settings, seed, data and model that the project has is
taken as it is. Ctrl+C stops after the batch (status 75). Status 1 when runs failed.)",
        "clwb sweep resources/studies/table4.json --set model=resources/mini-clip \\\n"
        "           --set study=clwb-demo/world/study.json",
        runSweep};
}

} // namespace clwb::cli
