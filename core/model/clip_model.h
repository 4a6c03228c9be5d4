// SPDX-License-Identifier: GPL-3.0-or-later
// A CLIP model in memory: configuration, tensors by Hugging Face name, and its two encoders.
#pragma once

#include "core/base/error.h"
#include "core/model/parameters.h"
#include "core/model/text_tower.h"
#include "core/weights/clip_config.h"
#include "core/weights/model_files.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace clwb::model
{

/// Value type: copies share tensor storage. B batch, N sentences, D embedding, S image side.
struct ClipModel
{
    weights::ClipConfig config;
    weights::PreprocessConfig preprocess;
    Parameters parameters;
    ContextCrop contextCrop = ContextCrop::Longest; ///< Full: the reference, for benchmarks

    /// @param pixels uint8 [B, S, S, 3] on the CPU, as PictureCache delivers them
    /// @return       [B, D] rows of unit length, on the model's device
    [[nodiscard]] at::Tensor encodePictures(const at::Tensor& pixels) const;
    [[nodiscard]] at::Tensor encodeText(const Sentences& sentences) const;
    /// ln τ, a tensor without dimensions.
    [[nodiscard]] const at::Tensor& logitScale() const;
    [[nodiscard]] at::Device device() const;
    void moveTo(at::Device device);
};

/// A tensor that owns the buffer it was made from; nothing is copied.
at::Tensor adopt(weights::HostTensor host);

/// The model of the files that readModel delivered.
ClipModel fromFiles(weights::ModelFiles&& files);

/// Float32 copies (or the storage itself) on the CPU, as writers of weight files take them.
struct HostViews
{
    std::vector<at::Tensor> keep; ///< owns what the views point to
    std::vector<weights::TensorView> views;
};
HostViews hostViews(const Parameters& parameters);

/// The model_sha256 of interfaces.md §4 over the base tensors (RKR scales included when present).
std::string modelSha256(const Parameters& parameters);

/// Pixels as floats: (x/255 − mean)/std, [B, 3, S, S], on `device`.
at::Tensor normalizedPixels(const at::Tensor& pixels, const weights::PreprocessConfig& config,
                            at::Device device);

/// First name whose tensor holds a NaN or infinity, or empty.
std::string firstNonFinite(const Parameters& parameters);

} // namespace clwb::model
