// SPDX-License-Identifier: GPL-3.0-or-later
// The file that holds a model's tensors: which one it is, and its tensors by Hugging Face name.
#pragma once

#include "core/weights/name_maps.h"
#include "core/weights/tensor_map.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::weights
{

struct LoadedWeights
{
    TensorMap tensors; ///< Hugging Face names, float32
    NameReport names;
    std::string container; ///< "safetensors", "TorchScript archive", "PyTorch archive"
    std::vector<std::string> notes;
};

/// The weights file of a model directory. Errors: Data: none, or one split into several files.
Result<std::filesystem::path> findWeights(const std::filesystem::path& folder);

/// Whether a file is what findWeights() takes in a folder with config.json or open_clip's
/// configuration: it then stands for that model directory.
bool isInModelDirectory(const std::filesystem::path& file);

/// Reads a safetensors file or a PyTorch archive, whichever the first bytes say.
/// Errors: Data: damaged, refused, or no CLIP names.
Result<LoadedWeights> loadWeights(const std::filesystem::path& file);

/// Name of the published model with that file hash, empty when unknown.
std::string_view publishedModel(std::string_view fileSha256);

} // namespace clwb::weights
