// SPDX-License-Identifier: GPL-3.0-or-later
// Values of the metrics of all runs after other sessions than the last: the best, after a given
// one, and which there are.
#pragma once

#include "core/store/project.h"

#include <set>
#include <unordered_map>
#include <utility>

namespace clwb::store
{

struct BestValue
{
    double value = 0; ///< per cent; Bwt in points: the largest
    int session = 0;  ///< after which it was reached first
    /// The last training step before that evaluation; nothing where no steps were recorded.
    std::optional<int64_t> step = {};
};

/// By run_id, then by name of v_metric.
using BestMetrics = std::unordered_map<int64_t, std::map<std::string, BestValue>>;
/// By run_id, then by session and name of v_metric.
using SessionMetrics = std::unordered_map<int64_t, std::map<std::pair<int, std::string>, double>>;
/// How many runs of each setting ("OST", "MST", "") have a value after a session.
using SessionCounts = std::map<int, std::map<std::string, int>>;

/// Session 0 is the model before training, equal for all runs of a study: it counts only where a
/// run has no other. Validation values are left out, as are trashed runs.
/// Errors: Corrupt, Locked. Cost: one pass over the metrics, about 1 s for a million values.
Result<BestMetrics> bestMetrics(const Project& project);

/// Values after the given sessions; validation values and trashed runs are left out.
/// Errors and cost as of bestMetrics().
Result<SessionMetrics> sessionMetrics(const Project& project, const std::set<int>& sessions);

/// After which sessions runs have a value of any of these names of v_metric.
/// Errors and cost as of bestMetrics().
Result<SessionCounts> evaluatedSessions(const Project& project, const std::set<std::string>& names);

} // namespace clwb::store
