// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluates any model on any study, outside of a run.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/metrics/evaluation_record.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::run
{

struct EvaluateRequest
{
    std::filesystem::path model;
    std::filesystem::path study;
    std::vector<std::string> what{"ut", "zs", "retrieval"}; ///< also "shuffle"
    bool requireAll = false;     ///< a part that the study lacks is an error, not a warning
    std::string split = "test";  ///< test | val
    std::string setting = "MST"; ///< OST | MST
    int finishedSessions = 0;    ///< what the record says, and its `seen` label space
    std::vector<int64_t> shuffleSeeds{0};
    std::string labelSpace = "all"; ///< all | seen
    int64_t batchSize = 100;
    int64_t threads = 0;
    std::string device = "auto";
    std::string precision = "fp32";
    StopToken stop;
    std::function<void(int64_t done, int64_t total)> progress; ///< pictures
};

struct Evaluation
{
    metrics::EvaluationRecord record;
    std::string studySha256;
    std::vector<std::string> warnings;
};

/// Errors: Usage (also when the study has nothing of the split, or lacks a part that is required),
/// Data, RunFailed, OutOfMemory, Stopped.
Result<Evaluation> evaluateModel(const EvaluateRequest& request);

} // namespace clwb::run
