// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/retrieval_join.h"

#include "ui/bridge/qt_text.h"

#include <QStringList>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace clwb::ui
{
namespace
{

bool isHit(const std::optional<int64_t>& rank, int hitAt)
{
    return rank && *rank < hitAt;
}

std::optional<int64_t> keyOf(const ComparedQuery& query, QueryColumn column)
{
    switch (column) {
    case QueryColumn::RankA:
        return query.rankA;
    case QueryColumn::RankB:
        return query.rankB;
    case QueryColumn::Change:
        return changeOf(query);
    case QueryColumn::Text:
        break;
    }
    return {};
}

void sortByText(const std::vector<ComparedQuery>& queries, std::vector<int>& shown,
                bool isDescending)
{
    std::stable_sort(shown.begin(), shown.end(), [&](int left, int right) {
        const int order = queries[static_cast<size_t>(left)].searched.compare(
            queries[static_cast<size_t>(right)].searched);
        return isDescending ? order > 0 : order < 0;
    });
}

void sortByNumber(const std::vector<ComparedQuery>& queries, std::vector<int>& shown,
                  QueryColumn column, bool isDescending)
{
    struct Keyed
    {
        std::optional<int64_t> key;
        int place;
    };
    std::vector<Keyed> keyed;
    keyed.reserve(shown.size());
    for (const int place : shown)
        keyed.push_back({keyOf(queries[static_cast<size_t>(place)], column), place});
    std::stable_sort(keyed.begin(), keyed.end(), [&](const Keyed& left, const Keyed& right) {
        if (!left.key || !right.key)
            return left.key && !right.key;
        return isDescending ? *left.key > *right.key : *left.key < *right.key;
    });
    std::transform(keyed.begin(), keyed.end(), shown.begin(),
                   [](const Keyed& each) { return each.place; });
}

} // namespace

std::vector<ComparedQuery> joinQueries(const std::vector<store::RetrievalQuery>& a,
                                       const std::vector<store::RetrievalQuery>& b)
{
    std::vector<ComparedQuery> joined;
    joined.reserve(std::min(a.size(), b.size()));
    auto other = b.begin();
    for (const store::RetrievalQuery& query : a) {
        while (other != b.end() && other->position < query.position)
            ++other;
        if (other == b.end())
            break;
        if (other->position != query.position || other->queryId != query.queryId)
            continue;
        ComparedQuery& both = joined.emplace_back();
        both.position = query.position;
        both.fold = query.fold;
        both.queryId = query.queryId;
        both.imageId = query.imageId;
        both.text = toQt(query.text);
        both.searched = both.text.toCaseFolded();
        both.rankA = query.bestRank;
        both.rankB = other->bestRank;
    }
    return joined;
}

void nameByPicture(std::vector<ComparedQuery>& queries,
                   const std::vector<store::RetrievalQuery>& captions,
                   const std::vector<std::pair<int64_t, QString>>& paths)
{
    std::unordered_map<int64_t, QString> texts;
    for (const store::RetrievalQuery& caption : captions)
        texts[caption.imageId] += QLatin1Char('\n') + toQt(caption.text).toCaseFolded();
    const std::unordered_map<int64_t, QString> known(paths.begin(), paths.end());
    for (ComparedQuery& query : queries) {
        const auto path = known.find(query.imageId);
        query.text = path == known.end() ? QString::number(query.imageId) : path->second;
        query.searched = query.text.toCaseFolded() + texts[query.imageId];
    }
}

std::optional<int64_t> changeOf(const ComparedQuery& query)
{
    if (!query.rankA || !query.rankB)
        return {};
    return *query.rankB - *query.rankA;
}

QueryOutcome outcomeOf(const ComparedQuery& query, int hitAt)
{
    if (!query.rankA || !query.rankB)
        return QueryOutcome::All;
    const bool hitA = isHit(query.rankA, hitAt);
    const bool hitB = isHit(query.rankB, hitAt);
    if (hitA != hitB)
        return hitA ? QueryOutcome::Lost : QueryOutcome::Gained;
    return hitA ? QueryOutcome::BothHit : QueryOutcome::BothMiss;
}

QueryCounts countOutcomes(const std::vector<ComparedQuery>& queries, int hitAt)
{
    QueryCounts counts;
    counts.all = static_cast<int>(queries.size());
    for (const ComparedQuery& query : queries) {
        switch (outcomeOf(query, hitAt)) {
        case QueryOutcome::Lost:
            ++counts.lost;
            break;
        case QueryOutcome::Gained:
            ++counts.gained;
            break;
        case QueryOutcome::BothHit:
            ++counts.bothHit;
            break;
        case QueryOutcome::BothMiss:
            ++counts.bothMiss;
            break;
        case QueryOutcome::All:
            break;
        }
    }
    return counts;
}

RecallPair recallOf(const std::vector<ComparedQuery>& queries, int hitAt)
{
    struct Fold
    {
        double queries = 0;
        double a = 0;
        double b = 0;
    };
    std::map<int, Fold> folds;
    for (const ComparedQuery& query : queries) {
        Fold& fold = folds[query.fold];
        ++fold.queries;
        fold.a += isHit(query.rankA, hitAt) ? 100 : 0;
        fold.b += isHit(query.rankB, hitAt) ? 100 : 0;
    }
    if (folds.empty())
        return {};
    double a = 0;
    double b = 0;
    for (const auto& [number, fold] : folds) {
        a += fold.a / fold.queries;
        b += fold.b / fold.queries;
    }
    const auto count = static_cast<double>(folds.size());
    return {a / count, b / count};
}

std::vector<int> shownQueries(const std::vector<ComparedQuery>& queries,
                              const QuerySelection& selection)
{
    const QStringList words =
        selection.words.toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    std::vector<int> shown;
    shown.reserve(queries.size());
    for (size_t at = 0; at < queries.size(); ++at) {
        const ComparedQuery& query = queries[at];
        const bool isWanted = selection.outcome == QueryOutcome::All ||
                              outcomeOf(query, selection.hitAt) == selection.outcome;
        if (isWanted && std::all_of(words.begin(), words.end(), [&](const QString& word) {
                return query.searched.contains(word);
            }))
            shown.push_back(static_cast<int>(at));
    }
    if (selection.sortBy == QueryColumn::Text)
        sortByText(queries, shown, selection.isDescending);
    else if (selection.sortBy)
        sortByNumber(queries, shown, *selection.sortBy, selection.isDescending);
    return shown;
}

} // namespace clwb::ui
