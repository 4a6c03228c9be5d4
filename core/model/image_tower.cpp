// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/image_tower.h"

#include "core/base/check.h"
#include "core/model/transformer.h"

#include <ATen/ATen.h>

namespace clwb::model
{
namespace
{

/// The patch convolution as one matrix product: its stride equals its kernel.
at::Tensor embedPatches(const Parameters& parameters, const weights::ClipConfig& config,
                        const at::Tensor& pixels)
{
    const at::Tensor& kernel =
        parameter(parameters, "vision_model.embeddings.patch_embedding.weight");
    const int64_t patch = config.vision.patch;
    const int64_t grid = config.vision.imageSize / patch;
    const at::Tensor patches = pixels.view({pixels.size(0), 3, grid, patch, grid, patch})
                                   .permute({0, 2, 4, 1, 3, 5})
                                   .reshape({pixels.size(0), grid * grid, 3 * patch * patch});
    return at::linear(patches, kernel.view({config.vision.width, 3 * patch * patch}));
}

} // namespace

at::Tensor encodeImages(const Parameters& parameters, const weights::ClipConfig& config,
                        const at::Tensor& pixels)
{
    const int64_t side = config.vision.imageSize;
    CLWB_CHECK(pixels.dim() == 4 && pixels.size(1) == 3 && pixels.size(2) == side &&
                   pixels.size(3) == side,
               "pixels ", pixels.sizes());
    const at::Tensor patches = embedPatches(parameters, config, pixels);
    const at::Tensor classToken = parameter(parameters, "vision_model.embeddings.class_embedding")
                                      .to(patches.scalar_type())
                                      .expand({pixels.size(0), 1, config.vision.width});
    at::Tensor x = at::cat({classToken, patches}, 1) +
                   parameter(parameters, "vision_model.embeddings.position_embedding.weight");
    x = layerNorm(parameters, "vision_model.pre_layrnorm", x);
    x = runBlocks(parameters, "vision_model.encoder", config.vision, std::move(x), Mask::None);
    x = layerNorm(parameters, "vision_model.post_layernorm", x.select(1, 0));
    x = at::linear(x, parameter(parameters, "visual_projection.weight"));
    return unitRows(x.to(at::kFloat));
}

} // namespace clwb::model
