// SPDX-License-Identifier: GPL-3.0-or-later
// The image tower: pixels to normalised embeddings (algorithms.md §3.1).
#pragma once

#include "core/model/parameters.h"
#include "core/weights/clip_config.h"

namespace clwb::model
{

/// @param pixels [B, 3, S, S] float32, normalised as preprocessor_config.json says
/// @return       [B, D] rows of unit length
at::Tensor encodeImages(const Parameters& parameters, const weights::ClipConfig& config,
                        const at::Tensor& pixels);

} // namespace clwb::model
