// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/retrieval.h"

#include "core/base/check.h"
#include "core/eval/details.h"
#include "core/eval/features.h"
#include "core/metrics/folds.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

namespace clwb::eval
{
namespace
{

/// One fold on the CPU. @param scores [n, m] contiguous @param owner [m] image of each caption
void rankFold(const at::Tensor& scores, const std::vector<int64_t>& owner, int64_t* imageRanks,
              int64_t* captionRanks)
{
    const int64_t images = scores.size(0);
    const int64_t captions = scores.size(1);
    const float* score = scores.const_data_ptr<float>();

    constexpr float kNone = -std::numeric_limits<float>::infinity();
    std::vector<float> bestOwn(static_cast<size_t>(images), kNone);
    std::vector<float> own(static_cast<size_t>(captions));
    for (int64_t c = 0; c < captions; ++c) {
        const auto row = static_cast<size_t>(owner[static_cast<size_t>(c)]);
        own[static_cast<size_t>(c)] = score[static_cast<int64_t>(row) * captions + c];
        bestOwn[row] = std::max(bestOwn[row], own[static_cast<size_t>(c)]);
    }
    std::fill_n(captionRanks, captions, 0);
    for (int64_t i = 0; i < images; ++i) {
        const float* line = score + i * captions;
        const float best = bestOwn[static_cast<size_t>(i)];
        int64_t better = 0;
        for (int64_t c = 0; c < captions; ++c) {
            better += line[c] > best ? 1 : 0;
            captionRanks[c] += line[c] > own[static_cast<size_t>(c)] ? 1 : 0;
        }
        imageRanks[i] = best == kNone ? -1 : better;
    }
}

} // namespace

void rankFolds(const at::Tensor& images, const at::Tensor& captions,
               metrics::RetrievalRecord& record, metrics::RetrievalDetails* details)
{
    CLWB_CHECK(images.size(0) == record.images && captions.size(0) == record.captions);
    record.imageRanks.assign(static_cast<size_t>(record.images), 0);
    record.captionRanks.assign(static_cast<size_t>(record.captions), 0);
    int64_t firstCaption = 0;
    for (int fold = 0; fold < record.folds; ++fold) {
        const int64_t begin = metrics::foldBegin(record.images, record.folds, fold);
        const int64_t end = metrics::foldBegin(record.images, record.folds, fold + 1);
        std::vector<int64_t> owner;
        for (int64_t i = begin; i < end; ++i)
            owner.insert(owner.end(),
                         static_cast<size_t>(record.captionCounts[static_cast<size_t>(i)]),
                         i - begin);
        const auto count = static_cast<int64_t>(owner.size());
        const at::Tensor scores =
            cosines(images.narrow(0, begin, end - begin), captions.narrow(0, firstCaption, count))
                .to(at::kCPU)
                .contiguous();
        rankFold(scores, owner, record.imageRanks.data() + begin,
                 record.captionRanks.data() + firstCaption);
        if (details)
            addFold(scores, owner, begin, firstCaption, *details);
        firstCaption += count;
    }
}

} // namespace clwb::eval
