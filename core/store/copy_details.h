// SPDX-License-Identifier: GPL-3.0-or-later
// Takes what evaluations decided from one project into another.
#pragma once

#include "core/metrics/evaluation_details.h"
#include "core/store/details.h"
#include "core/store/sqlite.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace clwb::store
{

/// Copies run by run; a list of pictures is read once for all of them.
class DetailCopier
{
public:
    /// @param from must outlive the copier
    explicit DetailCopier(const Project& from)
        : m_from(from)
    {}
    /// Predictions, ranks and thumbnails of a run, inside the caller's transaction.
    /// Errors: Corrupt (damaged in the source), those of SQLite.
    Result<void> copy(Database& to, int64_t toRun, int64_t fromRun);

private:
    struct List
    {
        std::shared_ptr<const metrics::HashedList> items;
        std::vector<int64_t> images;   ///< numbers in the source
        std::vector<int64_t> captions; ///< likewise
    };
    Result<const List*> list(int64_t listId);
    Result<List> readList(int64_t listId) const;
    Result<metrics::PredictionDetails> readPredictions(const PredictionEntry& entry);
    Result<metrics::RetrievalDetails> readRetrieval(const RetrievalEntry& entry);
    Result<void> copyThumbnails(Database& to, const List& list) const;

    const Project& m_from;
    std::map<int64_t, List> m_lists;
    std::set<int64_t> m_pictured; ///< lists whose thumbnails are there
};

} // namespace clwb::store
