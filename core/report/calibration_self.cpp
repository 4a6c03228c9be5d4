// SPDX-License-Identifier: GPL-3.0-or-later
// What any working model shows on any study: it beats guessing, and its recalls are ordered.
#include "core/base/number_text.h"
#include "core/metrics/recall_statistics.h"
#include "core/report/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace clwb::report
{
namespace
{

/// Guessing right by luck alone stays below this with 99.9 % (three standard deviations).
/// @param chance probability of a hit @return per cent
double luck(double chance, int64_t trials)
{
    return 100 * (chance + 3 * std::sqrt(chance * (1 - chance) / static_cast<double>(trials)));
}

void checkAboveChance(CalibrationReport& report, const std::string& name,
                      std::optional<double> measured, double chance, int64_t trials)
{
    if (trials <= 0 || chance >= 1) {
        report.checks.push_back({"self", name + " above guessing", Verdict::Skipped, std::nullopt,
                                 std::nullopt, "there is nothing to choose between"});
        return;
    }
    const bool isAbove = measured && *measured > luck(chance, trials);
    report.checks.push_back(
        {"self", name + " above guessing", isAbove ? Verdict::Passed : Verdict::Failed,
         luck(chance, trials), measured,
         isAbove ? "chance and three standard deviations"
                 : "weights, vocabulary and preprocessing do not belong together, or the images do "
                   "not belong to the texts"});
}

/// Chance of a hit at 1, mean over folds as the recalls are: 1/images for a caption, and also for
/// an image, since the shares of the images' captions sum to 1.
double chanceOf(const metrics::RetrievalRecord& set)
{
    double sum = 0;
    int64_t folds = 0;
    for (int64_t fold = 0; fold < set.folds; ++fold) {
        const int64_t images = (fold + 1) * set.images / set.folds - fold * set.images / set.folds;
        if (images == 0)
            continue;
        sum += 1 / static_cast<double>(images);
        ++folds;
    }
    return sum / static_cast<double>(folds);
}

void checkOrder(CalibrationReport& report, const metrics::RetrievalRecord& folded,
                const metrics::RetrievalRecord& whole)
{
    const auto inFolds = metrics::valuesOf(metrics::recalls(folded));
    const auto in1 = metrics::valuesOf(metrics::recalls(whole));
    const auto isNoLess = [](std::optional<double> a, std::optional<double> b) {
        return a && b && *a >= *b;
    };
    bool rises = true;
    for (size_t i = 0; i < inFolds.size(); ++i) {
        const bool isFirst = i % 3 == 0;
        rises = rises &&
                (isFirst || (isNoLess(inFolds[i], inFolds[i - 1]) && isNoLess(in1[i], in1[i - 1])));
        // Among fewer candidates no rank is worse; the mean over unequal folds may be all the same.
        if (folded.images % std::max<int64_t>(folded.folds, 1) == 0)
            rises = rises && isNoLess(inFolds[i], in1[i]);
    }
    report.checks.push_back(
        {"self", folded.name + ": recalls rise with k and with smaller folds",
         rises ? Verdict::Passed : Verdict::Failed, std::nullopt, std::nullopt,
         rises ? "" : "an error of this program: please report it with the two records"});
}

} // namespace

void checkConsistency(CalibrationReport& report, const metrics::EvaluationRecord& folded,
                      const metrics::EvaluationRecord& whole)
{
    if (folded.ut) {
        const std::vector<int64_t> totals = metrics::utTotals(*folded.ut);
        checkAboveChance(report, "UT-Acc (overall)", metrics::utOverall(*folded.ut),
                         1 / static_cast<double>(totals.size()),
                         std::accumulate(totals.begin(), totals.end(), int64_t{0}));
    }
    if (folded.zs) {
        const std::vector<int64_t>& totals = folded.zs->totals;
        checkAboveChance(report, "ZS-Acc", metrics::zsAccuracy(*folded.zs),
                         1 / static_cast<double>(totals.size()),
                         std::accumulate(totals.begin(), totals.end(), int64_t{0}));
    }
    for (const metrics::RetrievalRecord& set : folded.retrieval) {
        if (set.images == 0)
            continue;
        const metrics::RecallSet recalls = metrics::recalls(set);
        const double chance = chanceOf(set);
        checkAboveChance(report, set.name + " TR@1", recalls.tr1, chance, set.images);
        checkAboveChance(report, set.name + " IR@1", recalls.ir1, chance, set.captions);
        for (const metrics::RetrievalRecord& other : whole.retrieval) {
            if (other.name == set.name)
                checkOrder(report, set, other);
        }
    }
}

} // namespace clwb::report
