// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks of the truth in both directions, fold by fold (algorithms.md §6.5).
#pragma once

#include "core/metrics/evaluation_details.h"
#include "core/metrics/evaluation_record.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace clwb::eval
{

/// Fills imageRanks and captionRanks of `record` (its counts and folds are set): number of strictly
/// better candidates within the fold by cosine, float32; -1 for an image without captions.
/// @param images   [N, D] rows of unit length, file order
/// @param captions [C, D] image by image, record.captionCounts[i] for image i
/// @param details  receives the best candidates and the true ones of every query; null: not wanted
void rankFolds(const at::Tensor& images, const at::Tensor& captions,
               metrics::RetrievalRecord& record, metrics::RetrievalDetails* details = nullptr);

} // namespace clwb::eval
