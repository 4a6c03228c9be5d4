// SPDX-License-Identifier: GPL-3.0-or-later
// Named tensors with a text beside them in one safetensors file, written atomically.
#pragma once

#include "core/base/error.h"
#include "core/model/parameters.h"

#include <filesystem>
#include <string>

namespace clwb::train
{

struct TensorFile
{
    model::Parameters tensors; ///< float32, CPU
    std::string text;
};

/// @param text any UTF-8, kept in the file's metadata
/// @return SHA-256 of the file. Errors: DiskFull, Data.
Result<std::string> writeTensorFile(const std::filesystem::path& file,
                                    const model::Parameters& tensors, const std::string& text);
/// Errors: Data.
Result<TensorFile> readTensorFile(const std::filesystem::path& file);

} // namespace clwb::train
