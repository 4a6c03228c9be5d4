// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in numbers of the paper: complete, correctly labelled, and consistent in themselves.
#include "core/report/paper_numbers.h"
#include "core/report/tables.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace clwb::report;

namespace
{

const ReportRun& find(const std::string& name)
{
    for (const ReportRun& run : paperRuns()) {
        if (run.name == name)
            return run;
    }
    qFatal("no run %s", name.c_str());
}

} // namespace

class TestPaperNumbers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCombinationIsThereOnce()
    {
        std::set<std::string> names;
        int combinations = 0;
        int references = 0;
        int ablations = 0;
        for (const ReportRun& run : paperRuns()) {
            QVERIFY2(names.insert(run.name).second, run.name.c_str());
            QVERIFY(run.isReported() && !run.seed && run.status == "reported");
            const std::string tables = paramText(run, "paper.tables");
            const bool isMain = tables.find("III") == 0 || tables.find("IV") == 0;
            if (run.isReference())
                ++references;
            else if (isMain)
                ++combinations;
            else
                ++ablations;
        }
        QCOMPARE(combinations, 36);
        QCOMPARE(references, 4); // Original twice, Joint-FT, the cited VSE++
        QCOMPARE(ablations, 18); // 2 settings × (4 M + 4 Ks + captions)
        QCOMPARE(paperRuns().size(), size_t(58));
        for (const char* method : {"FT", "LwF", "GeoDL", "IMM", "RKR", "VR-LwF"}) {
            for (const char* option : {"WM", "IO", "TO"}) {
                for (const char* setting : {"OST", "MST"})
                    QVERIFY(names.contains(std::string(method) + "-" + option + " " + setting +
                                           " (paper)"));
            }
        }
    }

    void everyCellIsThere()
    {
        // Metrics of the tables: III 19·7, IV 18·8 + 7 + 1, V and VI 9·5 more, VII and VIII 9·6
        // more, II: TR@10 and IR@10 of the original, 6 shuffled, 4 of VSE++.
        size_t cells = 0;
        for (const ReportRun& run : paperRuns())
            cells += run.metrics.size();
        QCOMPARE(cells, size_t(19 * 7 + 18 * 8 + 7 + 1 + 9 * 5 + 9 * 6 + 2 + 6 + 4));
    }

    void averageIsTheMeanOfUpdatedTaskAndZeroShot()
    {
        int checked = 0;
        for (const ReportRun& run : paperRuns()) {
            const auto average = metricOf(run, "A-Acc");
            if (!average)
                continue;
            const auto ut =
                metricOf(run, run.setting == "OST" ? "UT-Acc (overall)" : "UT-Acc (session mean)");
            const double expected = (*ut + *metricOf(run, "ZS-Acc")) / 2;
            // Printed from unrounded values: half a unit of both and of the mean itself.
            QVERIFY2(std::abs(*average - expected) <= 0.0101, run.name.c_str());
            ++checked;
        }
        QCOMPARE(checked, 37 + 1 + 18);
    }

    void someCellsByHand()
    {
        QCOMPARE(*metricOf(find("VR-LwF-WM MST (paper)"), "Bwt"), -1.36);
        QCOMPARE(*metricOf(find("RKR-TO MST (paper)"), "Bwt"), 1.64);
        QCOMPARE(*metricOf(find("FT-IO OST (paper)"), "ZS-Acc"), 38.84);
        QCOMPARE(*metricOf(find("FT-WM OST (paper)"), "UT-Acc (overall)"), 74.21);
        QCOMPARE(*metricOf(find("VR-LwF-WM OST M=70 (paper)"), "IR@1"), 46.83);
        QCOMPARE(*metricOf(find("VR-LwF-WM MST captions (paper)"), "Bwt"), -0.75);
        QCOMPARE(*metricOf(find("Original CLIP OST (paper)"), "shuffled IR@10"), 78.72);
        QCOMPARE(*metricOf(find("Joint-FT MST (paper)"), "UT-Acc (session mean)"), 67.33);
        QVERIFY(!metricOf(find("VSE++"), "TR@5"));
    }

    void slipsOfTheTableAreCorrected()
    {
        // Printed as VR-LwF-WM in the groups of IO and TO.
        QCOMPARE(*metricOf(find("VR-LwF-IO MST (paper)"), "UT-Acc (session mean)"), 56.87);
        QCOMPARE(*metricOf(find("VR-LwF-TO MST (paper)"), "UT-Acc (session mean)"), 53.80);
        QCOMPARE(paramText(find("VR-LwF-TO MST (paper)"), "paper.note"),
                 std::string("printed as VR-LwF-WM"));
    }

    void runsOfSeveralTablesAreOne()
    {
        const ReportRun& run = find("VR-LwF-WM MST (paper)");
        QCOMPARE(paramText(run, "paper.tables"), std::string("IV, VII, VIII"));
        QCOMPARE(paramText(run, "params.M"), std::string("10"));
        QCOMPARE(paramText(find("VR-LwF-WM OST captions (paper)"), "params.replay"),
                 std::string("captions"));
        QCOMPARE(paramText(find("VR-LwF-WM OST captions (paper)"), "paper.tables"),
                 std::string("V, VI"));
        QVERIFY(find("VR-LwF-WM OST captions (paper)").params.contains("params.Ks"));
    }

    void sessionsAddUp()
    {
        int64_t train = 0;
        int64_t test = 0;
        std::set<std::string> classes;
        for (const SessionCrops& session : paperSessions()) {
            train += *session.train;
            test += *session.test;
            QCOMPARE(session.classes.size(), size_t(10));
            classes.insert(session.classes.begin(), session.classes.end());
        }
        QCOMPARE(train, int64_t(596974));
        QCOMPARE(test, int64_t(35360));
        QCOMPARE(classes.size(), size_t(80));
        QVERIFY(classes.contains("hair drier") && classes.contains("tv"));
    }

    void eachTableHoldsItsOwnRows()
    {
        QCOMPARE(buildTable("ost", paperRuns(), {})->rows.size(), size_t(19));
        QCOMPARE(buildTable("mst", paperRuns(), {})->rows.size(), size_t(20));
        QCOMPARE(buildTable("ablation-m", paperRuns(), {})->rows.size(), size_t(12)); // + captions
        QCOMPARE(buildTable("ablation-ks", paperRuns(), {})->rows.size(), size_t(10));
        QCOMPARE(buildTable("shuffle", paperRuns(), {})->rows.size(), size_t(3));
        QCOMPARE(buildTable("sessions", paperRuns(), {})->rows.size(), size_t(8));
    }

    void reportedSpecsHoldTheParameters()
    {
        const clwb::Json spec = reportedSpec(find("VR-LwF-WM MST M=20 (paper)"));
        QVERIFY(spec["method"] == "vr-lwf" && spec["setting"] == "MST");
        QVERIFY(spec["params"]["M"] == 20 && spec["params"]["replay"] == "random_tokens");
        QVERIFY(spec["paper"]["tables"] == "VII");
        QVERIFY(!spec.contains("seed"));
    }
};

QTEST_APPLESS_MAIN(TestPaperNumbers)
#include "tst_paper_numbers.moc"
