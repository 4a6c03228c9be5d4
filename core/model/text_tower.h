// SPDX-License-Identifier: GPL-3.0-or-later
// The text tower: token ids to normalised embeddings (algorithms.md §3.2), context cropped.
#pragma once

#include "core/model/parameters.h"
#include "core/weights/clip_config.h"

#include <cstdint>
#include <vector>

namespace clwb::model
{

/// Sentences as token ids SOT … EOT, unpadded, each at most `context` long.
using Sentences = std::vector<std::vector<int32_t>>;

enum class ContextCrop {
    Longest, ///< only as many positions as the longest sentence needs
    Full,    ///< all positions of the model, zero padded; the reference
};

/// The mask is causal and only the first EOT position is read, so cropping is exact (§11).
/// @param sentences N of them, N ≥ 1
/// @return          [N, D] rows of unit length
at::Tensor encodeTexts(const Parameters& parameters, const weights::ClipConfig& config,
                       const Sentences& sentences, ContextCrop crop = ContextCrop::Longest);

} // namespace clwb::model
