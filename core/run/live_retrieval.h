// SPDX-License-Identifier: GPL-3.0-or-later
// Answers free queries on a retrieval set: a text finds pictures, a picture finds captions.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// Either a text or a picture.
struct LiveQuery
{
    std::filesystem::path model; ///< folder or file, as for `clwb eval`
    std::filesystem::path study; ///< study.json
    std::string setName;         ///< a retrieval set of the study
    std::string text;            ///< used when `picture` is empty; the set's prefix goes before it
    std::filesystem::path picture;
    std::optional<int> fold; ///< candidates of this fold of the set only; nothing: of all
    int best = 20;           ///< candidates in the answer
    /// Position of the picture that the text describes: it is in the answer whatever its rank.
    std::optional<int64_t> truth = {};
};

struct LiveCandidate
{
    int64_t position = 0; ///< in the set's list of images, or of captions (image by image)
    double score = 0;     ///< cosine
    std::string name;     ///< the picture's id, or the caption
    int64_t rank = 0;     ///< from 0 among those that compete
    bool isTruth = false;
};

/// Best first, then the truth where it is not among them; ties by the order of the set.
struct LiveAnswer
{
    std::vector<LiveCandidate> candidates;
    std::string modelSha256;
    int64_t setSize = 0;    ///< images of the set, or captions; of all folds
    bool wasCut = false;    ///< the text is longer than the model's context
    bool wasCached = false; ///< the candidates' embeddings were there already
};

/// Keeps two models and the embeddings of their sets, so that a query costs one encoded sentence or
/// picture and a product. Embeddings are kept in a folder, too, by model and content of the set.
/// Thread: one at a time. It works on the CPU, beside a training that may have the GPU.
class LiveRetrieval
{
public:
    /// @param embeddings folder that is made when needed; empty: they are kept in memory only
    explicit LiveRetrieval(std::filesystem::path embeddings);
    ~LiveRetrieval();
    LiveRetrieval(const LiveRetrieval&) = delete;
    LiveRetrieval& operator=(const LiveRetrieval&) = delete;

    /// The first query of a model and set encodes the set.
    /// @param progress items encoded; may be empty
    /// Errors: Usage (no such set or fold, nothing asked), Data (study, model or picture cannot be
    /// read: which, and where it was expected), OutOfMemory, Stopped.
    Result<LiveAnswer> ask(const LiveQuery& query, const StopToken& stop,
                           const std::function<void(int64_t done, int64_t total)>& progress = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace clwb::run
