// SPDX-License-Identifier: GPL-3.0-or-later
// Recall at 1, 5, 10 in both directions, averaged over folds.
#include "core/base/check.h"
#include "core/metrics/evaluation_record.h"

#include <array>

namespace clwb::metrics
{
namespace
{

constexpr std::array<int64_t, 3> kCutoffs{1, 5, 10};

/// Ranks of one direction in one fold.
struct Hits
{
    int64_t queries = 0;
    std::array<int64_t, 3> hits{};

    void add(int64_t rank)
    {
        if (rank < 0)
            return;
        ++queries;
        for (size_t k = 0; k < kCutoffs.size(); ++k)
            hits[k] += rank < kCutoffs[k] ? 1 : 0;
    }
};

/// Unweighted mean over folds that hold a query.
struct FoldMean
{
    int64_t folds = 0;
    std::array<double, 3> sums{};

    void add(const Hits& fold)
    {
        if (fold.queries == 0)
            return;
        ++folds;
        for (size_t k = 0; k < kCutoffs.size(); ++k)
            sums[k] +=
                100.0 * static_cast<double>(fold.hits[k]) / static_cast<double>(fold.queries);
    }
    [[nodiscard]] std::optional<double> at(size_t k) const
    {
        if (folds == 0)
            return std::nullopt;
        return sums[k] / static_cast<double>(folds);
    }
};

} // namespace

RecallSet recalls(const RetrievalRecord& record)
{
    CLWB_CHECK(record.folds > 0);
    CLWB_CHECK(record.imageRanks.size() == record.captionCounts.size());
    const auto images = static_cast<int64_t>(record.imageRanks.size());
    FoldMean imageToText;
    FoldMean textToImage;
    size_t caption = 0;
    for (int64_t fold = 0; fold < record.folds; ++fold) {
        Hits ofImages;
        Hits ofCaptions;
        const int64_t end = (fold + 1) * images / record.folds;
        for (int64_t i = fold * images / record.folds; i < end; ++i) {
            const auto image = static_cast<size_t>(i);
            const int captions = record.captionCounts[image];
            if (captions > 0)
                ofImages.add(record.imageRanks[image]);
            for (int n = 0; n < captions; ++n)
                ofCaptions.add(record.captionRanks.at(caption++));
        }
        imageToText.add(ofImages);
        textToImage.add(ofCaptions);
    }
    return {imageToText.at(0), imageToText.at(1), imageToText.at(2),
            textToImage.at(0), textToImage.at(1), textToImage.at(2)};
}

} // namespace clwb::metrics
