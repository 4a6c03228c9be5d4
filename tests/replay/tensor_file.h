// SPDX-License-Identifier: GPL-3.0-or-later
// A plain reader of safetensors, and the hash of a model: independent of core/weights.
#pragma once

#include "core/base/error.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

namespace clwb::replay
{

/// Tensors by their Hugging Face name; std::string orders them bytewise.
using Tensors = std::map<std::string, at::Tensor>;

struct TensorFile
{
    Tensors tensors; ///< float32, whatever the file holds
    std::map<std::string, std::string> metadata;
    bool isFloat32 = true; ///< every tensor of the file is F32
};

/// Errors: Data: missing, cut short, or a type other than F32, F16, BF16.
Result<TensorFile> readTensorFile(const std::filesystem::path& path);

/// The four-dimensional float32 array of an .npy file. Errors: Data.
Result<at::Tensor> readNpy(const std::filesystem::path& path);

/// model_sha256 of interfaces.md §4: name, 0, "F32", 0, shape as d0,d1, 0, data of every tensor.
std::string modelHash(const Tensors& tensors);

} // namespace clwb::replay
