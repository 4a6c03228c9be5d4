// SPDX-License-Identifier: GPL-3.0-or-later
// CLIP's symmetric contrastive loss, with several positives a row. B batch, N extra texts.
#pragma once

#include <ATen/core/Tensor.h>

namespace clwb::losses
{

/// ½·(image→text + text→image) cross-entropy; the target of a row is uniform over its positives.
/// @param logits   [B, B + N] τ⟨image, text⟩; the last N texts are negatives of image→text only
/// @param positive [B, B] bool, symmetric, diagonal true: pairs that show the same thing
at::Tensor contrastive(const at::Tensor& logits, const at::Tensor& positive);

} // namespace clwb::losses
