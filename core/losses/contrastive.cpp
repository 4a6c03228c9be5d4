// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/contrastive.h"

#include "core/base/check.h"

#include <ATen/ATen.h>

namespace clwb::losses
{

at::Tensor contrastive(const at::Tensor& logits, const at::Tensor& positive)
{
    const int64_t batch = logits.size(0);
    CLWB_CHECK(positive.size(0) == batch && positive.size(1) == batch && logits.size(1) >= batch);
    const at::Tensor target = positive.to(at::kFloat) / positive.sum(1, true);
    const at::Tensor imageToText = at::log_softmax(logits, 1).narrow(1, 0, batch);
    const at::Tensor textToImage = at::log_softmax(logits.narrow(1, 0, batch), 0);
    // `positive` is symmetric, so its normalised columns are the transposed rows.
    return -0.5 * ((target * imageToText).sum() + (target.t() * textToImage).sum()) /
           static_cast<double>(batch);
}

} // namespace clwb::losses
