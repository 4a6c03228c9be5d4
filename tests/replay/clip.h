// SPDX-License-Identifier: GPL-3.0-or-later
// CLIP's two towers in the plainest form, on tensors named as Hugging Face names them.
#pragma once

#include "tests/replay/tensor_file.h"

namespace clwb::replay
{

/// What the shapes of the tensors do not tell.
struct Tower
{
    int64_t heads = 0;
    int64_t layers = 0;
    bool isQuickGelu = true; ///< x·σ(1.702x); otherwise x·Φ(x)
};

struct Clip
{
    Tower vision;
    Tower text;
};

/// Heads and activations from config.json, layers from the tensors. Errors: Usage, Data.
Result<Clip> readClip(const std::filesystem::path& modelFolder, const Tensors& weights);

/// Algorithms.md §3.1 and §3.3. Scales of RKR (§5.5) act where `weights` has them.
/// @param pixels [N, 3, H, W]
/// @return [N, D], rows of length 1
at::Tensor imageFeatures(const Clip& clip, const Tensors& weights, const at::Tensor& pixels);

/// Algorithms.md §3.2 and §3.3, on the whole context: nothing is cut off.
/// @param ids [N, context] int64, SOT … EOT 0 …
/// @return [N, D], rows of length 1
at::Tensor textFeatures(const Clip& clip, const Tensors& weights, const at::Tensor& ids);

} // namespace clwb::replay
