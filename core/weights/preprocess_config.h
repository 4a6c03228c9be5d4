// SPDX-License-Identifier: GPL-3.0-or-later
// What preprocessor_config.json says about a model's images.
#pragma once

#include "core/base/json.h"

#include <array>
#include <string_view>

namespace clwb::weights
{

/// Shorter side and centre crop `size`, then (x/255 − mean)/std for red, green, blue.
struct PreprocessConfig
{
    int size = 224;
    std::array<float, 3> mean{0.48145466f, 0.4578275f, 0.40821073f};
    std::array<float, 3> std{0.26862954f, 0.26130258f, 0.27577711f};

    friend bool operator==(const PreprocessConfig&, const PreprocessConfig&) = default;
};

/// `size` may be a number or {"shortest_edge": n} or {"height": n, "width": n}; likewise
/// `crop_size`. What is absent keeps CLIP's values, the size `imageSize`. Errors: Data: wrong
/// types, std ≤ 0, sizes that differ from each other or from `imageSize`.
Result<PreprocessConfig> preprocessFromJson(const Json& json, int imageSize,
                                            std::string_view source);

Json preprocessToJson(const PreprocessConfig& config);

} // namespace clwb::weights
