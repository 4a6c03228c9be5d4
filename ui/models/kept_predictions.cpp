// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/kept_predictions.h"

#include <algorithm>

namespace clwb::ui
{

std::vector<KeptRun> keptRuns(const std::vector<store::PredictionEntry>& index,
                              const std::string& part)
{
    std::map<int64_t, std::map<int, int64_t>> runs;
    for (const store::PredictionEntry& entry : index) {
        // Nothing can be said of a model where there were no pictures.
        if (entry.part == part && entry.items > 0)
            runs[entry.runId][entry.session] = entry.listId;
    }
    std::vector<KeptRun> kept;
    kept.reserve(runs.size());
    for (auto& [run, lists] : runs)
        kept.push_back({run, std::move(lists)});
    return kept;
}

const KeptRun* findKept(const std::vector<KeptRun>& kept, int64_t run)
{
    const auto found = std::find_if(
        kept.begin(), kept.end(), [run](const KeptRun& candidate) { return candidate.run == run; });
    return found == kept.end() ? nullptr : &*found;
}

std::optional<PredictionPair> firstPair(const std::vector<KeptRun>& kept)
{
    if (kept.empty())
        return std::nullopt;
    const auto last = std::find_if(kept.rbegin(), kept.rend(),
                                   [](const KeptRun& run) { return run.lists.size() > 1; });
    const KeptRun& run = last == kept.rend() ? kept.back() : *last;
    return PredictionPair{{run.run, run.lists.begin()->first},
                          {run.run, run.lists.rbegin()->first}};
}

std::optional<PredictionPoint> nearestKept(const std::vector<KeptRun>& kept,
                                           const PredictionPoint& point)
{
    const KeptRun* run = findKept(kept, point.run);
    if (!run || run->lists.empty())
        return std::nullopt;
    const auto after = run->lists.upper_bound(point.session);
    return PredictionPoint{point.run,
                           after == run->lists.begin() ? after->first : std::prev(after)->first};
}

} // namespace clwb::ui
