// SPDX-License-Identifier: GPL-3.0-or-later
// Recalls from ranks against a plain loop over a score matrix, fold by fold.
#include "core/base/random_stream.h"
#include "core/metrics/recall_statistics.h"

#include <QTest>

using namespace clwb;
using namespace clwb::metrics;

namespace
{

/// A random problem: scores of every image with every caption, and who owns which caption.
struct Problem
{
    int images = 0;
    std::vector<int> counts;
    std::vector<int> owner;
    std::vector<std::vector<double>> scores;

    Problem(int imageCount, bool uneven, uint64_t seed)
        : images(imageCount)
    {
        RandomStream random = RandomStream::named(seed, "scores");
        for (int i = 0; i < images; ++i) {
            counts.push_back(uneven ? int(random.below(4)) : 5);
            owner.insert(owner.end(), size_t(counts.back()), i);
        }
        scores.assign(size_t(images), {});
        for (int i = 0; i < images; ++i) {
            for (const int own : owner)
                scores[size_t(i)].push_back(random.uniform() + (own == i ? 0.45 : 0.0));
        }
    }
};

struct Naive
{
    double tr[3]{};
    double ir[3]{};
};

constexpr int kCut[3]{1, 5, 10};

/// Straight from the definition: "any of its captions among the k best", mean over folds.
Naive naiveRecalls(const Problem& problem, int folds)
{
    Naive result;
    for (int fold = 0; fold < folds; ++fold) {
        const int begin = fold * problem.images / folds;
        const int end = (fold + 1) * problem.images / folds;
        for (int k = 0; k < 3; ++k) {
            double hitImages = 0, hitCaptions = 0, images = 0, captions = 0;
            for (int i = begin; i < end; ++i) {
                bool any = false;
                for (size_t c = 0; c < problem.owner.size(); ++c) {
                    if (problem.owner[c] != i)
                        continue;
                    int betterCaptions = 0, betterImages = 0;
                    for (size_t o = 0; o < problem.owner.size(); ++o) {
                        const bool inFold = problem.owner[o] >= begin && problem.owner[o] < end;
                        betterCaptions +=
                            inFold && problem.scores[size_t(i)][o] > problem.scores[size_t(i)][c];
                    }
                    for (int o = begin; o < end; ++o)
                        betterImages += problem.scores[size_t(o)][c] > problem.scores[size_t(i)][c];
                    any = any || betterCaptions < kCut[k];
                    hitCaptions += betterImages < kCut[k];
                    captions += 1;
                }
                images += problem.counts[size_t(i)] > 0;
                hitImages += any;
            }
            result.tr[k] += 100 * hitImages / images / folds;
            result.ir[k] += 100 * hitCaptions / captions / folds;
        }
    }
    return result;
}

RetrievalRecord recordOf(const Problem& problem, int folds)
{
    RetrievalRecord record;
    record.folds = folds;
    record.images = problem.images;
    record.captions = int64_t(problem.owner.size());
    record.captionCounts = problem.counts;
    for (int fold = 0; fold < folds; ++fold) {
        const int begin = fold * problem.images / folds;
        const int end = (fold + 1) * problem.images / folds;
        for (int i = begin; i < end; ++i) {
            int64_t best = -1;
            for (size_t c = 0; c < problem.owner.size(); ++c) {
                if (problem.owner[c] != i)
                    continue;
                int64_t byCaption = 0, byImage = 0;
                for (size_t o = 0; o < problem.owner.size(); ++o)
                    byCaption += problem.owner[o] >= begin && problem.owner[o] < end &&
                                 problem.scores[size_t(i)][o] > problem.scores[size_t(i)][c];
                for (int o = begin; o < end; ++o)
                    byImage += problem.scores[size_t(o)][c] > problem.scores[size_t(i)][c];
                best = best < 0 ? byCaption : std::min(best, byCaption);
                record.captionRanks.push_back(byImage);
            }
            record.imageRanks.push_back(best);
        }
    }
    return record;
}

} // namespace

