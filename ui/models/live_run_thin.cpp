// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is watched for days stays small: long loss curves are thinned as the project does it.
#include "core/store/step_buckets.h"
#include "ui/models/live_run.h"

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

namespace
{

/// Replaces the finite values from `first` on by their mean at the last of them.
void meanOfSteps(LossSeries& series, double first)
{
    const auto begin = static_cast<size_t>(
        std::lower_bound(series.steps.begin(), series.steps.end(), first) - series.steps.begin());
    double sum = 0;
    size_t count = 0;
    size_t last = begin;
    for (size_t at = begin; at < series.values.size(); ++at) {
        if (std::isfinite(series.values[at])) {
            sum += series.values[at];
            ++count;
            last = at;
        }
    }
    size_t to = begin;
    for (size_t at = begin; at < series.values.size(); ++at) {
        const bool isFinite = std::isfinite(series.values[at]);
        if (isFinite && at != last)
            continue;
        series.steps[to] = series.steps[at];
        series.values[to] = isFinite ? sum / static_cast<double>(count) : series.values[at];
        ++to;
    }
    series.steps.resize(to);
    series.values.resize(to);
}

} // namespace

void LiveRun::thin(int64_t step)
{
    const int64_t width = store::stepBucketWidth(step);
    if (width == 1 || step != store::stepBucketEnd(step))
        return;
    // Buckets never span two sessions.
    auto first = static_cast<double>(step - width + 1);
    for (const SessionStart& start : sessionStarts) {
        if (start.step <= static_cast<double>(step))
            first = std::max(first, start.step);
    }
    for (auto& [name, series] : losses)
        meanOfSteps(series, first);
    const auto hasLoss = [this](double at) {
        return std::any_of(losses.begin(), losses.end(), [at](const auto& entry) {
            return std::binary_search(entry.second.steps.begin(), entry.second.steps.end(), at);
        });
    };
    const auto begin =
        std::lower_bound(stepTimes.begin(), stepTimes.end(), first,
                         [](const StepStamp& stamp, double value) { return stamp.step < value; });
    stepTimes.erase(std::remove_if(begin, stepTimes.end(),
                                   [&](const StepStamp& stamp) { return !hasLoss(stamp.step); }),
                    stepTimes.end());
}

} // namespace clwb::ui
