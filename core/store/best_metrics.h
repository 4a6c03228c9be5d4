// SPDX-License-Identifier: GPL-3.0-or-later
// The best value that each metric of each run had after any session.
#pragma once

#include "core/store/project.h"

#include <unordered_map>

namespace clwb::store
{

struct BestValue
{
    double value = 0; ///< per cent; Bwt in points: the largest
    int session = 0;  ///< after which it was reached first
};

/// By run_id, then by name of v_metric.
using BestMetrics = std::unordered_map<int64_t, std::map<std::string, BestValue>>;

/// Session 0 is the model before training, equal for all runs of a study: it counts only where a
/// run has no other. Validation values are left out, as are trashed runs.
/// Errors: Corrupt, Locked. Cost: one pass over the metrics, about 1 s for a million values.
Result<BestMetrics> bestMetrics(const Project& project);

} // namespace clwb::store
