// SPDX-License-Identifier: GPL-3.0-or-later
// The program measures itself: training steps, encoders, preprocessing, project file.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::run
{

struct BenchRequest
{
    std::vector<std::string> what{"step", "encode", "preprocess", "store"};
    std::string size = "b32"; ///< mini | b32 | b16 | l14: a random model of that size
    std::vector<int64_t> batches{16, 100};
    std::vector<std::string> methods; ///< ids for `step`; empty: all
    std::filesystem::path photos; ///< folder of JPEG photos for `preprocess`; empty: generated ones
    int64_t threads = 0;
    int repeats = 3; ///< the median counts
    StopToken stop;
    std::function<void(const std::string& line)> progress;
};

/// Figures as one JSON object; speeds are ratios to the GEMM peak measured in the same call.
Result<Json> runBench(const BenchRequest& request);

} // namespace clwb::run
