// SPDX-License-Identifier: GPL-3.0-or-later
// Reading what evaluations decided, item by item: pages work from the project file alone. All
// functions read one connection and check what they read: a project may come from anywhere. They
// are for a worker thread; figures in comments are those of a paper-sized study on one core.
#pragma once

#include "core/base/image.h"
#include "core/store/project.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

enum class Direction {
    TextToImage, ///< query: caption, candidates: images
    ImageToText, ///< query: image, candidates: captions
};

/// That the predictions of a part after a session are kept.
struct PredictionEntry
{
    int64_t runId = 0;
    int session = 0;    ///< finished ones; 0: before training
    std::string part;   ///< ut | zs
    int64_t listId = 0; ///< see predictionItems(); equal lists: the same pictures in the same order
    int64_t items = 0;
    std::string modelSha256;
};
/// That the ranked candidates of a retrieval set after a session are kept.
struct RetrievalEntry
{
    int64_t runId = 0;
    int session = 0;
    std::string setName;
    int64_t listId = 0;
    int folds = 1;
    int64_t images = 0;
    int64_t captions = 0;
    std::string modelSha256;
};
struct DetailIndex
{
    std::vector<PredictionEntry> predictions; ///< by run, session, part
    std::vector<RetrievalEntry> retrieval;    ///< by run, session, set in the study's order
};
/// What there is of all runs outside the trash, or of one. Empty for a file of an older schema.
/// Errors: Corrupt, Locked.
Result<DetailIndex> detailIndex(const Project& project, std::optional<int64_t> runId = {});

/// Pictures of a part with their truth: load once, use for all runs and sessions of equal listId.
struct PredictionItems
{
    std::vector<std::string> classes; ///< names need not differ: compare numbers
    std::vector<int64_t> images;      ///< image_id, in the order of the data
    std::vector<int32_t> labels;      ///< true class, index into `classes`
};
/// Errors: Usage (no such list), Corrupt, Locked.
Result<PredictionItems> predictionItems(const Project& project, int64_t listId);

/// Vectors run over the items of the list. Item i has classes[i · top] … as its best, best first.
struct Predictions
{
    int64_t listId = 0;
    int top = 0;                           ///< at most 5
    std::vector<int32_t> classes;          ///< [items · top]
    std::vector<float> probabilities;      ///< [items · top] 0…1, in steps of 1/65535
    std::vector<int32_t> truthRanks;       ///< [items] 0: right
    std::vector<float> truthProbabilities; ///< [items]
};
/// 35 000 items in < 50 ms. The label space is all classes, whatever the run's metrics count.
/// @param part ut | zs
/// Errors: Usage (not kept), Corrupt (damaged: which, and what to do), Locked.
Result<Predictions> predictions(const Project& project, int64_t runId, int session,
                                const std::string& part);

struct RetrievalQuery
{
    int32_t position = 0; ///< in the set's list of captions or images
    int fold = 0;
    int64_t queryId = 0;             ///< caption_id or image_id
    int64_t imageId = 0;             ///< of the caption, or the query itself
    std::string text;                ///< of a caption; may hold markup: show it as plain text
    std::optional<int64_t> bestRank; ///< of a true candidate, from 0; nothing: there is none
};
/// All queries in the order of the data; 25 000 in < 100 ms.
/// @param fold only this one; nothing: all
/// Errors: Usage (not kept), Corrupt, Locked.
Result<std::vector<RetrievalQuery>> queries(const Project& project, int64_t runId, int session,
                                            const std::string& setName, Direction direction,
                                            std::optional<int> fold = {});

struct RankedCandidate
{
    int64_t rank = 0; ///< from 0 within the fold, ties by file order
    int64_t candidateId = 0;
    int64_t imageId = 0; ///< the candidate itself, or the image of the caption
    std::string text;    ///< of a caption
    double score = 0;    ///< cosine, in steps of 1e-5
    bool isRelevant = false;
};
/// The best 20 and the true ones, by rank.
/// @param position of RetrievalQuery
/// Errors: as above; Usage when there is no such query.
Result<std::vector<RankedCandidate>> candidates(const Project& project, int64_t runId, int session,
                                                const std::string& setName, Direction direction,
                                                int32_t position);

/// Where a picture came from.
struct ImagePlace
{
    std::string path; ///< relative to the study's folder; absolute where it lies elsewhere
    PixelBox box;     ///< empty: the whole picture
    int width = 0;    ///< pixels of the crop or picture; 0: not known
    int height = 0;
};
/// Errors: Usage (no such picture), Corrupt, Locked.
Result<ImagePlace> imagePlace(const Project& project, int64_t imageId);
/// JPEG bytes, checked against their hash; empty: there is none (not made yet, a broken picture,
/// the project's limit is reached). Errors: Usage (no such picture), Corrupt (damaged), Locked.
Result<std::string> thumbnail(const Project& project, int64_t imageId);
/// The captions of a picture, of all sets, in their order.
Result<std::vector<std::string>> captionsOf(const Project& project, int64_t imageId);

} // namespace clwb::store
