// SPDX-License-Identifier: GPL-3.0-or-later
// Embeddings of whole lists of pictures and texts, without gradient. N items, D embedding.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/data/batch_loader.h"
#include "core/model/clip_model.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace clwb::eval
{

/// How lists are cut; a function of the spec only, so that results do not depend on timing.
struct EncodeOptions
{
    int64_t batchSize = 100;
    int loaderThreads = 1;
    std::string precision = "fp32";
    /// Called after each batch with the number of items done in this call.
    std::function<void(int64_t done, int64_t total)> progress;
    StopToken stop;
};

/// Error used when the token ends a pass early; the caller turns it into a stopped run.
Error stoppedError();
bool isStopped(const Error& error);

/// @param order indices into items
/// @return      [order.size(), D] float32 on the model's device, rows of unit length
/// Errors: Data of the first unreadable picture or zero vector; stoppedError().
Result<at::Tensor> encodeItems(const model::ClipModel& model, const std::vector<data::Item>& items,
                               const std::vector<int64_t>& order, data::PictureCache& pictures,
                               const EncodeOptions& options);

/// Batches are formed by rising length, so that short texts do not pay for long ones (exact). A
/// text that comes several times is encoded once: its rows are equal to the last bit.
/// @return [texts.size(), D] in the order given
Result<at::Tensor> encodeSentences(const model::ClipModel& model, const model::Sentences& sentences,
                                   const EncodeOptions& options);

/// Cosines [N, M] of rows of unit length. Equal text rows give equal columns, so that ties stay
/// ties: a matrix product alone rounds a column by its place.
at::Tensor cosines(const at::Tensor& images, const at::Tensor& texts);

/// 0 … count−1.
std::vector<int64_t> allIndices(size_t count);

} // namespace clwb::eval
