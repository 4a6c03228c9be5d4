// SPDX-License-Identifier: GPL-3.0-or-later
// A complete CLIP model of a few thousand random weights, so that whole runs take a second.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>

namespace clwb::test
{

/// Writes a model directory: 16×16 pictures, one layer a tower, a vocabulary learnt from the words
/// of the tiny study. Byte-identical for the same seed.
Result<void> writeTinyModel(const std::filesystem::path& folder, uint64_t seed = 0);

} // namespace clwb::test
