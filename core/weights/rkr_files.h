// SPDX-License-Identifier: GPL-3.0-or-later
// RKR directories: scales of a base model that lies elsewhere.
#pragma once

#include "core/weights/model_files.h"

#include <filesystem>
#include <string_view>

namespace clwb::weights
{

/// The base model of an RKR directory, as base.json names it.
struct RkrBase
{
    std::filesystem::path path; ///< absolute, or relative to the RKR directory
    std::string sha256;         ///< model_sha256 of the base
};

bool isRkrDirectory(const std::filesystem::path& folder);

/// Errors: Data: base.json missing or damaged.
Result<RkrBase> readRkrBase(const std::filesystem::path& folder);

/// Fills rkrScales and rkrPlacement of a base model. Errors: Data: rkr.safetensors damaged, unknown
/// placement, names or shapes that do not fit the configuration.
Result<void> readRkrScales(const std::filesystem::path& folder, ModelFiles& model);

/// W ← diag(s)·W and b ← s·b of attention out_proj and MLP fc2 for `sublayer` scales, which are
/// then cleared. Errors: Data: `block_output` scales also scale the residual path and cannot be
/// folded.
Result<void> foldRkrScales(ModelFiles& model);

} // namespace clwb::weights
