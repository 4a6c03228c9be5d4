// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's layout: rows nobody has run, the paper's numbers beside ours, shuffles, further sets
// and curves over seeds, and footnotes.
#include "core/report/paper_numbers.h"
#include "tests/core/report/grid_support.h"

using namespace clwb;
using namespace clwb::test;

class TestPaperLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsThatLearnedNothingAreLeftOut()
    {
        ReportRun fresh = run(1, "ft", "WM", 40);
        fresh.status = "running";
        fresh.series = {{0, fresh.metrics}};
        QCOMPARE(gridOf("mst", {fresh, run(2, "lwf", "WM", 10)}, {}).rows.size(), size_t(1));
        QCOMPARE(buildTable("mst", {fresh}, {})->rows.size(), size_t(1)); // CSV lists it
    }

    void rowsThatNobodyHasRunStandThereEmpty()
    {
        TableOptions options;
        options.isComplete = true;
        const Grid grid = gridOf("mst", {run(1, "ft", "WM", 50), run(2, "rkr", "TO", 40)}, options);
        QCOMPARE(grid.rows.size(), size_t(20)); // Table IV
        QCOMPARE(grid.rows[0].cells[0].text, std::string("Original CLIP"));
        QCOMPARE(grid.rows[2].cells[0].text, std::string("FT-WM"));
        QCOMPARE(shown(grid, 2, "UT-Acc"), std::string("50.00"));
        QCOMPARE(shown(grid, 2, "Bwt"), std::string("–")); // undefined
        QCOMPARE(grid.rows[3].cells[0].text, std::string("LwF-WM"));
        QCOMPARE(shown(grid, 3, "UT-Acc"), std::string()); // not run
        const std::string notes = notesOf(grid);
        QVERIFY2(contains(notes, "Not run yet: Original CLIP, Joint-FT, LwF-WM,"), notes.c_str());
        QVERIFY(!contains(notes, "FT-WM, FT"));
        QVERIFY(contains(notes, "clwb run --set kind=original --set setting=MST --set study="));
        QVERIFY(contains(notes, "clwb sweep resources/studies/table4.json"));
        QCOMPARE(marked(grid, "UT-Acc", &Cell::isBest), Names{"FT-WM"});
        // Nothing of one's own: nothing to complete, but a hint.
        const Grid paper = gridOf("mst", paperRuns(), options);
        QCOMPARE(paper.rows.size(), size_t(20));
        QVERIFY(contains(notesOf(paper), "No run of your own"));
        QVERIFY(contains(notesOf(paper), "VR-LwF-IO (reported), VR-LwF-TO (reported): printed as "
                                         "VR-LwF-WM."));
        QVERIFY(!contains(notesOf(paper), "Not run yet"));
        // Programs get rows of runs only.
        options.layout = Layout::Raw;
        QCOMPARE(buildTable("mst", {run(1, "ft", "WM", 50)}, options)->rows.size(), size_t(1));
    }

    void branchesKeepARowOfTheirOwn()
    {
        ReportRun plain = run(1, "ft", "WM", 50);
        plain.seed = 0;
        ReportRun branch = run(2, "ft", "WM", 60);
        branch.seed = 1;
        branch.branchedFrom = {1, 3};
        const Grid grid = gridOf("mst", {plain, branch}, {});
        QCOMPARE(grid.rows.size(), size_t(2)); // no mean of the two
        QCOMPARE(grid.rows[0].cells[0].text, std::string("FT-WM"));
        QCOMPARE(grid.rows[1].cells[0].text, std::string("FT-WM from #1, session 3"));
        QVERIFY(contains(notesOf(grid), "FT-WM from #1, session 3: branch, trained on from"));
        // Branches of the same place of several runs are samples of one row.
        ReportRun other = branch;
        other.runId = 4;
        other.seed = 2;
        other.branchedFrom = {3, 3};
        const Grid means = gridOf("mst", {plain, branch, other}, {});
        QCOMPARE(means.rows.size(), size_t(2));
        QCOMPARE(means.rows[1].cells[0].text, std::string("FT-WM from 2 runs, session 3"));
        QCOMPARE(means.rows[1].runIds, (std::vector<int64_t>{2, 4}));
        // Of another session, or of another run with the same seed: not the same.
        other.branchedFrom = {3, 2};
        QCOMPARE(gridOf("mst", {branch, other}, {}).rows.size(), size_t(2));
        other.branchedFrom = {3, 3};
        other.seed = branch.seed;
        QCOMPARE(gridOf("mst", {branch, other}, {}).rows[0].runIds.size(), size_t(2));
        // Nobody has run the paper's row by branching.
        TableOptions options;
        options.isComplete = true;
        QVERIFY(contains(notesOf(gridOf("mst", {branch}, options)), "Not run yet: Original CLIP, "
                                                                    "Joint-FT, FT-WM,"));
    }

    void rowsOfSeveralRunsNameAllOfThem()
    {
        ReportRun first = run(1, "ft", "WM", 50);
        first.model = "a";
        ReportRun second = run(2, "ft", "WM", 60);
        second.seed = 1;
        second.configuration = "other";
        ReportRun third = second;
        third.runId = 3;
        third.seed = 2;
        third.model = second.model = "a";
        const Grid grid = gridOf("mst", {first, second, third}, {});
        QCOMPARE(grid.rows[0].cells[0].text, std::string("FT-WM #1"));
        QCOMPARE(grid.rows[1].cells[0].text, std::string("FT-WM #2, #3"));
    }

    void ablationsAreCompletedBySetting()
    {
        TableOptions options;
        options.isComplete = true;
        ReportRun main = run(1, "vr-lwf", "WM", 50);
        main.params = {{"params.M", "10"}, {"params.Ks", "100"}};
        ReportRun other = run(2, "vr-lwf", "WM", 60);
        other.params = {{"params.M", "30"}, {"params.Ks", "100"}};
        const Grid grid = gridOf("ablation-m", {other, main}, options);
        QCOMPARE(grid.rows.size(), size_t(12));
        QCOMPARE(nameOf(grid, grid.rows[6]), std::string("MST M=10"));
        QCOMPARE(nameOf(grid, grid.rows[8]), std::string("MST M=30"));
        QCOMPARE(shown(grid, 8, "UT-Acc"), std::string("60.00"));
        QCOMPARE(shown(grid, 7, "UT-Acc"), std::string());
        QCOMPARE(nameOf(grid, grid.rows[11]), std::string("MST captions"));
        const std::string notes = notesOf(grid);
        QVERIFY2(contains(notes, "VR-LwF-WM MST (M 20)"), notes.c_str());
        QVERIFY(contains(notes, "table5-6.json") && contains(notes, "table7-8.json"));
        // In Table IV the ablation is no further row, unless the run that it varies is missing.
        QCOMPARE(gridOf("mst", {other, main}, {}).rows.size(), size_t(1));
        const Grid alone = gridOf("mst", {other}, {});
        QCOMPARE(alone.rows.size(), size_t(1));
        QCOMPARE(alone.rows[0].cells[0].text, std::string("VR-LwF-WM (M 30)"));
        QCOMPARE(buildTable("mst", {other, main}, {})->rows.size(), size_t(2));
    }

    void reportedNumbersStandBesideOurs()
    {
        ReportRun ours = run(1, "vr-lwf", "IO", 57.0);
        ours.metrics["Bwt"] = -4.0;
        TableOptions options;
        options.reported = Reported::Beside;
        std::vector<ReportRun> runs = paperRuns();
        ours.runId = 1000;
        runs.push_back(ours);
        const Grid grid = gridOf("mst", runs, options);
        QCOMPARE(grid.rows.size(), size_t(1)); // reported rows are not rows then
        QCOMPARE(shown(grid, 0, "UT-Acc"), std::string("57.00"));
        QCOMPARE(shown(grid, 0, "UT-Acc (paper)"), std::string("56.87"));
        QCOMPARE(shown(grid, 0, "UT-Acc (difference)"), std::string("+0.13"));
        QCOMPARE(shown(grid, 0, "Bwt (difference)"), std::string("-1.24"));
        QCOMPARE(shown(grid, 0, "TR@5 (paper)"), std::string("88.18"));
        QCOMPARE(shown(grid, 0, "TR@5 (difference)"), std::string("–"));
        QVERIFY(contains(notesOf(grid), "VR-LwF-IO (reported): printed as VR-LwF-WM."));
        QCOMPARE(grid.columns[1].over, std::string("UT-Acc"));
        // CSV has the columns only when asked.
        const std::string csv = *renderTable("mst", {ours}, TableFormat::Csv, options);
        QVERIFY2(csv.starts_with("run_id,method,option,UT-Acc,UT-Acc (paper),UT-Acc (difference),"
                                 "Bwt,Bwt (paper),"),
                 csv.c_str());
        QVERIFY(contains(csv, "1000,vr-lwf,IO,57,56.87,0.13000000000000"));
        options.isComplete = true;
        const Grid complete = gridOf("mst", {ours}, options);
        QCOMPARE(complete.rows.size(), size_t(20));
        QCOMPARE(shown(complete, 0, "UT-Acc (paper)"), std::string("39.80"));
        QCOMPARE(shown(complete, 0, "UT-Acc (difference)"), std::string());
    }

    void counterpartsAreOfTheSameSettings()
    {
        TableOptions options;
        options.reported = Reported::Beside;
        ReportRun ours = run(1, "vr-lwf", "WM", 60);
        ours.params = {{"params.M", "70"}, {"params.Ks", "100"}};
        QCOMPARE(shown(gridOf("ablation-m", {ours}, options), 0, "UT-Acc (paper)"),
                 std::string("58.48"));
        ours.params["params.M"] = "60"; // the paper has no such run
        QCOMPARE(shown(gridOf("ablation-m", {ours}, options), 0, "UT-Acc (paper)"),
                 std::string("–"));
        ours.params = {{"params.M", "10"}, {"params.Ks", "100"}, {"params.replay", "\"captions\""}};
        QCOMPARE(shown(gridOf("ablation-m", {ours}, options), 0, "UT-Acc (paper)"),
                 std::string("57.30"));
        ReportRun original = run(2, "", "", 40);
        original.kind = "original";
        original.setting = "MST"; // Table II is the same model
        original.metrics = {{"TR@1", 60}, {"shuffled 0 TR@1", 50}, {"shuffled 1 TR@1", 52}};
        const Grid shuffle = gridOf("shuffle", {original}, options);
        QCOMPARE(shown(shuffle, 0, "TR@1 (paper)"), std::string("69.34"));
        QCOMPARE(shown(shuffle, 0, "IR@10 (paper)"), std::string("88.77"));
        QCOMPARE(shown(shuffle, 1, "TR@1"), std::string("51.00 ± 1.41 (2)"));
        QCOMPARE(shown(shuffle, 1, "TR@1 (paper)"), std::string("54.06"));
        QCOMPARE(shown(shuffle, 1, "TR@1 (difference)"), std::string("-3.06"));
    }

    void everyRetrievalSetIsARow()
    {
        ReportRun one = run(1, "ft", "WM", 50);
        one.retrievalSet = "COCO";
        one.metrics = {{"TR@1", 30.0},
                       {"IR@10", 70.0},
                       {"Flickr30k TR@1", 40.0},
                       {"Flickr30k IR@10", 80.0},
                       {"val TR@1", 1.0},
                       {"shuffled 0 TR@1", 2.0},
                       {"Flickr30k shuffled 0 TR@1", 3.0}};
        ReportRun other = one;
        other.runId = 2;
        other.metrics["Flickr30k TR@1"] = 44.0;
        const ReportRun single = run(3, "lwf", "WM", 50);
        QCOMPARE(*renderTable("transfer", {one, other, single}, TableFormat::Csv),
                 std::string("run_id,method,option,setting,set,TR@1,TR@5,TR@10,IR@1,IR@5,IR@10\r\n"
                             "1,ft,WM,MST,COCO,30,,,,,70\r\n1,ft,WM,MST,Flickr30k,40,,,,,80\r\n"
                             "2,ft,WM,MST,COCO,30,,,,,70\r\n2,ft,WM,MST,Flickr30k,44,,,,,80\r\n"));
        const Grid grid = gridOf("transfer", {one, other, single}, {});
        QCOMPARE(grid.rows.size(), size_t(2));
        QCOMPARE(shown(grid, 1, "set"), std::string("Flickr30k"));
        QCOMPARE(shown(grid, 1, "TR@1"), std::string("42.00 ± 2.83 (2)"));
        QVERIFY(contains(notesOf(grid), "Mean ± sample standard deviation"));
        TableOptions options;
        options.isComplete = true;
        const Grid empty = gridOf("transfer", paperRuns(), options);
        QVERIFY(empty.rows.empty()); // the paper prints no numbers of Fig. 5
        QVERIFY(contains(notesOf(empty), "resources/studies/fig5.json"));
    }

    void curvesAreJoinedOverSeeds()
    {
        ReportRun one = run(1, "ft", "WM", 50);
        one.series = {{0, {{"ZS-Acc", 60}}},
                      {1, {{"ZS-Acc", 50}, {"UT-Acc (seen)", 90}, {"UT-Acc (overall)", 30}}}};
        ReportRun other = one;
        other.runId = 2;
        other.series[1]["UT-Acc (seen)"] = 80;
        TableOptions options;
        const Grid seen = gridOf("curves", {one, other}, options);
        QCOMPARE(seen.rows.size(), size_t(2));
        QCOMPARE(shown(seen, 1, "UT-Acc (seen)"), std::string("85.00 ± 7.07 (2)"));
        QCOMPARE(shown(seen, 0, "UT-Acc (seen)"), std::string("–"));
        options.curve = "all";
        QCOMPARE(shown(gridOf("curves", {one, other}, options), 1, "UT-Acc (overall)"),
                 std::string("30.00 ± 0.00 (2)"));
    }

    void undefinedSessionsAreFootnotes()
    {
        ReportRun one = run(1, "ft", "WM", 50);
        one.matrix = {{8, {50.0, std::nullopt, 70.0}}};
        const Grid grid = gridOf("mst", {one, run(2, "lwf", "WM", 40)}, {});
        QVERIFY2(
            contains(notesOf(grid), "FT-WM: no test crops in session 2, left out of the means."),
            notesOf(grid).c_str());
        QCOMPARE(shown(gridOf("matrix", {one}, {}), 0, "session_2"), std::string("–"));
        QVERIFY(contains(*renderTable("matrix", {one}, TableFormat::Csv), "1,8,50,,70"));
    }

    void numbersNeverShowAMinusBeforeZero()
    {
        ReportRun one = run(1, "ft", "WM", 50);
        one.metrics["Bwt"] = -0.001;
        QCOMPARE(shown(gridOf("mst", {one}, {}), 0, "Bwt"), std::string("0.00"));
        TableOptions options;
        options.decimals = 3;
        QCOMPARE(shown(gridOf("mst", {one}, options), 0, "Bwt"), std::string("-0.001"));
    }
};

QTEST_APPLESS_MAIN(TestPaperLayout)
#include "tst_paper_layout.moc"
