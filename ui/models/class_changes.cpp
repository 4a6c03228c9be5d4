// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracies by class from confusion counts, and their differences.
#include "ui/models/class_changes.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace clwb::ui
{

namespace
{

std::optional<double> accuracyOf(const metrics::UtRecord& ut, size_t index)
{
    if (index >= ut.confusion.size() || index >= ut.confusion[index].size())
        return std::nullopt;
    const auto& row = ut.confusion[index];
    const auto total = std::accumulate(row.begin(), row.end(), int64_t{0});
    if (total <= 0)
        return std::nullopt;
    return 100.0 * static_cast<double>(row[index]) / static_cast<double>(total);
}

std::optional<double> accuracyOf(const metrics::ZsRecord& zs, size_t index)
{
    if (index >= zs.hits.size() || index >= zs.totals.size() || zs.totals[index] <= 0)
        return std::nullopt;
    return 100.0 * static_cast<double>(zs.hits[index]) / static_cast<double>(zs.totals[index]);
}

enum class Direction { Loss, Gain };

void keepLargest(std::vector<ClassChange>& changes, Direction direction, size_t count)
{
    std::erase_if(changes, [direction](const ClassChange& change) {
        return direction == Direction::Loss ? change.points >= 0 : change.points <= 0;
    });
    std::stable_sort(
        changes.begin(), changes.end(), [direction](const ClassChange& a, const ClassChange& b) {
            return direction == Direction::Loss ? a.points < b.points : a.points > b.points;
        });
    if (changes.size() > count)
        changes.resize(count);
}

} // namespace

ClassChanges classChanges(const std::map<int, metrics::EvaluationRecord>& records, size_t count,
                          int judged)
{
    ClassChanges result;
    const auto end = records.upper_bound(judged);
    if (std::distance(records.begin(), end) < 2)
        return result;
    const auto& [session, last] = *std::prev(end);
    result.session = session;
    const metrics::EvaluationRecord& before = std::prev(end, 2)->second;
    if (last.ut && before.ut) {
        for (size_t index = 0; index < last.ut->classes.size(); ++index) {
            const int own =
                index < last.ut->sessionOfClass.size() ? last.ut->sessionOfClass[index] : 0;
            const auto now = accuracyOf(*last.ut, index);
            if (!now || own < 1 || own > session)
                continue;
            const auto learnedAt = records.find(own);
            const bool isNew = own == session;
            const metrics::EvaluationRecord* since = isNew ? &before
                                                     : learnedAt != records.end()
                                                         ? &learnedAt->second
                                                         : nullptr;
            if (!since || !since->ut)
                continue;
            if (const auto then = accuracyOf(*since->ut, index))
                (isNew ? result.learned : result.forgotten)
                    .push_back({last.ut->classes[index], *now - *then, static_cast<int>(index),
                                isNew ? before.session : own});
        }
    }
    const metrics::EvaluationRecord& original = records.begin()->second;
    if (last.zs && original.zs && records.begin()->first == 0) {
        for (size_t index = 0; index < last.zs->classes.size(); ++index) {
            const auto now = accuracyOf(*last.zs, index);
            const auto then = accuracyOf(*original.zs, index);
            if (now && then)
                result.zeroShotLost.push_back(
                    {last.zs->classes[index], *now - *then, static_cast<int>(index), 0});
        }
    }
    result.worsened = result.learned;
    keepLargest(result.forgotten, Direction::Loss, count);
    keepLargest(result.worsened, Direction::Loss, count);
    keepLargest(result.learned, Direction::Gain, count);
    keepLargest(result.zeroShotLost, Direction::Loss, count);
    return result;
}

} // namespace clwb::ui
