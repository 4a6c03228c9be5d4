// SPDX-License-Identifier: GPL-3.0-or-later
// Free queries on the models of stored runs, answered in the project's own numbers of pictures.
#pragma once

#include "core/run/live_retrieval.h"
#include "core/store/details.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// Either a text or a picture.
struct ProjectQuery
{
    int64_t runId = 0;
    int session = 0;         ///< 0: the model that the run began with
    std::string modelSha256; ///< of the model whose ranks are stored; another one does not answer
    std::string setName;
    std::optional<int> fold;       ///< nothing: the whole set
    std::string text;              ///< ranks pictures
    std::filesystem::path picture; ///< ranks captions; empty: `text` is asked
    int best = 20;
    /// The picture (image_id) that the text describes: marked, and answered whatever its rank.
    std::optional<int64_t> truthImage = {};
    /// Further runs that began with the same model on the same set, for session 0: the first of
    /// all whose files are on this computer is asked.
    std::vector<int64_t> otherRuns = {};
};

/// The words of a text in another order, as captions are shuffled; seed 0, 1, ….
std::string shuffledQuery(const std::string& text, uint64_t seed);

/// @return best first, then the truth; where none is named, nothing is known to be relevant.
/// Errors: Usage (the run's ranks of the set are not stored, its model was not kept), Data (study,
/// model or picture cannot be read or are not what they were: which, and where they were expected),
/// Corrupt, Locked, OutOfMemory, Stopped.
Result<std::vector<store::RankedCandidate>>
askProject(const store::Project& project, LiveRetrieval& live, const ProjectQuery& query,
           const StopToken& stop,
           const std::function<void(int64_t done, int64_t total)>& progress = {});

} // namespace clwb::run
