// SPDX-License-Identifier: GPL-3.0-or-later
// The queries of a retrieval set with the ranks that two models gave the truth; filtered, searched
// and sorted.
#pragma once

#include "core/store/details.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace clwb::ui
{

struct ComparedQuery
{
    int32_t position = 0; ///< in the set's list of captions or images
    int fold = 0;
    int64_t queryId = 0;
    int64_t imageId = 0; ///< the query, or the picture it describes
    QString text;        ///< the caption, or the picture's file
    QString searched;    ///< what a search looks through, case-folded
    /// Of the best true candidate, from 0; nothing: there is none.
    std::optional<int64_t> rankA;
    std::optional<int64_t> rankB;
};

/// Queries that both models were asked, in the order of the data. Both lists are by position.
std::vector<ComparedQuery> joinQueries(const std::vector<store::RetrievalQuery>& a,
                                       const std::vector<store::RetrievalQuery>& b);
/// Pictures as queries are called by their file and found by their captions, too. Lists are of the
/// same set; @param paths by image, where it is known
void nameByPicture(std::vector<ComparedQuery>& queries,
                   const std::vector<store::RetrievalQuery>& captions,
                   const std::vector<std::pair<int64_t, QString>>& paths);

/// Ranks that B is worse by; negative: better.
std::optional<int64_t> changeOf(const ComparedQuery& query);

enum class QueryOutcome {
    All,
    Lost,   ///< a hit of A, no hit of B
    Gained, ///< the reverse
    BothHit,
    BothMiss
};
/// @param hitAt a hit has a true candidate among so many
/// All where there is no truth: it belongs to no other.
QueryOutcome outcomeOf(const ComparedQuery& query, int hitAt);

struct QueryCounts
{
    int all = 0;
    int lost = 0;
    int gained = 0;
    int bothHit = 0;
    int bothMiss = 0;
};
QueryCounts countOutcomes(const std::vector<ComparedQuery>& queries, int hitAt);

/// Percent of queries that hit, as recalls are defined: unweighted mean over the folds; nothing
/// without a query.
struct RecallPair
{
    std::optional<double> a;
    std::optional<double> b;
};
RecallPair recallOf(const std::vector<ComparedQuery>& queries, int hitAt);

enum class QueryColumn { Text, RankA, RankB, Change };
inline constexpr int kQueryColumns = 4;

struct QuerySelection
{
    QueryOutcome outcome = QueryOutcome::All;
    int hitAt = 1;
    QString words = {};                     ///< all must occur, in any case
    std::optional<QueryColumn> sortBy = {}; ///< nothing: the order of the data
    bool isDescending = false;
};
/// Places in `queries`; equal ones stay in the order of the data, those without a rank come last
/// both ways. 25 000 queries in < 50 ms.
std::vector<int> shownQueries(const std::vector<ComparedQuery>& queries,
                              const QuerySelection& selection);

} // namespace clwb::ui
