// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes and activations of a CLIP model: from config.json, or inferred from tensor shapes.
#pragma once

#include "core/base/json.h"
#include "core/weights/tensor_map.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::weights
{

enum class Activation { QuickGelu, Gelu };

std::string_view nameOf(Activation activation); ///< "quick_gelu", "gelu"

/// One transformer tower.
struct TowerConfig
{
    int64_t width = 0;
    int64_t heads = 0;
    int64_t layers = 0;
    int64_t mlp = 0;
    Activation activation = Activation::QuickGelu;
    int64_t patch = 0;      ///< image tower
    int64_t imageSize = 0;  ///< image tower, pixels
    int64_t context = 0;    ///< text tower, positions
    int64_t vocabulary = 0; ///< text tower

    friend bool operator==(const TowerConfig&, const TowerConfig&) = default;
};

struct ClipConfig
{
    TowerConfig vision;
    TowerConfig text;
    int64_t projection = 0; ///< joint embedding width D

    friend bool operator==(const ClipConfig&, const ClipConfig&) = default;
};

/// A tensor that a model of some configuration must have.
struct ExpectedTensor
{
    std::string name;
    Shape shape;
};

/// Sizes from tensor shapes (Hugging Face names): patch, image size, context, layers, …;
/// heads = width/64, QuickGELU. Errors: Data: a tensor that a size is read from is missing or has
/// another number of dimensions.
Result<ClipConfig> inferConfig(const TensorMap& tensors);

/// Hugging Face's config.json; sizes it lacks come from the shapes, heads from Hugging Face's
/// defaults (vision 12, text 8), `hidden_act` defaults to `quick_gelu`.
/// Errors: Data: wrong types or values, unknown activation, width not divisible by heads.
Result<ClipConfig> configFromJson(const Json& json, const TensorMap& tensors,
                                  std::string_view source);

/// config.json as Hugging Face's CLIPModel reads it.
Json configToJson(const ClipConfig& config);

/// Every tensor of such a model, bytewise by name.
std::vector<ExpectedTensor> expectedTensors(const ClipConfig& config);

/// How a set of tensors differs from what a configuration expects.
struct TensorDifferences
{
    std::vector<std::string> missing;
    std::vector<std::string> unexpected;
    std::vector<std::string> misshaped; ///< "name: expected [2, 3], got [3, 2]"
};

TensorDifferences compareTensors(const ClipConfig& config, const TensorMap& tensors);

/// One error for all differences: the first 10 names of each kind and the counts.
/// Errors: Data when there is any difference.
Result<void> refuseDifferences(const TensorDifferences& differences, std::string_view source);

/// Number of parameters.
int64_t parameterCount(const ClipConfig& config);

} // namespace clwb::weights
