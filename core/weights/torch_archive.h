// SPDX-License-Identifier: GPL-3.0-or-later
// Data-only reading of PyTorch's .pt archives: state dictionaries and TorchScript modules.
#pragma once

#include "core/weights/tensor_map.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::weights
{

struct TorchArchive
{
    TensorMap tensors;                ///< floating tensors by dotted name, float32
    std::vector<std::string> skipped; ///< names of tensors of whole numbers or truth values
    std::vector<std::string> types;   ///< element types that were converted, "F16", …
    bool torchScript = false;
};

/// Reads the tensors of a zip archive written by torch.save or torch.jit.save. Nothing in the file
/// is executed: the object description is interpreted by a machine that knows lists, dictionaries,
/// numbers, texts and tensors only, and refuses every other instruction or name; code in the
/// archive is never opened. Entries must be stored without compression, so no archive can unpack to
/// more than its own size. Errors: Data: no archive, incomplete download, unknown instruction or
/// name, damaged tensors.
Result<TorchArchive> readTorchArchive(const std::filesystem::path& path);

} // namespace clwb::weights
