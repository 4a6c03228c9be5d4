// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracies against naive counting and the paper's identities.
#include "core/base/random_stream.h"
#include "core/metrics/evaluation_record.h"

#include <QTest>

using namespace clwb;
using namespace clwb::metrics;

namespace
{

/// One prediction: true class, predicted class.
using Predictions = std::vector<std::pair<int, int>>;

UtRecord recordOf(const Predictions& predictions, const std::vector<int>& sessions)
{
    UtRecord ut;
    const size_t classes = sessions.size();
    for (size_t i = 0; i < classes; ++i)
        ut.classes.push_back("class " + std::to_string(i));
    ut.sessionOfClass = sessions;
    ut.confusion.assign(classes, std::vector<int64_t>(classes));
    for (const auto& [truth, predicted] : predictions)
        ++ut.confusion[size_t(truth)][size_t(predicted)];
    return ut;
}

Predictions randomPredictions(int count, int classes, uint64_t seed)
{
    RandomStream random = RandomStream::named(seed, "test");
    Predictions predictions;
    for (int i = 0; i < count; ++i) {
        const int truth = int(random.below(uint64_t(classes)));
        const bool isRight = random.uniform() < 0.4;
        predictions.emplace_back(truth, isRight ? truth : int(random.below(uint64_t(classes))));
    }
    return predictions;
}

double naive(const Predictions& predictions, const std::vector<int>& sessions, int first, int last)
{
    int hits = 0;
    int total = 0;
    for (const auto& [truth, predicted] : predictions) {
        if (sessions[size_t(truth)] < first || sessions[size_t(truth)] > last)
            continue;
        ++total;
        hits += truth == predicted;
    }
    return 100.0 * hits / total;
}

} // namespace

class TestAccuracy : public QObject
{
    Q_OBJECT

    const std::vector<int> m_sessions{1, 1, 2, 2, 2, 3};
    const Predictions m_predictions = randomPredictions(500, 6, 1);

private Q_SLOTS:
    void countsAgreeWithASingleLoop()
    {
        const UtRecord ut = recordOf(m_predictions, m_sessions);
        QCOMPARE(*utOverall(ut), naive(m_predictions, m_sessions, 1, 3));
        const auto perSession = utPerSession(ut);
        QCOMPARE(perSession.size(), size_t(3));
        double sum = 0;
        for (int s = 1; s <= 3; ++s) {
            QCOMPARE(*perSession[size_t(s - 1)], naive(m_predictions, m_sessions, s, s));
            sum += naive(m_predictions, m_sessions, s, s);
        }
        QCOMPARE(*utSessionMean(ut), sum / 3);
        QVERIFY(!utSeen(ut, 0, "MST"));
        QCOMPARE(*utSeen(ut, 1, "MST"), naive(m_predictions, m_sessions, 1, 1));
        QCOMPARE(*utSeen(ut, 2, "MST"), naive(m_predictions, m_sessions, 1, 2));
        QCOMPARE(*utSeen(ut, 1, "OST"), *utOverall(ut));
        QVERIFY(!utSeen(ut, 0, "OST"));
    }

    void overallIsTheWeightedMeanOfSessions()
    {
        // Table I: session 1 holds 14 886 of 35 360 crops, so both accuracies differ as in the
        // paper.
        const int64_t sizes[]{14886, 2678, 2643, 3048, 3801, 3947, 2127, 2230};
        const int64_t hits[]{1200, 1500, 1400, 1000, 1300, 900, 900, 767};
        UtRecord ut;
        ut.confusion.assign(8, std::vector<int64_t>(8));
        double weighted = 0;
        double mean = 0;
        for (int i = 0; i < 8; ++i) {
            ut.classes.push_back(std::to_string(i));
            ut.sessionOfClass.push_back(i + 1);
            ut.confusion[size_t(i)][size_t(i)] = hits[i];
            ut.confusion[size_t(i)][size_t((i + 1) % 8)] = sizes[i] - hits[i];
            weighted += double(sizes[i]) / 35360 * (100.0 * double(hits[i]) / double(sizes[i]));
            mean += 100.0 * double(hits[i]) / double(sizes[i]) / 8;
        }
        QVERIFY(std::abs(*utOverall(ut) - weighted) < 1e-9);
        QVERIFY(std::abs(*utSessionMean(ut) - mean) < 1e-9);
        QVERIFY(*utSessionMean(ut) > *utOverall(ut) + 10);
    }

    void emptyClassesAndSessionsAreLeftOut()
    {
        UtRecord ut = recordOf({{0, 0}, {0, 1}, {5, 5}}, m_sessions); // nothing of session 2
        const auto perSession = utPerSession(ut);
        QCOMPARE(*perSession[0], 50.0);
        QVERIFY(!perSession[1]);
        QCOMPARE(*utSessionMean(ut), 75.0);
        QCOMPARE(*utOverall(ut), 200.0 / 3);
        const UtRecord nothing = recordOf({}, m_sessions);
        QVERIFY(!utOverall(nothing) && !utSessionMean(nothing) && !utSeen(nothing, 2, "MST"));
        QVERIFY(!utOverall(UtRecord{}));
        QVERIFY(utPerSession(UtRecord{}).empty());
    }

