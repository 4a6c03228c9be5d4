// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation decided, item by item, from the similarities that its metrics are counted
// from.
#pragma once

#include "core/data/dataset.h"
#include "core/metrics/evaluation_details.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace clwb::eval
{

/// Which details an evaluation collects.
struct DetailWish
{
    bool predictions = false;
    bool retrieval = false;
};

/// Lists as the project keeps them. Reads the size of every file, nothing else of it.
/// @param studyFolder paths are made relative to it
metrics::ItemList itemListOf(const data::LabelledSet& set, const std::string& kind,
                             const std::filesystem::path& studyFolder);
metrics::ItemList itemListOf(const data::RetrievalData& set,
                             const std::filesystem::path& studyFolder);

/// The best classes of each picture. A class of a higher cosine comes first, of equal ones the
/// lower number, so that the first is what the metrics count.
/// @param images  [N, D] rows of unit length @param classes [C, D] likewise
/// @param scale   τ
metrics::PredictionDetails rankClasses(const at::Tensor& images, const at::Tensor& classes,
                                       double scale,
                                       std::shared_ptr<const metrics::HashedList> items);

/// Adds the queries of one fold, both directions.
/// @param scores [n, m] on the CPU, contiguous: cosines of the fold's images and captions
/// @param owner  [m] image of each caption within the fold
/// @param firstImage, firstCaption place of the fold in its list
void addFold(const at::Tensor& scores, const std::vector<int64_t>& owner, int64_t firstImage,
             int64_t firstCaption, metrics::RetrievalDetails& details);

} // namespace clwb::eval
