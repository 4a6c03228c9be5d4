// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine was busy with during a run: rows, their JSON, and their summary.
#pragma once

#include "core/base/json.h"
#include "core/base/load_point.h"
#include "core/store/project.h"

#include <optional>
#include <vector>

namespace clwb::store
{

/// In the order of time; none of runs from before schema 5. Errors: Corrupt, Locked.
Result<std::vector<LoadPoint>> loadPoints(Database& database, int64_t runId);

struct LoadFigure
{
    double median = 0; ///< the upper one of two in the middle
    double peak = 0;
};

struct LoadSummary
{
    LoadFigure cpuPercent;
    LoadFigure memoryBytes;
    std::optional<LoadFigure> gpuPercent; ///< with gpuMemoryBytes, of the rows that have a card
    std::optional<LoadFigure> gpuMemoryBytes;
    uint64_t gpuTotalBytes = 0; ///< of the largest card
};

/// Nothing of a run without rows. Errors: as above. Cost: 20 ms for a run of a week.
Result<std::optional<LoadSummary>> loadSummary(const Project& project, int64_t runId);

/// Inside the caller's transaction. A second row for the same second takes the place of the first.
Result<void> writeLoad(Database& database, int64_t runId, const LoadPoint& point);

/// In the units of the table, so that reading it back and storing it changes nothing.
Json loadToJson(const LoadPoint& point);
/// Wrong values become errors of the reader.
LoadPoint readLoad(JsonReader& reader);

} // namespace clwb::store
