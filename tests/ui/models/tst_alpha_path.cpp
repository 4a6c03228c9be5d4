// SPDX-License-Identifier: GPL-3.0-or-later
// Which recorded rows are points of one path.
#include "ui/models/alpha_path.h"

#include <QTest>

#include <string>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

store::RunRow pointRow(int64_t id, const std::string& alpha, const std::string& rest, double ut)
{
    store::RunRow row;
    row.runId = id;
    row.setting = "MST";
    row.lastSession = 2;
    row.notes =
        "(1 − α)·before + α·after of run 1, α = " + alpha + ";" + rest + " no training of its own";
    row.metrics = {{"UT-Acc (session mean)", ut}, {"ZS-Acc", 100 - ut}};
    return row;
}

} // namespace

class TestAlphaPath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void partsPathsBySessionAndStart()
    {
        const std::string start = " session 2 from its start;";
        const std::string original = " session 2 from the original model;";
        const std::vector<store::RunRow> rows{
            pointRow(10, "1", start, 70),      pointRow(11, "0", start, 50),
            pointRow(12, "0", original, 40),   pointRow(13, "0.5", original, 45),
            pointRow(14, "1", original, 70),   pointRow(15, "0.5", "", 30),
            pointRow(16, "0.5", original, 46), // once more
        };
        const std::vector<AlphaPath> paths = alphaPaths(rows, {1});
        QCOMPARE(paths.size(), size_t{2}); // the row of an older version stands alone
        const auto find = [&paths](const QString& part) {
            for (const AlphaPath& path : paths) {
                if (path.part == part)
                    return path;
            }
            return AlphaPath();
        };
        const AlphaPath own = find(u"session 2 from its start"_s);
        QCOMPARE(own.runId, int64_t{1});
        QCOMPARE(own.points.size(), size_t{2});
        QCOMPARE(own.points[0].recordedRun, int64_t{11});
        QCOMPARE(own.points[1].recordedRun, int64_t{10});
        QCOMPARE(own.points[1].session, 2);
        const AlphaPath whole = find(u"session 2 from the original model"_s);
        QCOMPARE(whole.points.size(), size_t{3});
        QCOMPARE(whole.points[1].alpha, 0.5);
        QCOMPARE(whole.points[1].recordedRun, int64_t{16}); // the newer of both
        QCOMPARE(whole.points[1].ut, 46.0);
        QCOMPARE(whole.points[1].zs, 54.0);
    }

    // After an export and import runs have other numbers than notes say.
    void knowsTheRunByItsUid()
    {
        store::RunRow run;
        run.runId = 7;
        run.uid = "aa";
        store::RunRow other;
        other.runId = 1; // what the notes name
        other.uid = "bb";
        std::vector<store::RunRow> rows{other, run,
                                        pointRow(10, "1", " session 2 from its start;", 70),
                                        pointRow(11, "0", " session 2 from its start;", 50)};
        rows[2].notes = "edited by somebody";
        rows[2].weightPath = store::WeightPath{"aa", 2, false, 1.0};
        rows[3].weightPath = store::WeightPath{"aa", 2, false, 0.0};
        QVERIFY(alphaPaths(rows, {1}).empty());
        const std::vector<AlphaPath> paths = alphaPaths(rows, {7});
        QCOMPARE(paths.size(), size_t{1});
        QCOMPARE(paths[0].part, u"session 2 from its start"_s);
        QCOMPARE(paths[0].points.size(), size_t{2});
        QCOMPARE(paths[0].points[0].recordedRun, int64_t{11});
        QCOMPARE(paths[0].points[1].alpha, 1.0);
        // Without its run it is nobody's.
        rows[1].uid = "cc";
        QVERIFY(alphaPaths(rows, {1, 7}).empty());
    }

    void needsTwoPointsOfTheseRuns()
    {
        std::vector<store::RunRow> rows{pointRow(10, "1", "", 70)};
        QVERIFY(alphaPaths(rows, {1}).empty());
        rows.push_back(pointRow(11, "0", "", 50));
        QCOMPARE(alphaPaths(rows, {1}).size(), size_t{1});
        QVERIFY(alphaPaths(rows, {2}).empty());
    }
};

QTEST_GUILESS_MAIN(TestAlphaPath)
#include "tst_alpha_path.moc"
