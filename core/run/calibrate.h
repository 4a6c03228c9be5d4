// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluates a model on a study and holds it against published numbers (algorithms.md §12.3).
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/report/calibration.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::run
{

struct CalibrateRequest
{
    std::filesystem::path model;
    std::filesystem::path study;
    int64_t batchSize = 100;
    int64_t threads = 0;
    std::string device = "auto";
    StopToken stop;
    std::function<void(int64_t done, int64_t total)> progress; ///< pictures
};

struct Calibration
{
    report::CalibrationReport report;
    std::vector<std::string> warnings;
};

/// Numbers that the study does not measure are skipped with the reason; what any model must show is
/// checked always: whole embeddings of unit length, distinct prompts, better than guessing, recalls
/// that rise. Always in fp32.
/// Errors: Usage, Data, RunFailed, OutOfMemory, Stopped.
Result<Calibration> calibrateModel(const CalibrateRequest& request);

} // namespace clwb::run
