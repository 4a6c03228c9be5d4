// SPDX-License-Identifier: GPL-3.0-or-later
// Recall at 1, 5, 10 in both directions: per fold, averaged over folds, and over shuffles.
#include "core/base/check.h"
#include "core/metrics/recall_statistics.h"

#include <cmath>

namespace clwb::metrics
{
namespace
{

constexpr std::array<int64_t, 3> kCutoffs{1, 5, 10};
constexpr size_t kValues = kRecallNames.size();
using Values = std::array<std::optional<double>, kValues>;

/// Ranks of one direction in one fold.
struct Hits
{
    int64_t queries = 0;
    std::array<int64_t, 3> hits{};

    void add(int64_t rank)
    {
        if (rank < 0)
            return;
        ++queries;
        for (size_t k = 0; k < kCutoffs.size(); ++k)
            hits[k] += rank < kCutoffs[k] ? 1 : 0;
    }
    [[nodiscard]] std::optional<double> percent(size_t k) const
    {
        if (queries == 0)
            return std::nullopt;
        return 100.0 * static_cast<double>(hits[k]) / static_cast<double>(queries);
    }
};

RecallSet setOf(const Values& values)
{
    return {values[0], values[1], values[2], values[3], values[4], values[5]};
}

/// Unweighted mean of the defined values, one recall at a time.
RecallSet meanOf(const std::vector<RecallSet>& sets)
{
    Values means;
    for (size_t i = 0; i < kValues; ++i) {
        double sum = 0;
        int64_t count = 0;
        for (const RecallSet& set : sets) {
            if (const auto value = valuesOf(set)[i]) {
                sum += *value;
                ++count;
            }
        }
        if (count > 0)
            means[i] = sum / static_cast<double>(count);
    }
    return setOf(means);
}

RecallSet deviationOf(const std::vector<RecallSet>& sets, const RecallSet& mean)
{
    Values deviations;
    for (size_t i = 0; i < kValues; ++i) {
        double squares = 0;
        int64_t count = 0;
        for (const RecallSet& set : sets) {
            if (const auto value = valuesOf(set)[i]) {
                const double distance = *value - *valuesOf(mean)[i];
                squares += distance * distance;
                ++count;
            }
        }
        if (count > 1)
            deviations[i] = std::sqrt(squares / static_cast<double>(count - 1));
    }
    return setOf(deviations);
}

} // namespace

std::array<std::optional<double>, 6> valuesOf(const RecallSet& set)
{
    return {set.tr1, set.tr5, set.tr10, set.ir1, set.ir5, set.ir10};
}

std::vector<RecallSet> recallsPerFold(const RetrievalRecord& record)
{
    CLWB_CHECK(record.folds > 0);
    CLWB_CHECK(record.imageRanks.size() == record.captionCounts.size());
    const auto images = static_cast<int64_t>(record.imageRanks.size());
    std::vector<RecallSet> folds;
    size_t caption = 0;
    for (int64_t fold = 0; fold < record.folds; ++fold) {
        Hits ofImages;
        Hits ofCaptions;
        const int64_t end = (fold + 1) * images / record.folds;
        for (int64_t i = fold * images / record.folds; i < end; ++i) {
            const auto image = static_cast<size_t>(i);
            const int captions = record.captionCounts[image];
            if (captions > 0)
                ofImages.add(record.imageRanks[image]);
            for (int n = 0; n < captions; ++n)
                ofCaptions.add(record.captionRanks.at(caption++));
        }
        folds.push_back({ofImages.percent(0), ofImages.percent(1), ofImages.percent(2),
                         ofCaptions.percent(0), ofCaptions.percent(1), ofCaptions.percent(2)});
    }
    return folds;
}

RecallSet recalls(const RetrievalRecord& record)
{
    return meanOf(recallsPerFold(record));
}

ShuffleStatistics shuffleStatistics(const EvaluationRecord& record, const std::string& set)
{
    std::vector<RecallSet> shuffles;
    for (const RetrievalRecord& retrieval : record.retrieval) {
        if (retrieval.shuffleSeed && retrieval.name == set)
            shuffles.push_back(recalls(retrieval));
    }
    ShuffleStatistics statistics;
    statistics.seeds = static_cast<int64_t>(shuffles.size());
    statistics.mean = meanOf(shuffles);
    statistics.deviation = deviationOf(shuffles, statistics.mean);
    return statistics;
}

} // namespace clwb::metrics
