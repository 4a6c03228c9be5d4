// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-training of a small CLIP from drawings: the command that made the demo's model.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace clwb::run
{

struct PretrainReport
{
    int64_t step = 0;
    int64_t steps = 0;
    double loss = 0;
    double accuracy = 0; ///< image→text within the batch, percent
    double learningRate = 0;
    double logitScale = 0;
    double secondsPerStep = 0;
};

/// Runs a pre-training spec (keys: docs in `clwb pretrain --help`) from its start, or from the
/// state it left behind when it was stopped. Writes a model directory `out` at each state and at
/// the end.
/// Errors: Usage (spec, `out` holds something else), Data (drawings, state), RunFailed, Stopped
/// (resumable by the same command).
Result<std::filesystem::path>
pretrainModel(const std::filesystem::path& specFile,
              const std::function<void(const PretrainReport&)>& report, const StopToken& stop);

} // namespace clwb::run
