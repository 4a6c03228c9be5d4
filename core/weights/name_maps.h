// SPDX-License-Identifier: GPL-3.0-or-later
// Tensor names of OpenAI's and open_clip's CLIP turned into Hugging Face's, used inside the
// program.
#pragma once

#include "core/weights/tensor_map.h"

#include <string>
#include <string_view>
#include <vector>

namespace clwb::weights
{

enum class NameStyle {
    HuggingFace, ///< vision_model.…, text_model.…
    OpenAi,      ///< visual.…, transformer.…
    CustomText,  ///< open_clip with the text side below `text.`
};

std::string_view nameOf(NameStyle style); ///< "Hugging Face", "OpenAI / open_clip", …

struct NameReport
{
    NameStyle style = NameStyle::HuggingFace;
    std::vector<std::string> ignored; ///< buffers that are no weights: position_ids, attn_mask, …
    std::vector<std::string> unknown; ///< names (as in the file) that no map knows; dropped
};

/// True for buffers that carry no weights in any of the namings.
bool isIgnoredBuffer(std::string_view name);

/// Renames in place: `module.` is stripped, in_proj split into q, k, v (rows 0…w−1, w…2w−1,
/// 2w…3w−1), visual.proj and text_projection transposed, logit_scale of shape [1] made a single
/// number. Errors: Data: neither naming recognised, two tensors with one name, in_proj or
/// projection of a shape that cannot be split or transposed.
Result<NameReport> toHuggingFaceNames(TensorMap& tensors);

} // namespace clwb::weights
