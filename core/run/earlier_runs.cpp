// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/earlier_runs.h"

#include "core/base/json.h"
#include "core/model/device.h"
#include "core/store/step_rows.h"

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <numeric>
#include <sstream>
#include <utility>

namespace clwb::run
{
namespace
{

constexpr size_t kMostTold = 5;   // runs that an estimate is made of
constexpr size_t kMostRead = 100; // whose settings are looked at

/// costClass() for runs that may differ in their number of epochs, too.
std::string likeness(spec::RunSpec spec)
{
    spec.schedule.epochs = 1;
    spec.threads = model::threadsFor(spec.threads); // a stored run says how many "all" were
    spec.branchedFrom.reset();
    return costClass(spec);
}

bool mayBeLike(const store::RunRow& row, const spec::RunSpec& spec)
{
    return row.status == "finished" && row.origin == "local" && row.seconds &&
           row.kind == spec.kind && row.method == spec.method && row.option == spec.option &&
           row.setting == spec.setting && row.study == spec.study.string() &&
           row.model == spec.model.string();
}

/// Whether the part that the steps' times are of can be the whole run: one that was stopped before
/// its first checkpoint began again, and its seconds hold both. Loading lies before `beganMs`.
bool isOnePart(const store::RunRow& row, int64_t beganMs)
{
    constexpr double kLoadingSeconds = 10;
    constexpr double kLoadingShare = 0.1;
    std::tm ended{};
    std::istringstream text(row.finishedUtc);
    if (!(text >> std::get_time(&ended, "%Y-%m-%dT%H:%M:%S")))
        return true;
    const double part = static_cast<double>(timegm(&ended)) - static_cast<double>(beganMs) / 1000.0;
    return *row.seconds <= part + kLoadingSeconds + kLoadingShare * *row.seconds;
}

/// The slowest tenth counts as the step before it: there first steps, checkpoints and other
/// programs show. A median would take the small last batches of epochs for whole ones, or the
/// reverse.
double steadyMean(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const size_t kept = values.size() - values.size() / 10;
    std::fill(values.begin() + static_cast<std::ptrdiff_t>(kept), values.end(), values[kept - 1]);
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// What a finished run spent.
struct RunTimes
{
    int64_t steps = 0;
    double perStep = 0;
    double rest = 0; ///< loading, evaluations, checkpoints: everything else
    int64_t epochs = 0;
    int64_t evaluations = 0;
};

/// Nothing where the times do not tell: of a continued run they are those of its last part.
std::optional<RunTimes> timesOf(const std::vector<store::StepRow>& rows, double seconds,
                                bool evaluatesEpochs)
{
    if (rows.empty())
        return RunTimes{0, 0, seconds, 0, 0};
    std::vector<double> steps;
    for (size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].time || rows[i].time->beganMs != rows.front().time->beganMs)
            return std::nullopt;
        if (i == 0)
            continue;
        const store::StepRow& before = rows[i - 1];
        // Between sessions, and epochs where they are evaluated, there is more than a step.
        if (rows[i].session == before.session &&
            (rows[i].epoch == before.epoch || !evaluatesEpochs) && rows[i].step > before.step)
            steps.push_back(static_cast<double>(rows[i].time->workMs - before.time->workMs) /
                            1000.0 / static_cast<double>(rows[i].step - before.step));
    }
    if (steps.empty())
        return std::nullopt;
    RunTimes times;
    times.steps = rows.back().step;
    times.perStep = steadyMean(std::move(steps));
    times.rest = std::max(0.0, seconds - times.perStep * static_cast<double>(times.steps));
    return times;
}

/// How many evaluations a whole run of that many sessions makes.
int64_t evaluationsOf(const spec::RunSpec& spec, int64_t sessions)
{
    if (spec.evaluate.after == "never")
        return 0;
    if (spec.evaluate.after == "run")
        return 2;
    return 1 + sessions + (spec.evaluate.after == "epoch" ? sessions * spec.schedule.epochs : 0);
}

double secondsBy(const RunTimes& times, const spec::RunSpec& spec, const PlannedWork& work)
{
    // The rest is mostly evaluations. Their number is another only where epochs are evaluated, or
    // where a part of the run is done already.
    const bool isOther =
        work.isBranch || (spec.evaluate.after == "epoch" && times.epochs != spec.schedule.epochs);
    const double share =
        isOther && times.evaluations > 0
            ? static_cast<double>(work.evaluations) / static_cast<double>(times.evaluations)
            : 1;
    return static_cast<double>(work.steps) * times.perStep + share * times.rest;
}

} // namespace

std::string costClass(const spec::RunSpec& spec)
{
    Json document = spec::toJson(spec);
    // Without its weight the distillation is not computed at all, nor what it needs.
    document["distils"] = spec.params.beta != 0;
    for (const char* key : {"name", "seed", "on_nan"})
        document.erase(key);
    for (const char* key : {"beta", "alpha", "temperature", "rkr_lr"})
        document["params"].erase(key);
    for (const char* key : {"lr", "drop_after_epoch", "drop_factor"})
        document["schedule"].erase(key);
    document.erase("optimizer");
    return document.dump();
}

std::vector<store::RunRow> candidatesLike(const std::vector<store::RunRow>& rows,
                                          const spec::RunSpec& spec)
{
    std::vector<store::RunRow> candidates;
    for (auto row = rows.rbegin(); row != rows.rend() && candidates.size() < kMostRead; ++row) {
        if (mayBeLike(*row, spec))
            candidates.push_back(*row);
    }
    return candidates;
}

Result<std::optional<EarlierTimes>> timesOfEarlierRuns(const store::Project& project,
                                                       const std::vector<store::RunRow>& candidates,
                                                       const spec::RunSpec& spec,
                                                       const PlannedWork& work)
{
    const std::string wanted = likeness(spec);
    std::vector<double> seconds;
    for (const store::RunRow& row : candidates) {
        if (seconds.size() >= kMostTold)
            break;
        CLWB_ASSIGN(const Json document, project.resolvedSpec(row.runId));
        const auto earlier = spec::runSpecFromJson(document);
        if (!earlier || earlier->branchedFrom || likeness(*earlier) != wanted)
            continue;
        CLWB_ASSIGN(const auto steps, store::stepRows(project, row.runId));
        auto times = timesOf(steps, *row.seconds, spec.evaluate.after == "epoch");
        if (!times || (times->steps == 0 && work.steps > 0) ||
            (!steps.empty() && !isOnePart(row, steps.front().time->beganMs)))
            continue;
        times->epochs = earlier->schedule.epochs;
        times->evaluations = evaluationsOf(*earlier, std::max(1, row.sessions));
        seconds.push_back(secondsBy(*times, spec, work));
    }
    if (seconds.empty())
        return std::optional<EarlierTimes>();
    std::sort(seconds.begin(), seconds.end());
    return EarlierTimes{static_cast<int>(seconds.size()), seconds[seconds.size() / 2],
                        seconds.front(), seconds.back()};
}

} // namespace clwb::run
