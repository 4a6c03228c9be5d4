// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of `clwb bench` that need a model.
#pragma once

#include "core/run/bench.h"

namespace clwb::run
{

/// A row a method, option and batch size, each with the method's default settings: seconds, FLOP/s,
/// share of the GEMM peak measured right before, the factor against the same step with all 77
/// positions, and the ratio to FT where that was measured too. Errors: Usage: unknown method.
Result<Json> benchSteps(const BenchRequest& request);
/// Forward passes of the image tower.
Result<Json> benchEncode(const BenchRequest& request);

} // namespace clwb::run
