// SPDX-License-Identifier: GPL-3.0-or-later
// open_clip_config.json, the configuration beside open_clip's weights.
#pragma once

#include "core/weights/clip_config.h"
#include "core/weights/preprocess_config.h"

#include <string_view>

namespace clwb::weights
{

struct OpenClipConfig
{
    ClipConfig clip;
    PreprocessConfig preprocess;
};

/// Heads and activation from `model_cfg` (`quick_gelu`, default plain GELU; vision `head_width` 64;
/// text `heads` 8), mean and deviation from `preprocess_cfg`; every size comes from the shapes.
/// Errors: Data: wrong types, shapes that give no sizes.
Result<OpenClipConfig> openClipConfigFromJson(const Json& json, const TensorMap& tensors,
                                              std::string_view source);

} // namespace clwb::weights
