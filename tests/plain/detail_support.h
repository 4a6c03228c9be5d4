// SPDX-License-Identifier: GPL-3.0-or-later
// Details of an evaluation for tests, drawn from a seed, and a naive ranking to compare with.
#pragma once

#include "core/base/random_stream.h"
#include "core/metrics/evaluation_details.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace clwb::test
{

struct DetailSizes
{
    int ut = 4;
    int utClasses = 2;
    int zs = 5;
    int zsClasses = 7;
    int images = 6;
    int captionsPerImage = 2;
    int folds = 2;
    uint64_t data = 0; ///< which data set
};

inline std::shared_ptr<const metrics::HashedList> hashed(metrics::ItemList list)
{
    metrics::HashedList items{std::move(list), {}};
    items.sha256 = metrics::contentHash(items.list);
    return std::make_shared<const metrics::HashedList>(std::move(items));
}

inline std::shared_ptr<const metrics::HashedList> labelledList(const std::string& kind, int images,
                                                               int classes, uint64_t data)
{
    metrics::ItemList list;
    list.kind = kind;
    for (int i = 0; i < images; ++i) {
        const std::string path = kind + std::to_string(data) + "/" + std::to_string(i / 2) + ".jpg";
        // Two crops of one photo.
        list.images.push_back(
            {path, kind == "ut" ? PixelBox{i % 2, 0, 10 + i, 20} : PixelBox{i % 2, 0, 1 + i, 1},
             1000 + i / 2});
        list.labels.push_back(i % classes);
    }
    for (int c = 0; c < classes; ++c)
        list.classes.push_back("class " + std::to_string(c));
    return hashed(std::move(list));
}

inline std::shared_ptr<const metrics::HashedList> retrievalList(const DetailSizes& sizes)
{
    metrics::ItemList list;
    list.kind = "retrieval";
    list.name = "COCO";
    list.folds = sizes.folds;
    for (int i = 0; i < sizes.images; ++i) {
        list.images.push_back(
            {"photos" + std::to_string(sizes.data) + "/" + std::to_string(i) + ".jpg",
             {},
             5000 + i});
        list.captionCounts.push_back(sizes.captionsPerImage);
        for (int c = 0; c < sizes.captionsPerImage; ++c)
            list.captions.push_back("a picture of thing " + std::to_string(i) + " in the manner " +
                                    std::to_string(c));
    }
    return hashed(std::move(list));
}

inline float drawnShare(RandomStream& stream)
{
    return static_cast<float>(stream.below(65536)) / 65535.0f;
}

inline metrics::PredictionDetails drawPredictions(std::shared_ptr<const metrics::HashedList> items,
                                                  RandomStream& stream)
{
    metrics::PredictionDetails details;
    const auto classes = static_cast<uint64_t>(items->list.classes.size());
    details.top = static_cast<int>(std::min<uint64_t>(metrics::kTopClasses, classes));
    for (size_t i = 0; i < items->list.images.size(); ++i) {
        const uint64_t first = stream.below(classes);
        float share = drawnShare(stream);
        for (int k = 0; k < details.top; ++k) {
            details.classes.push_back(
                static_cast<int32_t>((first + static_cast<uint64_t>(k)) % classes));
            details.probabilities.push_back(share);
            share *= 0.3f;
        }
        details.truthRanks.push_back(static_cast<int32_t>(stream.below(classes)));
        details.truthProbabilities.push_back(drawnShare(stream));
    }
    details.items = std::move(items);
    return details;
}

/// Ranks of every candidate of a query by sorting: higher score first, then the earlier one.
inline std::vector<int32_t> sortedPositions(const std::vector<float>& scores)
{
    std::vector<int32_t> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
        return scores[static_cast<size_t>(a)] > scores[static_cast<size_t>(b)];
    });
    return order;
}

/// Adds a query whose candidates are `first` + i with these scores; the true ones are in a range.
inline void addQuery(metrics::DirectionDetails& direction, const std::vector<float>& scores,
                     int32_t first, int32_t truthBegin, int32_t truthEnd)
{
    const std::vector<int32_t> order = sortedPositions(scores);
    for (size_t rank = 0; rank < order.size(); ++rank) {
        const int32_t position = first + order[rank];
        const float score = scores[static_cast<size_t>(order[rank])];
        if (rank < size_t{metrics::kTopCandidates})
            direction.top.push_back({position, score});
        if (position >= truthBegin && position < truthEnd)
            direction.truths.push_back({position, static_cast<int32_t>(rank), score});
    }
    direction.topBegin.push_back(static_cast<uint32_t>(direction.top.size()));
    direction.truthBegin.push_back(static_cast<uint32_t>(direction.truths.size()));
}

inline metrics::RetrievalDetails drawRetrieval(const DetailSizes& sizes, RandomStream& stream)
{
    metrics::RetrievalDetails details;
    details.items = retrievalList(sizes);
    const auto draw = [&stream](int count) {
        std::vector<float> scores;
        for (int i = 0; i < count; ++i)
            scores.push_back(static_cast<float>(stream.below(20001)) / 1e5f + 0.1f);
        return scores;
    };
    for (int fold = 0; fold < sizes.folds; ++fold) {
        const int begin = fold * sizes.images / sizes.folds;
        const int end = (fold + 1) * sizes.images / sizes.folds;
        const int each = sizes.captionsPerImage;
        for (int image = begin; image < end; ++image) {
            addQuery(details.imageToText, draw((end - begin) * each), begin * each, image * each,
                     (image + 1) * each);
            for (int c = 0; c < each; ++c)
                addQuery(details.textToImage, draw(end - begin), begin, image, image + 1);
        }
    }
    return details;
}

/// @param seed of the model's answers; the data stay the same
inline std::shared_ptr<const metrics::EvaluationDetails>
drawDetails(uint64_t seed, const DetailSizes& sizes = {}, bool withRetrieval = true)
{
    RandomStream stream = RandomStream::named(seed, "details");
    auto details = std::make_shared<metrics::EvaluationDetails>();
    details->predictions.push_back(
        drawPredictions(labelledList("ut", sizes.ut, sizes.utClasses, sizes.data), stream));
    details->predictions.push_back(
        drawPredictions(labelledList("zs", sizes.zs, sizes.zsClasses, sizes.data), stream));
    if (withRetrieval)
        details->retrieval.push_back(drawRetrieval(sizes, stream));
    return details;
}

} // namespace clwb::test
