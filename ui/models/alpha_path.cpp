// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alpha_path.h"

#include <algorithm>
#include <memory>

namespace clwb::ui
{
namespace
{

Result<std::optional<store::Predictions>>
keptPredictions(const store::Project& project, const PathPoint& point, const std::string& part)
{
    auto kept = store::predictions(project, point.recordedRun, point.session, part);
    if (kept)
        return std::optional(std::move(*kept));
    if (kept.error().code == ErrorCode::Usage)
        return std::optional<store::Predictions>();
    return Failure(kept.error());
}

Result<std::optional<OutcomeCounts>> flipsOf(const store::Project& project, const PathPoint& from,
                                             const PathPoint& to, const std::string& part)
{
    CLWB_ASSIGN(std::optional<store::Predictions> before, keptPredictions(project, from, part));
    CLWB_ASSIGN(std::optional<store::Predictions> after, keptPredictions(project, to, part));
    if (!before || !after || before->listId != after->listId ||
        before->truthRanks.size() != after->truthRanks.size())
        return std::optional<OutcomeCounts>();
    const size_t count = before->truthRanks.size();
    const ImagePair pair{{},
                         std::make_shared<const store::Predictions>(std::move(*before)),
                         std::make_shared<const store::Predictions>(std::move(*after))};
    OutcomeCounts counts;
    for (size_t item = 0; item < count; ++item)
        ++counts[pair.outcomeOf(item)];
    return std::optional(counts);
}

} // namespace

std::vector<AlphaPath> alphaPaths(const std::vector<store::RunRow>& rows,
                                  const std::vector<int64_t>& runIds)
{
    std::vector<AlphaPath> paths;
    for (const PathPoint& point : pathPoints(rows, runIds)) {
        auto path = std::find_if(paths.begin(), paths.end(), [&point](const AlphaPath& known) {
            return known.runId == point.runId && known.part == point.part;
        });
        if (path == paths.end())
            path = paths.insert(path, AlphaPath{point.runId, point.part, {}});
        std::vector<PathPoint>& points = path->points;
        if (points.empty() || points.back().alpha != point.alpha)
            points.push_back(point);
        else if (points.back().recordedRun < point.recordedRun)
            points.back() = point;
    }
    std::erase_if(paths, [](const AlphaPath& path) { return path.points.size() < 2; });
    return paths;
}

Result<AlphaFlips> readAlphaFlips(const store::Project& project, const PathPoint& from,
                                  const PathPoint& to)
{
    AlphaFlips flips;
    CLWB_ASSIGN(flips.ut, flipsOf(project, from, to, "ut"));
    CLWB_ASSIGN(flips.zs, flipsOf(project, from, to, "zs"));
    return flips;
}

} // namespace clwb::ui