    void seenLabelSpaceCountsItsOwnHits()
    {
        UtRecord ut = recordOf({{0, 1}, {0, 5}, {1, 1}}, m_sessions);
        ut.seenHits = {2, 1, 0, 0, 0, 0};
        QCOMPARE(*utOverall(ut), 100.0 / 3);
        ut.labelSpace = "seen";
        QCOMPARE(*utOverall(ut), 100.0);
    }

    void zeroShotIsMicro()
    {
        const ZsRecord zs{{"a", "b", "c"}, {1, 3, 0}, {2, 4, 0}};
        QCOMPARE(*zsAccuracy(zs), 100.0 * 4 / 6);
        QVERIFY(!zsAccuracy(ZsRecord{}));
    }

    void averageTakesTheAccuracyOfTheSetting()
    {
        EvaluationRecord record;
        record.ut = recordOf(m_predictions, m_sessions);
        QVERIFY(!aAcc(record));
        record.zs = ZsRecord{{"a"}, {1}, {4}};
        record.setting = "OST";
        QCOMPARE(*aAcc(record), (*utOverall(*record.ut) + 25.0) / 2);
        record.setting = "MST";
        QCOMPARE(*aAcc(record), (*utSessionMean(*record.ut) + 25.0) / 2);
    }

    void backwardTransferKeepsTheIdentity()
    {
        RandomStream random = RandomStream::named(3, "matrix");
        const size_t sessions = 8;
        std::vector<std::vector<std::optional<double>>> matrix(sessions);
        for (auto& row : matrix) {
            for (size_t i = 0; i < sessions; ++i)
                row.push_back(100 * random.uniform());
        }
        double final = 0;
        double diagonal = 0;
        double naiveBwt = 0;
        for (size_t i = 0; i < sessions; ++i) {
            final += *matrix.back()[i] / double(sessions);
            diagonal += *matrix[i][i];
            if (i + 1 < sessions)
                naiveBwt += (*matrix.back()[i] - *matrix[i][i]) / double(sessions - 1);
        }
        const double bwt = *backwardTransfer(matrix);
        QVERIFY(std::abs(bwt - naiveBwt) < 1e-12);
        // Sum of the diagonal = S * UT - (S - 1) * Bwt.
        QVERIFY(std::abs(diagonal - (8 * final - 7 * bwt)) < 1e-9);
        QVERIFY(std::abs(*justLearnedMean(matrix) - diagonal / 8) < 1e-12);
    }

    void backwardTransferIsUndefinedForOneSession()
    {
        QVERIFY(!backwardTransfer({}));
        QVERIFY(!backwardTransfer({{50.0}}));
        QCOMPARE(*backwardTransfer({{50.0, 0.0}, {30.0, 70.0}}), -20.0);
        // Session 2 has no crops: only session 1 counts.
        QCOMPARE(*backwardTransfer({{50.0, {}, 1.0}, {40.0, {}, 1.0}, {45.0, {}, 80.0}}), -5.0);
    }

    void namesAreThoseOfTheView()
    {
        EvaluationRecord record;
        record.session = 2;
        record.ut = recordOf(m_predictions, m_sessions);
        record.zs = ZsRecord{{"a"}, {1}, {4}};
        RetrievalRecord coco{"COCO", 1, 1, 1, {0}, {0}, {1}, {}};
        RetrievalRecord flickr{"Flickr30k", 1, 1, 1, {6}, {3}, {1}, {}};
        RetrievalRecord shuffled{"COCO", 1, 1, 1, {6}, {3}, {1}, 4};
        record.retrieval = {coco, flickr, shuffled};
        std::map<std::string, double> values;
        for (const MetricValue& value : metricValues(record))
            values[value.name] = value.value;
        for (const char* name : {"UT-Acc (overall)", "UT-Acc (session mean)", "UT-Acc (seen)",
                                 "ZS-Acc", "TR@1", "TR@5", "TR@10", "IR@1", "IR@5", "IR@10",
                                 "A-Acc", "Flickr30k TR@1", "shuffled 4 TR@10"})
            QVERIFY2(values.contains(name), name);
        QCOMPARE(values.size(), size_t(23));
        QCOMPARE(values["TR@1"], 100.0);
        QCOMPARE(values["Flickr30k TR@5"], 0.0);
        QCOMPARE(values["shuffled 4 TR@10"], 100.0);
        // The study's first set has no images of this split: the second one keeps its name.
        record.retrieval = {flickr};
        record.firstRetrievalSet = "COCO";
        QCOMPARE(metricValues(record).back().name, std::string("A-Acc"));
        for (const MetricValue& value : metricValues(record))
            QVERIFY2(value.name != "TR@1", value.name.c_str());
        record.split = "val";
        record.session = 0;
        record.retrieval.clear();
        const auto val = metricValues(record);
        QCOMPARE(val.size(), size_t(4)); // no UT-Acc (seen) before training
        QCOMPARE(val.front().name, std::string("val UT-Acc (overall)"));
    }
};

QTEST_APPLESS_MAIN(TestAccuracy)
#include "tst_accuracy.moc"
