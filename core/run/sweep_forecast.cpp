// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/sweep_forecast.h"

#include "core/run/earlier_runs.h"

#include <algorithm>
#include <map>
#include <optional>

namespace clwb::run
{
namespace
{

struct Cost
{
    double seconds = 0;
    int64_t steps = 0;
};

/// What is left to do in a group of equally long runs.
struct Group
{
    const spec::RunSpec* example = nullptr;
    std::optional<Cost> known;      ///< of a finished run
    std::vector<int64_t> stepsDone; ///< of each run that is left
};

bool isLeft(const PlannedTrial& planned)
{
    return planned.action == TrialAction::Start || planned.action == TrialAction::Continue;
}

void count(const PlannedTrial& planned, Forecast& forecast)
{
    ++forecast.trials;
    switch (planned.action) {
    case TrialAction::Keep:
    case TrialAction::Reuse:
        ++forecast.done;
        break;
    case TrialAction::Continue:
    case TrialAction::Start:
        ++forecast.left;
        break;
    case TrialAction::Leave:
        ++forecast.failed;
        break;
    case TrialAction::Wait:
        ++forecast.waiting;
        break;
    }
}

/// Adds what the project knows of a trial's run to its group.
Result<void> look(const store::Project& project, const PlannedTrial& planned, Group& group)
{
    CLWB_ASSIGN(const int64_t steps, store::lastStep(project, *planned.runId));
    if (isLeft(planned)) {
        group.stepsDone.push_back(steps);
        return {};
    }
    CLWB_ASSIGN(const store::RunRow row, project.run(*planned.runId));
    if (row.status == "finished" && row.seconds && !group.known)
        group.known = Cost{*row.seconds, steps};
    return {};
}

Result<std::map<std::string, Group>> groupsOf(const std::vector<PlannedTrial>& plan,
                                              const SweepSetting& setting)
{
    std::map<std::string, Group> groups;
    std::optional<store::Project> project;
    for (const PlannedTrial& planned : plan) {
        Group& group = groups[costClass(planned.what.trial.spec)];
        group.example = &planned.what.trial.spec;
        if (!planned.runId) {
            group.stepsDone.push_back(0);
            continue;
        }
        if (!project) {
            CLWB_ASSIGN(project, store::Project::open(setting.project, store::OpenMode::ReadOnly));
        }
        CLWB_TRY(look(*project, planned, group));
    }
    std::erase_if(groups, [](const auto& entry) { return entry.second.stepsDone.empty(); });
    return groups;
}

std::optional<Cost> measure(const spec::RunSpec& spec)
{
    // What is wrong with it, its run will say.
    const auto estimate = estimateRun(spec);
    return estimate ? std::optional(Cost{estimate->seconds, estimate->steps}) : std::nullopt;
}

} // namespace

Result<Forecast> forecastOf(const std::vector<PlannedTrial>& plan, const SweepSetting& setting,
                            const std::function<void(int number, int count)>& measuring)
{
    Forecast forecast;
    for (const PlannedTrial& planned : plan)
        count(planned, forecast);
    CLWB_ASSIGN(auto groups, groupsOf(plan, setting));
    const auto measured = static_cast<int>(std::count_if(
        groups.begin(), groups.end(), [](const auto& entry) { return !entry.second.known; }));
    int number = 0;
    for (auto& [name, group] : groups) {
        if (!group.known && !setting.stop.stopRequested()) {
            if (measuring)
                measuring(++number, measured);
            group.known = measure(*group.example);
        }
        for (const int64_t steps : group.stepsDone) {
            if (!group.known) {
                ++forecast.unknown;
                continue;
            }
            const auto all = static_cast<double>(std::max<int64_t>(group.known->steps, 1));
            forecast.seconds +=
                group.known->seconds * std::clamp(1 - static_cast<double>(steps) / all, 0.0, 1.0);
        }
    }
    return forecast;
}

} // namespace clwb::run
