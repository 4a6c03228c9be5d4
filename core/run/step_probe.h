// SPDX-License-Identifier: GPL-3.0-or-later
// Times single training steps of a model on made-up pictures: for `clwb bench` and for estimates.
#pragma once

#include "core/base/error.h"
#include "core/model/clip_model.h"
#include "core/spec/run_spec.h"

#include <cstdint>

namespace clwb::run
{

/// The shape of a step in the middle of an MST run.
struct ProbeShape
{
    int64_t batch = 100;
    int previousClasses = 10;
    int currentClasses = 10;
    int64_t promptTokens = 11; ///< SOT … EOT
};

struct ProbeResult
{
    double seconds = 0; ///< median
    double flop = 0;    ///< multiply–adds of matrix products times two, forward and backward
    double least = 0;   ///< seconds of the quickest and of the slowest timed step; of ten and more
    double most = 0;    ///< without a tenth at either end
};

/// Runs one warm-up step and up to `repeats` timed ones of spec.method and spec.option; no more
/// once they have taken `enoughSeconds`: long ones vary little.
/// Errors: OutOfMemory, RunFailed.
Result<ProbeResult> probeStep(const model::ClipModel& model, const spec::RunSpec& spec,
                              const ProbeShape& shape, int repeats, double enoughSeconds = 15);

/// Forward FLOP of one picture and of one sentence of `tokens` positions.
double imageFlop(const weights::ClipConfig& config);
double textFlop(const weights::ClipConfig& config, int64_t tokens);

/// Rate of float32 products of 2048×2048 matrices over half a second, in GFLOP/s, with the current
/// threads: as long as a step, because a single product outruns what a processor sustains.
double gemmPeak();

} // namespace clwb::run
