// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of two models besides the stored queries, and what they answer: plain values.
#pragma once

#include "core/store/details.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// One of the two models: of a run after a session; session 0 is the model the run began with.
struct RetrievalModelPlace
{
    int64_t runId = 0;
    int session = 0;
    std::string sha256; ///< of the model whose ranks are stored; another one must not answer
    /// Session 0: further runs that began with it; they serve where the run's files are gone.
    std::vector<int64_t> otherRuns = {};
};

struct RetrieveRequest
{
    std::filesystem::path project; ///< holds the runs; the answer has its numbers of pictures
    RetrievalModelPlace a;
    RetrievalModelPlace b;
    std::string setName;                    ///< whose pictures or captions are ranked
    int64_t listId = 0;                     ///< of the set, in the project
    std::optional<int> fold;                ///< nothing: the whole set
    std::string text;                       ///< the query, ranks pictures; empty: `image` is
    std::optional<uint64_t> shuffleSeed;    ///< of the words of `text`; nothing: as they are
    std::filesystem::path image;            ///< the query, ranks captions
    int best = 20;                          ///< candidates wanted of each model
    std::optional<int64_t> truthImage = {}; ///< that `text` describes, where it is known
};

struct RetrieveRanking
{
    /// By rank; the truth is relevant and comes last where it is not among the best.
    std::vector<store::RankedCandidate> candidates;
    QString problem;         ///< why there are none, as sentences: what failed and what to do
    bool lacksModel = false; ///< its results are stored, the model is not on this computer
};

struct RetrieveAnswer
{
    std::string text; ///< as it was encoded: shuffled where that was asked for
    RetrieveRanking a;
    RetrieveRanking b;
};

} // namespace clwb::ui
