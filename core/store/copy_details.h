// SPDX-License-Identifier: GPL-3.0-or-later
// Takes what evaluations decided from one project into another.
#pragma once

#include "core/metrics/evaluation_details.h"
#include "core/store/detail_blob.h"
#include "core/store/details.h"
#include "core/store/sqlite.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace clwb::store
{

/// The model_sha256 of a run's test evaluations after sessions.
using EvaluatedModels = std::map<int, std::string>;
/// Errors: those of SQLite.
Result<EvaluatedModels> evaluatedModels(Database& database, int64_t runId);

/// Copies run by run; a list of pictures is read once for all of them.
class DetailCopier
{
public:
    /// @param from must outlive the copier
    explicit DetailCopier(const Project& from)
        : m_from(from)
    {}
    /// Predictions, ranks and thumbnails of a run, inside the caller's transaction; false when it
    /// has none. The source may come from anywhere: its sizes are bounded.
    /// @param models that the run's evaluations are of: all details have to be of one of them
    /// Errors: Corrupt for all that is wrong with the source, other codes for what is wrong with
    /// the target. Nothing of the run's is written then.
    Result<bool> copy(Database& to, int64_t toRun, int64_t fromRun, const EvaluatedModels& models);

private:
    struct List
    {
        std::shared_ptr<const metrics::HashedList> items;
        std::vector<int64_t> images;   ///< numbers in the source
        std::vector<int64_t> captions; ///< likewise
        int64_t imageCount = 0;        ///< that the source names, before they are read
        int64_t captionCount = 0;
    };
    using Sessions = std::map<int, DetailIndex>; ///< what there is of each
    Result<Sessions> usesOf(int64_t fromRun, const EvaluatedModels& models) const;
    Result<metrics::EvaluationDetails> readSession(const DetailIndex& uses);
    Result<const List*> list(int64_t listId);
    Result<List> readList(int64_t listId);
    Result<void> readHead(int64_t listId, List& list, metrics::HashedList& items);
    Result<void> readImages(int64_t listId, List& list, metrics::HashedList& items);
    Result<void> readCaptions(int64_t listId, List& list, metrics::HashedList& items);
    bool takeText(size_t bytes); ///< false: more than is taken in
    Result<void> checkQueries(const RetrievalEntry& entry, const List& list) const;
    Result<metrics::PredictionDetails> readPredictions(const PredictionEntry& entry);
    Result<metrics::RetrievalDetails> readRetrieval(const RetrievalEntry& entry);
    Result<void> copyThumbnails(Database& to, const List& list) const;

    const Project& m_from;
    std::map<int64_t, List> m_lists;
    std::set<int64_t> m_pictured;          ///< lists whose thumbnails are there
    int64_t m_rowsLeft = kMaxListItems;    ///< pictures and captions of all lists
    int64_t m_textLeft = int64_t{1} << 30; ///< bytes of their paths and captions
};

} // namespace clwb::store
