// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-norm residual blocks of both towers (algorithms.md §3), with optional RKR scales.
#pragma once

#include "core/model/parameters.h"
#include "core/weights/clip_config.h"

#include <string>

namespace clwb::model
{

enum class Mask { None, Causal };

/// Runs all blocks below `prefix` ("vision_model.encoder" or "text_model.encoder").
/// B batch, L tokens, W width.
/// @param x  [B, L, W]
/// @return   [B, L, W]; x ← x + MHA(LN1(x)), x ← x + W2·act(W1·LN2(x)) per block; with RKR
///           x ← x ⊙ rkr_scale after the block, or the sublayer outputs scaled (§5.5)
/// Gradient: flows into x and every tensor that requires it.
at::Tensor runBlocks(const Parameters& parameters, const std::string& prefix,
                     const weights::TowerConfig& config, at::Tensor x, Mask mask);

/// LayerNorm with ε = 1e-5 over the last dimension, parameters `name`.weight and `name`.bias.
at::Tensor layerNorm(const Parameters& parameters, const std::string& name, const at::Tensor& x);

/// Rows scaled to unit L2 norm, without ε (interfaces.md §4).
/// @param x [N, D]
at::Tensor unitRows(const at::Tensor& x);

} // namespace clwb::model
