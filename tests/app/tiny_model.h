// SPDX-License-Identifier: GPL-3.0-or-later
// A complete CLIP model of a few thousand random weights, so that whole runs take a second.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>

namespace clwb::test
{

/// What differs from the smallest model, for tests that must tell layers, towers or biases apart.
struct TinyShape
{
    int layers = 1;           ///< of each tower
    int textWidth = 32;       ///< the image tower has 32
    double biasDeviation = 0; ///< of all biases, which are 0 otherwise
    double temperature = 20;  ///< exp(logit_scale)
    bool isGelu = false;      ///< activation; QuickGELU otherwise
};

/// Writes a model directory: 16×16 pictures, a vocabulary learnt from the words of the tiny study.
/// Byte-identical for the same seed and shape.
Result<void> writeTinyModel(const std::filesystem::path& folder, uint64_t seed = 0,
                            const TinyShape& shape = {});

} // namespace clwb::test