class TestRecall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheDefinition_data()
    {
        QTest::addColumn<int>("images");
        QTest::addColumn<int>("folds");
        QTest::addColumn<bool>("uneven");
        QTest::newRow("one fold") << 60 << 1 << false;
        QTest::newRow("even folds") << 60 << 5 << false;
        QTest::newRow("uneven folds") << 61 << 4 << false;
        QTest::newRow("uneven captions") << 61 << 4 << true;
    }

    void agreesWithTheDefinition()
    {
        QFETCH(int, images);
        QFETCH(int, folds);
        QFETCH(bool, uneven);
        const Problem problem(images, uneven, 5);
        const Naive expected = naiveRecalls(problem, folds);
        const RecallSet got = recalls(recordOf(problem, folds));
        QVERIFY(std::abs(*got.tr1 - expected.tr[0]) < 1e-9);
        QVERIFY(std::abs(*got.tr5 - expected.tr[1]) < 1e-9);
        QVERIFY(std::abs(*got.tr10 - expected.tr[2]) < 1e-9);
        QVERIFY(std::abs(*got.ir1 - expected.ir[0]) < 1e-9);
        QVERIFY(std::abs(*got.ir5 - expected.ir[1]) < 1e-9);
        QVERIFY(std::abs(*got.ir10 - expected.ir[2]) < 1e-9);
        QVERIFY(expected.tr[0] > 0 && expected.tr[0] < 100);
    }

    void foldsAreGivenOneByOne()
    {
        const Problem problem(61, true, 8);
        const RetrievalRecord record = recordOf(problem, 4);
        const std::vector<RecallSet> folds = recallsPerFold(record);
        QCOMPARE(folds.size(), size_t(4));
        std::array<double, 6> sums{};
        for (const RecallSet& fold : folds) {
            for (size_t i = 0; i < sums.size(); ++i)
                sums[i] += *valuesOf(fold)[i];
        }
        const Naive expected = naiveRecalls(problem, 4);
        for (size_t k = 0; k < 3; ++k) {
            QVERIFY(std::abs(sums[k] / 4 - expected.tr[k]) < 1e-9);
            QVERIFY(std::abs(sums[k + 3] / 4 - expected.ir[k]) < 1e-9);
        }
        // The last fold by hand: images 45 … 60, as a set of their own.
        double hits = 0, queries = 0;
        for (size_t i = 45; i < 61; ++i) {
            hits += record.captionCounts[i] > 0 && record.imageRanks[i] < 5;
            queries += record.captionCounts[i] > 0;
        }
        QCOMPARE(*folds[3].tr5, 100 * hits / queries);
    }

    void shufflesMakeAMeanAndADeviation()
    {
        EvaluationRecord record;
        // Hits at 1 of 4 captions: 1, 2 and 4 of them, in two sets and beside plain order.
        const auto shuffle = [](std::vector<int64_t> ranks, std::optional<int64_t> seed) {
            RetrievalRecord set{"COCO",       1,   4, 4, {0, 0, 0, 0}, std::move(ranks),
                                {1, 1, 1, 1}, seed};
            return set;
        };
        record.retrieval = {shuffle({0, 0, 0, 9}, {}), shuffle({0, 9, 9, 9}, 0),
                            shuffle({0, 0, 9, 9}, 1), shuffle({0, 0, 0, 0}, 7)};
        record.retrieval.push_back(record.retrieval[1]);
        record.retrieval.back().name = "Flickr30k";
        const ShuffleStatistics statistics = shuffleStatistics(record, "COCO");
        QCOMPARE(statistics.seeds, int64_t(3));
        const double mean = (25.0 + 50.0 + 100.0) / 3;
        QVERIFY(std::abs(*statistics.mean.ir1 - mean) < 1e-12);
        const double squares =
            (25 - mean) * (25 - mean) + (50 - mean) * (50 - mean) + (100 - mean) * (100 - mean);
        QVERIFY(std::abs(*statistics.deviation.ir1 - std::sqrt(squares / 2)) < 1e-12);
        QCOMPARE(*statistics.mean.tr1, 100.0);
        QCOMPARE(*statistics.deviation.tr1, 0.0);
        const ShuffleStatistics one = shuffleStatistics(record, "Flickr30k");
        QVERIFY(one.seeds == 1 && one.mean.ir1 == 25.0 && !one.deviation.ir1);
        const ShuffleStatistics none = shuffleStatistics(record, "other");
        QVERIFY(none.seeds == 0 && !none.mean.tr1 && !none.deviation.tr1);
    }

    void foldsCountEquallyWhateverTheirSize()
    {
        // Three images in two folds: [0, 1) and [1, 3).
        RetrievalRecord record;
        record.folds = 2;
        record.images = record.captions = 3;
        record.captionCounts = {1, 1, 1};
        record.imageRanks = {0, 5, 5};
        record.captionRanks = {9, 0, 0};
        const RecallSet set = recalls(record);
        QCOMPARE(*set.tr1, 50.0); // not 33.3
        QCOMPARE(*set.tr5, 50.0);
        QCOMPARE(*set.tr10, 100.0);
        QCOMPARE(*set.ir1, 50.0);
        QCOMPARE(*set.ir10, 100.0);
    }

    void whatIsEmptyIsUndefined()
    {
        RetrievalRecord record;
        QVERIFY(!recalls(record).tr1 && !recalls(record).ir10);
        record.images = 2;
        record.folds = 5; // more folds than images: empty ones are left out
        record.imageRanks = {0, 3};
        record.captionCounts = {1, 1};
        record.captionRanks = {0, 0};
        record.captions = 2;
        QCOMPARE(*recalls(record).tr1, 50.0);
        record.imageRanks = {-1, 3};
        record.captionCounts = {0, 1};
        record.captionRanks = {0};
        QCOMPARE(*recalls(record).tr1, 0.0); // the image without captions does not count
        QCOMPARE(*recalls(record).tr5, 100.0);
    }
};

QTEST_APPLESS_MAIN(TestRecall)
#include "tst_recall.moc"
