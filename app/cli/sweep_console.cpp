// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_console.h"

#include "app/cli/output.h"
#include "app/cli/progress_text.h"
#include "app/cli/project_access.h"
#include "app/cli/stored_run.h"
#include "app/common/build_info.h"
#include "app/common/environment.h"
#include "core/base/number_text.h"
#include "core/spec/study.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

bool isWanted(const std::vector<int>& trials, int number)
{
    return trials.empty() || std::find(trials.begin(), trials.end(), number) != trials.end();
}

Result<std::vector<run::PlannedTrial>> planOf(const run::SweepRunner& runner,
                                              const std::vector<int>& trials)
{
    CLWB_ASSIGN(auto plan, runner.plan());
    std::erase_if(plan, [&](const run::PlannedTrial& planned) {
        return !isWanted(trials, planned.what.trial.number);
    });
    return plan;
}

const char* actionText(run::TrialAction action)
{
    switch (action) {
    case run::TrialAction::Keep:
        return "done";
    case run::TrialAction::Reuse:
        return "reuse";
    case run::TrialAction::Continue:
        return "continue";
    case run::TrialAction::Start:
        return "start";
    case run::TrialAction::Leave:
        return "failed";
    case run::TrialAction::Wait:
        return "running elsewhere";
    }
    return "";
}

Json forecastJson(const run::Forecast& forecast)
{
    return Json{{"trials", forecast.trials},   {"done", forecast.done},
                {"left", forecast.left},       {"failed", forecast.failed},
                {"waiting", forecast.waiting}, {"seconds", forecast.seconds},
                {"unknown", forecast.unknown}};
}

std::string forecastText(const run::Forecast& forecast)
{
    std::string text = std::to_string(forecast.trials) +
                       (forecast.trials == 1 ? " run, " : " runs, ") +
                       std::to_string(forecast.done) + " done";
    if (forecast.failed > 0)
        text += ", " + std::to_string(forecast.failed) + " failed (--retry-failed tries again)";
    if (forecast.waiting > 0)
        text += ", " + std::to_string(forecast.waiting) + " running in other programs";
    text += ", " + std::to_string(forecast.left) + " to run";
    const int known = forecast.left - forecast.unknown;
    if (known > 0)
        text += ", about " + durationText(forecast.seconds);
    if (forecast.unknown > 0)
        text += (known > 0 ? " and " : ", ") + std::to_string(forecast.unknown) +
                (forecast.unknown == 1 ? " run" : " runs") + " of unknown length";
    return text;
}

std::string nameOf(const run::PlannedTrial& planned)
{
    return planned.what.trial.spec.name;
}

} // namespace

std::vector<OptionDef> sweepOptions()
{
    return {
        {"--set", "KEY=VALUE", "a setting of every run, over the file; may be repeated", true, {}},
        {"--preset",
         "NAME",
         "starting values; study: what the study carries",
         false,
         {"paper", "demo", "study"}},
        {"--retry-failed", "", "continue runs that failed from their last checkpoint", false, {}},
        {"--again", "", "a new pass: no run that the project has stands for a new one", false, {}},
        {"--dry-run", "", "print the runs and an estimate only", false, {}},
        dbOption(),
        progressOption()};
}

spec::SweepOverrides sweepOverrides(const Arguments& arguments)
{
    return {arguments.values("--set"), arguments.valueOr("--preset", "")};
}

run::SweepSetting sweepSetting(const Arguments& arguments, const StopToken& stop)
{
    run::SweepSetting setting;
    setting.project = projectFile(arguments);
    setting.reuse = arguments.has("--again") ? run::Reuse::Nothing : run::Reuse::Runs;
    setting.failed =
        arguments.has("--retry-failed") ? run::FailedTrials::Retry : run::FailedTrials::Leave;
    setting.stop = stop;
    setting.environment = app::environmentJson("clwb", app::ownCommandLine());
    setting.patch = app::buildInfo().patch;
    return setting;
}

void noteSweep(const std::vector<std::string>& notes, const Json& document,
               const spec::RunSpec& spec, const Arguments& arguments)
{
    for (const std::string& note : notes)
        writeNote("note: " + note);
    if (arguments.has("--preset") || document.contains("preset"))
        return;
    const auto study = spec::readStudy(spec.study);
    // An unreadable study is reported by what follows.
    if (study && !study->preset.empty() && study->preset != "paper")
        writeNote("note: --preset " + study->preset +
                  " suits this study; without it the "
                  "defaults are the paper's");
}

