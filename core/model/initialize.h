// SPDX-License-Identifier: GPL-3.0-or-later
// Random weights for a configuration: the start of pre-training, and models of real size for tests.
#pragma once

#include "core/model/parameters.h"
#include "core/weights/clip_config.h"

#include <cstdint>

namespace clwb::model
{

/// CLIP's initialisation: normal weights with widths' and depths' scales, zero biases, unit
/// LayerNorms, ln τ = `logitScale`. A function of (config, seed); one random stream a tensor.
Parameters randomParameters(const weights::ClipConfig& config, uint64_t seed, double logitScale);

} // namespace clwb::model
