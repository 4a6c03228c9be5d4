// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are complete when they are stored: evaluated foreign checkpoints, reported numbers.
#pragma once

#include "core/base/json.h"
#include "core/metrics/evaluation_details.h"
#include "core/metrics/evaluation_record.h"
#include "core/store/project.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

/// One such run. Metrics come from the records, from `metrics`, or both.
struct FinishedRun
{
    std::string uid; ///< empty: a new one
    std::string name;
    std::string origin = "imported";
    std::string status = "finished"; ///< finished | reported
    Json spec = Json::object();      ///< keys of interfaces.md section 3, as far as known
    Json environment = Json::object();
    std::string configurationHash;
    std::string notes;
    std::vector<std::string> tags;
    int sessions = 0;
    std::vector<metrics::EvaluationRecord> records;
    /// Of the records, in their order; null or left out: none. Of test records of whole sessions
    /// they are kept.
    std::vector<std::shared_ptr<const metrics::EvaluationDetails>> details = {};
    std::map<int, std::map<std::string, double>> metrics; ///< session → v_metric name → value
    std::optional<double> seconds;
};

/// Stores the run in one transaction and returns its number. Bwt is derived when the records hold
/// all sessions. Errors: Usage (a run of that uid exists), Locked, DiskFull.
Result<int64_t> insertFinishedRun(Project& project, const FinishedRun& run);

} // namespace clwb::store
