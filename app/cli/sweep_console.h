// SPDX-License-Identifier: GPL-3.0-or-later
// What `sweep` and `search` have in common: options, the plan that is printed first, result lines.
#pragma once

#include "app/cli/command.h"
#include "app/cli/progress_console.h"
#include "core/run/search_runner.h"
#include "core/run/sweep_forecast.h"
#include "core/run/sweep_runner.h"

#include <optional>
#include <string>
#include <vector>

namespace clwb::cli
{

/// --set, --preset, --retry-failed, --again, --dry-run, --db, --progress.
std::vector<OptionDef> sweepOptions();
spec::SweepOverrides sweepOverrides(const Arguments& arguments);
/// What those options, the signals and the environment say.
run::SweepSetting sweepSetting(const Arguments& arguments, const StopToken& stop);

/// Warnings of the file, and a word on the preset that suits the study when none was chosen.
void noteSweep(const std::vector<std::string>& notes, const Json& document,
               const spec::RunSpec& spec, const Arguments& arguments);

/// Numbers of --trials 1,3-5; nothing when it is not given. Errors: Usage, also on numbers that the
/// sweep has not.
Result<std::vector<int>> readTrials(const Arguments& arguments, const spec::Sweep& sweep);

/// Says first how many runs there are and how long they will take. Nothing with --progress none.
Result<void> announce(const run::SweepRunner& runner, const std::vector<int>& trials,
                      const Arguments& arguments);
/// --dry-run: every trial with what would be done, and the forecast.
Result<int> printPlan(const run::SweepRunner& runner, const std::vector<int>& trials);

/// Shows runs on the console and prints one result line a trial on stdout. The console must outlive
/// the listener. @param trials how many there are
run::SweepListener sweepListener(ProgressConsole& console, int trials);

/// Exit status of a sweep. Errors: RunFailed naming what failed, Locked when other programs are at
/// trials.
Result<int> sweepStatus(const run::SweepOutcome& outcome, const std::string& what);

} // namespace clwb::cli
