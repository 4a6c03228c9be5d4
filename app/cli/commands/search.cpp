// SPDX-License-Identifier: GPL-3.0-or-later
// clwb search: the paper's choice of α or β on the validation split.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "app/cli/sweep_console.h"
#include "core/base/file.h"

namespace clwb::cli
{
namespace
{

Result<int> runSearchCommand(const Arguments& arguments)
{
    const StopToken stop = stopOnSignals(); // from the first moment on
    if (const auto out = arguments.value("--out"))
        CLWB_TRY(requireNoProject(*out));
    CLWB_ASSIGN(const spec::Search search,
                spec::readSearch(arguments.positionals()[0], sweepOverrides(arguments)));
    noteSweep(search.notes, search.document, search.base, arguments);
    CLWB_TRY(run::checkValidationSplit(search, stop));
    CLWB_ASSIGN(run::SweepRunner runner,
                run::SweepRunner::create(sweepSetting(arguments, stop), run::definitionOf(search)));
    if (arguments.has("--dry-run"))
        return printPlan(runner, {});
    CLWB_TRY(announce(runner, {}, arguments));
    const auto end =
        arguments.has("--candidates-only") ? run::SearchEnd::Candidates : run::SearchEnd::Winner;
    run::SearchOutcome outcome;
    {
        ProgressConsole console(progressMode(arguments));
        const auto listener = sweepListener(console, static_cast<int>(search.values.size()));
        CLWB_ASSIGN(outcome, run::runSearch(runner, search, end, listener,
                                            [&console](const std::string& text) {
                                                console.showWork(0, text);
                                            }));
    }
    if (!outcome.runs.stopped && outcome.runs.waiting.empty()) {
        const std::string line = outcome.record.dump() + "\n";
        if (const auto out = arguments.value("--out"))
            CLWB_TRY(writeFileAtomically(*out, outcome.record.dump(2) + "\n"));
        CLWB_TRY(writeResult(line));
    }
    return sweepStatus(outcome.runs, "search " + search.name);
}

} // namespace

Command describe_search()
{
    std::vector<OptionDef> options = sweepOptions();
    options.push_back(outOption("also write the record into this file"));
    options.push_back({"--candidates-only",
                       "",
                       "choose, but do not run the winner on the test split",
                       false,
                       {}});
    return {
        14,
        "search",
        "Chooses α or β by A-Acc on the validation split, as the paper does",
        {{"SEARCH.json"}},
        std::move(options),
        R"(SEARCH.json: {"schema": 1, "base": {…spec…} or "spec.json", "parameter": "params.beta"}
  base       the run whose parameter is searched: one method, option, setting, seed
  parameter  default: params.alpha of imm, params.beta of lwf, geodl and vr-lwf
  values     candidates; default: α 0.1 to 0.9, β 0.1 0.3 1 3 10, GeoDL 1 3 10 30 100
  refine     true: then also the best value times and divided by √3
  preset, name as in a sweep

Every candidate is trained and evaluated on the validation split alone: not even a list of the
test split is loaded. The best A-Acc after the last session wins, ties go to the larger ZS-Acc.
Of IMM in OST one training serves every α: its end is interpolated with the original model.
The winner is then trained again, bit for bit, and evaluated as the base says, test split
included; it stands in tables like any run. One JSON line a run on stdout, the record with all
candidates last; the project keeps it, too. The same command again continues.)",
        "clwb search search-beta.json --set study=clwb-demo/world/study.json \\\n"
        "           --set model=resources/mini-clip --preset demo --out beta.json",
        runSearchCommand};
}

} // namespace clwb::cli
