// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation decided, item by item: predictions with probabilities, ranked candidates. The
// metrics are counted from the same similarities. Plain values that cross threads.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/json.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace clwb::metrics
{

inline constexpr int kTopClasses = 5;     ///< classes kept for a picture
inline constexpr int kTopCandidates = 20; ///< candidates kept for a query, the true ones besides

/// A picture: a file and, for a crop, a box in it. Crops of one photo are different pictures.
struct DetailImage
{
    std::string path;      ///< relative to the study's folder; absolute where it lies elsewhere
    PixelBox box;          ///< empty: the whole picture
    int64_t fileBytes = 0; ///< tells files of one name in two data folders apart; -1: not readable
    bool operator==(const DetailImage&) const = default;
};

/// What a part of an evaluation is asked about, in the order of its data; the same for all models.
struct ItemList
{
    std::string kind; ///< ut | zs | retrieval
    std::string name; ///< of the retrieval set
    int folds = 1;    ///< retrieval
    std::vector<DetailImage> images;
    std::vector<std::string> classes;   ///< ut, zs: names, which need not differ
    std::vector<int32_t> labels;        ///< ut, zs: [images] index into `classes`
    std::vector<int32_t> captionCounts; ///< retrieval: [images]
    std::vector<std::string> captions;  ///< retrieval: image by image, as in the data
};
/// SHA-256 of everything in a list.
std::string contentHash(const ItemList& list);

/// A list and its hash, made once for all evaluations of a run.
struct HashedList
{
    ItemList list;
    std::string sha256;
};

/// Classes by falling similarity, equal ones by their number (§6.2). Label space: all classes.
struct PredictionDetails
{
    std::shared_ptr<const HashedList> items;
    int top = 0;                      ///< min(kTopClasses, classes)
    std::vector<int32_t> classes;     ///< [images · top]
    std::vector<float> probabilities; ///< [images · top] softmax of τ·cosine over all classes
    std::vector<int32_t> truthRanks;  ///< [images] 0: predicted
    std::vector<float> truthProbabilities; ///< [images]
};

struct ScoredCandidate
{
    int32_t position = 0; ///< of the candidate in its list
    float score = 0;      ///< cosine
};
struct TrueCandidate
{
    int32_t position = 0;
    int32_t rank = 0; ///< within the fold, from 0, ties by file order
    float score = 0;
};

/// One direction of a retrieval set; query q has top[topBegin[q]] … top[topBegin[q + 1] - 1].
struct DirectionDetails
{
    std::vector<uint32_t> topBegin{0};
    std::vector<ScoredCandidate> top; ///< best first, ties by file order
    std::vector<uint32_t> truthBegin{0};
    std::vector<TrueCandidate> truths; ///< in file order, also those among the best
};

struct RetrievalDetails
{
    std::shared_ptr<const HashedList> items;
    DirectionDetails textToImage; ///< queries: captions
    DirectionDetails imageToText; ///< queries: images
};

struct EvaluationDetails
{
    std::vector<PredictionDetails> predictions; ///< ut, zs
    std::vector<RetrievalDetails> retrieval;
};

/// A thumbnail and what was learnt on the way about its picture.
struct Thumbnail
{
    DetailImage image;
    int width = 0; ///< of the crop or the whole picture, pixels
    int height = 0;
    std::string jpeg; ///< empty: the picture cannot be read
};

// For items that wait beside the project until it can be written.
Json toJson(const EvaluationDetails& details);
/// Sizes and ranges are checked. Errors: Data.
Result<EvaluationDetails> evaluationDetailsFromJson(const Json& document);
Json toJson(const Thumbnail& thumbnail);
Result<Thumbnail> thumbnailFromJson(const Json& document);

/// Whether sizes agree and every number is in its range: nothing else may be stored.
bool isConsistent(const PredictionDetails& details);
bool isConsistent(const RetrievalDetails& details);

} // namespace clwb::metrics
