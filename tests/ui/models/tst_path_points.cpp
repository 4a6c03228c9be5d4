// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded path point is no trained run: nothing is chosen by itself because a point is the
// newest, the best or the last that finished.
#include "ui/models/comparison_choice.h"
#include "ui/models/kept_details.h"
#include "ui/models/retrieval_pair.h"
#include "ui/models/run_marks.h"

#include <QTest>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

store::RunRow makeRun(int64_t id, const char* method)
{
    store::RunRow run;
    run.runId = id;
    run.uid = std::to_string(id);
    run.kind = "method";
    run.method = method;
    run.option = "WM";
    run.setting = "MST";
    run.status = "finished";
    run.seed = 0;
    run.study = "/data/study.json";
    run.model = "/models/mini";
    run.sessions = 8;
    run.lastSession = 8;
    run.finishedUtc = "2026-03-0" + std::to_string(id) + "T10:00:00Z";
    run.metrics = {{"ZS-Acc", 40}, {"IR@1", 20}, {"UT-Acc (overall)", 30}};
    return run;
}

store::RunRow makePoint(int64_t id, const char* method)
{
    store::RunRow point = makeRun(id, method);
    point.origin = "imported";
    point.weightPath = store::WeightPath{"1", 8, true, 0.5};
    return point;
}

std::vector<RankedModel> modelsOf(const std::vector<store::RunRow>& runs)
{
    store::DetailIndex index;
    for (const store::RunRow& run : runs) {
        index.retrieval.push_back({run.runId, 0, "scenes", 1, 1, 6, 12, "original"});
        index.retrieval.push_back(
            {run.runId, 8, "scenes", 1, 1, 6, 12, "after " + std::to_string(run.runId)});
    }
    return rankedModels(index, runs);
}

} // namespace

class TestPathPoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastRunIsATrainedOne()
    {
        const std::vector<store::RunRow> runs{makeRun(1, "lwf"), makePoint(2, "lwf")};
        const auto models = modelsOf(runs);
        const auto last = lastFinishedModel(models, runs);
        QVERIFY(last);
        QCOMPARE(models[*last].runId, int64_t{1});
        QVERIFY(!lastFinishedModel(modelsOf({runs[1]}), {runs[1]}));
        QVERIFY(finishKey(runs[1]).isEmpty());
    }

    void theTellingPairIsOfTrainedRuns()
    {
        // With the points, #3 and #4 would be the pair of VR-LwF against FT.
        const std::vector<store::RunRow> runs{makeRun(1, "ft"), makeRun(2, "lwf"),
                                              makePoint(3, "vr-lwf"), makePoint(4, "ft")};
        const auto models = modelsOf(runs);
        const auto pair = tellingPair(models, runs);
        QVERIFY(pair);
        QCOMPARE(models[pair->a].session, 0);
        QCOMPARE(models[pair->b].runId, int64_t{2}); // finished last
    }

    void nothingIsLostByAPoint()
    {
        QVERIFY(mayKeepRanks(makeRun(1, "ft")) && mayKeepPredictions(makeRun(1, "ft")));
        QVERIFY(!mayKeepRanks(makePoint(1, "ft")));
        QVERIFY(!mayKeepPredictions(makePoint(1, "ft")));
        QVERIFY(competes(makeRun(1, "ft")) && !competes(makePoint(1, "ft")));
    }

    void detailsThatAreNotThereAreExplained()
    {
        store::RunRow run = makeRun(1, "ft"); // without a folder, as those of the program
        QVERIFY(whyNoDetails(run).contains(u"run the demo"_s));
        run.folder = "/data/project.db.files/1";
        QVERIFY(whyNoDetails(run).contains(u"it ran with “Details kept: none”"_s));
        QVERIFY(!whyNoDetails(run).contains(u"demo"_s));
        QVERIFY(whyNeverLost(makePoint(1, "ft")).contains(u"not trained"_s));
        run.metrics.erase("IR@1");
        QVERIFY(whyNeverLost(run).contains(u"evaluated on retrieval"_s));
    }

    void comparisonsBeginWithTrainedRuns()
    {
        // Of LwF there are points alone, of FT a run.
        const std::vector<store::RunRow> rows{makeRun(1, "ft"), makePoint(2, "lwf"),
                                              makePoint(3, "lwf")};
        QCOMPARE(defaultChoice(rows, {}), (std::vector<int64_t>{1}));
        QVERIFY(defaultChoice({rows[1]}, {}).empty());
        // The window recorded the points after the run.
        QCOMPARE(choiceAround(rows, {}, {1, 2, 3}), (std::vector<int64_t>{1}));
    }
};

QTEST_GUILESS_MAIN(TestPathPoints)
#include "tst_path_points.moc"
