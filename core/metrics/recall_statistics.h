// SPDX-License-Identifier: GPL-3.0-or-later
// Recalls beyond the mean over folds: fold by fold, and over the seeds of a word shuffle.
#pragma once

#include "core/metrics/evaluation_record.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::metrics
{

/// Names of the six recalls, in the order of valuesOf().
inline constexpr std::array<const char*, 6> kRecallNames{"TR@1", "TR@5", "TR@10",
                                                         "IR@1", "IR@5", "IR@10"};
std::array<std::optional<double>, 6> valuesOf(const RecallSet& set);

/// Recalls of each fold in order, per cent; undefined where a fold holds no query of a direction.
/// recalls() is the unweighted mean of these.
std::vector<RecallSet> recallsPerFold(const RetrievalRecord& record);

/// Word shuffles of one retrieval set (Table II): what several seeds say together, in points.
struct ShuffleStatistics
{
    int64_t seeds = 0;
    RecallSet mean;
    RecallSet deviation; ///< of the sample (n − 1); undefined for fewer than two seeds
};
/// @param set name of the retrieval set
/// @return    0 seeds and nothing defined when the record holds no shuffle of it
ShuffleStatistics shuffleStatistics(const EvaluationRecord& record, const std::string& set);

} // namespace clwb::metrics