Result<std::vector<int>> readTrials(const Arguments& arguments, const spec::Sweep& sweep)
{
    std::vector<int> numbers;
    const auto list = arguments.value("--trials");
    for (const std::string& word : splitList(list.value_or(""))) {
        const size_t dash = word.find('-');
        const auto first = parseInteger(word.substr(0, dash));
        const auto last = dash == std::string::npos ? first : parseInteger(word.substr(dash + 1));
        if (!first || !last || *first < 1 || *last < *first || *last > 1000000)
            return fail(ErrorCode::Usage,
                        "--trials: expected numbers and ranges like 1,3-5, got " + *list);
        for (long long number = *first; number <= *last; ++number)
            numbers.push_back(static_cast<int>(number));
    }
    if (list && numbers.empty())
        return fail(ErrorCode::Usage, "--trials: no number given");
    for (const int number : numbers) {
        const bool known = std::any_of(sweep.trials.begin(), sweep.trials.end(),
                                       [&](const spec::Trial& t) { return t.number == number; });
        if (!known)
            return fail(ErrorCode::Usage,
                        "--trials: the sweep has no trial " + std::to_string(number) +
                            "; its last one is " + std::to_string(sweep.trials.back().number),
                        "clwb sweep --dry-run lists them");
    }
    return numbers;
}

Result<void> announce(const run::SweepRunner& runner, const std::vector<int>& trials,
                      const Arguments& arguments)
{
    const ProgressMode mode = progressMode(arguments);
    if (mode == ProgressMode::None)
        return {};
    CLWB_ASSIGN(const auto plan, planOf(runner, trials));
    run::Forecast forecast;
    {
        ProgressConsole console(mode);
        CLWB_ASSIGN(forecast, run::forecastOf(plan, runner.setting(), [&](int number, int count) {
                        console.showWork(static_cast<double>(number - 1) / count,
                                         "measuring a step, " + std::to_string(number) + "/" +
                                             std::to_string(count));
                    }));
    }
    if (mode == ProgressMode::Json) {
        Json line{{"type", "plan"}, {"name", runner.name()}};
        line.update(forecastJson(forecast));
        writeNote(line.dump());
    } else {
        writeNote(runner.name() + ": " + forecastText(forecast));
    }
    return {};
}

Result<int> printPlan(const run::SweepRunner& runner, const std::vector<int>& trials)
{
    CLWB_ASSIGN(const auto plan, planOf(runner, trials));
    Json list = Json::array();
    for (const run::PlannedTrial& planned : plan) {
        Json trial{{"trial", planned.what.trial.number},
                   {"role", planned.what.role},
                   {"action", actionText(planned.action)},
                   {"run_id", nullptr},
                   {"varied", planned.what.trial.varied},
                   {"spec", spec::toJson(planned.what.trial.spec)}};
        if (planned.runId)
            trial["run_id"] = *planned.runId;
        list.push_back(std::move(trial));
    }
    CLWB_ASSIGN(const run::Forecast forecast, run::forecastOf(plan, runner.setting()));
    CLWB_TRY(writeResult(Json{{"name", runner.name()},
                              {"trials", std::move(list)},
                              {"estimate", forecastJson(forecast)}}
                             .dump(2) +
                         "\n"));
    writeNote(runner.name() + ": " + forecastText(forecast));
    return 0;
}

run::SweepListener sweepListener(ProgressConsole& console, int trials)
{
    run::SweepListener listener;
    listener.started = [&console, trials](const run::PlannedTrial& planned) {
        const int number = planned.what.trial.number;
        console.startPart(number, std::max(trials, number), nameOf(planned));
    };
    listener.event = [&console](const run::Event& event) { console.show(event); };
    listener.ended = [&console](const run::EndedTrial& ended) -> Result<void> {
        Json line = resultLine(ended.run);
        line["trial"] = ended.planned.what.trial.number;
        if (ended.planned.what.role != "trial")
            line["role"] = ended.planned.what.role;
        if (ended.planned.action == run::TrialAction::Reuse)
            line["reused"] = true;
        if (ended.run.error && ended.planned.action != run::TrialAction::Leave)
            console.show(run::Warning{"failed: " + toText(*ended.run.error)});
        console.setLabel("");
        console.endStatus();
        return writeResult(line.dump() + "\n");
    };
    return listener;
}

Result<int> sweepStatus(const run::SweepOutcome& outcome, const std::string& what)
{
    if (outcome.stopped) {
        writeNote("stopped; the same command continues");
        return static_cast<int>(ErrorCode::Stopped);
    }
    if (!outcome.failed.empty()) {
        std::string list;
        for (const run::FailedTrial& trial : outcome.failed)
            list += "\n  trial " + std::to_string(trial.number) + " (run " +
                    std::to_string(trial.runId) + "): " + trial.error.message;
        return fail(ErrorCode::RunFailed,
                    what + ": " + std::to_string(outcome.failed.size()) +
                        (outcome.failed.size() == 1 ? " run failed:" : " runs failed:") + list,
                    "The same command with --retry-failed tries them again.");
    }
    if (!outcome.waiting.empty()) {
        std::string list;
        for (const int number : outcome.waiting)
            list += (list.empty() ? "" : ", ") + std::to_string(number);
        return fail(ErrorCode::Locked, what + ": other programs are at trial " + list,
                    "Give the same command again when they have ended.");
    }
    return 0;
}

} // namespace clwb::cli
