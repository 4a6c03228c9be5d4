// SPDX-License-Identifier: GPL-3.0-or-later
// Tables: exact CSV columns, marks with ties and exclusions, seeds, escaping, import.
#include "core/base/json.h"
#include "core/report/paper_numbers.h"
#include "core/report/table_writers.h"
#include "core/report/tables.h"

#include <QTest>

#include <algorithm>

using namespace clwb;
using namespace clwb::report;

namespace
{

ReportRun run(int64_t id, const std::string& method, const std::string& option, double ut)
{
    ReportRun result;
    result.runId = id;
    result.name = method + std::to_string(id);
    result.method = method;
    result.option = option;
    result.setting = "MST";
    result.seed = id;
    result.metrics = {{"UT-Acc (session mean)", ut}, {"ZS-Acc", 60.0}};
    return result;
}

std::string render(const std::string& kind, const std::vector<ReportRun>& runs, TableFormat format)
{
    const auto text = renderTable(kind, runs, format);
    return text ? *text : "error: " + text.error().message;
}

std::string firstLine(const std::string& text)
{
    return text.substr(0, text.find("\r\n"));
}

/// Labels of the rows whose cell in a column is marked.
std::string marked(const Grid& grid, const std::string& key, bool Cell::*mark)
{
    std::string labels;
    for (size_t i = 0; i < grid.columns.size(); ++i) {
        if (grid.columns[i].key != key)
            continue;
        for (const Row& row : grid.rows) {
            if (row.cells[i].*mark)
                labels += row.cells[0].text + " ";
        }
    }
    return labels;
}

Grid paperGrid(const std::string& kind, const std::vector<ReportRun>& runs)
{
    TableOptions options;
    options.layout = Layout::Paper;
    return *buildTable(kind, runs, options);
}

/// Table III or IV alone, without the ablations.
std::vector<ReportRun> mainRuns(const std::string& table)
{
    std::vector<ReportRun> runs;
    for (const ReportRun& paper : paperRuns()) {
        if (paramText(paper, "paper.tables").starts_with(table))
            runs.push_back(paper);
    }
    return runs;
}

} // namespace

class TestTables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void csvHasTheColumnsOfTheInterface()
    {
        const auto& runs = paperRuns();
        QCOMPARE(firstLine(render("ost", runs, TableFormat::Csv)),
                 std::string("run_id,method,option,UT-Acc,ZS-Acc,TR@1,TR@5,IR@1,IR@5,A-Acc"));
        QCOMPARE(firstLine(render("mst", runs, TableFormat::Csv)),
                 std::string("run_id,method,option,UT-Acc,Bwt,ZS-Acc,TR@1,TR@5,IR@1,IR@5,A-Acc"));
        QCOMPARE(firstLine(render("curves", runs, TableFormat::Csv)),
                 std::string("run_id,session,UT-Acc (overall),UT-Acc (session mean),"
                             "UT-Acc (seen),ZS-Acc,A-Acc"));
        QCOMPARE(firstLine(render("ablation-m", runs, TableFormat::Csv)),
                 std::string("run_id,M,UT-Acc,Bwt,ZS-Acc,TR@1,IR@1,A-Acc"));
        QCOMPARE(firstLine(render("ablation-ks", runs, TableFormat::Csv)),
                 std::string("run_id,Ks,UT-Acc,Bwt,ZS-Acc,TR@1,IR@1,A-Acc"));
        QCOMPARE(firstLine(render("shuffle", runs, TableFormat::Csv)),
                 std::string("run_id,shuffled,seed,TR@1,TR@5,TR@10,IR@1,IR@5,IR@10"));
        QVERIFY(firstLine(render("runs", runs, TableFormat::Csv))
                    .starts_with("run_id,uid,name,kind,method,option,setting,status,seed,"
                                 "created_utc,finished_utc,seconds,study,model,origin,UT-Acc"));
        QVERIFY(render("nst", runs, TableFormat::Csv).starts_with("error: table"));
    }

    void csvRowsAreByRunIdAndUnrounded()
    {
        ReportRun second = run(2, "ft", "WM", 100.0 / 3);
        second.metrics["Bwt"] = -18.45;
        const std::string text = render("mst", {second, run(1, "lwf", "IO", 50)}, TableFormat::Csv);
        QCOMPARE(
            text.substr(text.find("\r\n") + 2),
            std::string("1,lwf,IO,50,,60,,,,,\r\n2,ft,WM,33.333333333333336,-18.45,60,,,,,\r\n"));
    }

    void matrixAndCurvesListEverySession()
    {
        ReportRun one = run(1, "ft", "WM", 50);
        one.matrix = {{0, {10.0, 20.0}}, {1, {90.0, std::nullopt}}, {2, {30.0, 80.0}}};
        one.series = {{0, {{"ZS-Acc", 62.5}}}, {2, {{"ZS-Acc", 50.0}, {"UT-Acc (seen)", 55.0}}}};
        QCOMPARE(render("matrix", {one}, TableFormat::Csv),
                 std::string("run_id,after_session,session_1,session_2\r\n1,0,10,20\r\n1,1,90,\r\n"
                             "1,2,30,80\r\n"));
        const std::string curves = render("curves", {one}, TableFormat::Csv);
        QVERIFY(curves.ends_with("1,0,,,,62.5,\r\n1,2,,,55,50,\r\n"));
        one.sessions = {{1, {"dog", "cat"}, 40, 15}, {2, {"bus"}, std::nullopt, 3}};
        QVERIFY(render("sessions", {one}, TableFormat::Csv)
                    .ends_with("1,1,\"dog, cat\",40,15,30\r\n1,2,bus,,3,80\r\n"));
        one.study = "/data/animals/study.json";
        ReportRun two = one;
        two.study = "plants.json";
        const std::string page = render("sessions", {one, two}, TableFormat::Markdown);
        QVERIFY2(page.find("| animals | 1 |") != std::string::npos, page.c_str());
        QVERIFY(page.find("| plants | 2 |") != std::string::npos);
    }

    void marksAgreeWithThePaper()
    {
        // Bold and underlined by hand from the printed columns; the original does not compete.
        const Grid mst = paperGrid("mst", mainRuns("IV"));
        QCOMPARE(mst.rows.size(), size_t(20));
        QCOMPARE(marked(mst, "UT-Acc", &Cell::isBest), std::string("VR-LwF-WM "));
        QCOMPARE(marked(mst, "A-Acc", &Cell::isBest), std::string("VR-LwF-WM "));
        QCOMPARE(marked(mst, "Bwt", &Cell::isBest), std::string("RKR-TO "));
        QCOMPARE(marked(mst, "ZS-Acc", &Cell::isBest), std::string("RKR-TO "));
        QCOMPARE(marked(mst, "TR@1", &Cell::isBest), std::string("RKR-IO "));
        QCOMPARE(marked(mst, "A-Acc", &Cell::isGroupBest),
                 std::string("VR-LwF-WM VR-LwF-IO VR-LwF-TO "));
        QCOMPARE(marked(mst, "Bwt", &Cell::isGroupBest), std::string("RKR-WM LwF-IO RKR-TO "));
        const Grid ost = paperGrid("ost", mainRuns("III"));
        QCOMPARE(marked(ost, "UT-Acc", &Cell::isBest), std::string("VR-LwF-IO "));
        QCOMPARE(marked(ost, "TR@5", &Cell::isBest), std::string("RKR-WM "));
        QCOMPARE(marked(ost, "TR@5", &Cell::isGroupBest), std::string("RKR-WM RKR-IO RKR-TO "));
        QCOMPARE(marked(ost, "A-Acc", &Cell::isBest), std::string("VR-LwF-WM "));
    }

    void tiesAreMarkedAtDisplayedRounding()
    {
        const Grid grid =
            paperGrid("mst", {run(1, "ft", "WM", 67.4301), run(2, "lwf", "WM", 67.4349),
                              run(3, "imm", "WM", 67.42)});
        QCOMPARE(marked(grid, "UT-Acc", &Cell::isBest), std::string("FT-WM LwF-WM "));
        TableOptions options;
        options.layout = Layout::Paper;
        options.decimals = 3;
        const Grid fine = *buildTable(
            "mst", {run(1, "ft", "WM", 67.4301), run(2, "lwf", "WM", 67.4349)}, options);
        QCOMPARE(marked(fine, "UT-Acc", &Cell::isBest), std::string("LwF-WM "));
    }

    void referencesAndReportedRowsDoNotCompete()
    {
        ReportRun original = run(1, "", "", 99);
        original.kind = "original";
        ReportRun reported = run(2, "rkr", "WM", 98);
        reported.origin = "paper";
        const Grid grid =
            paperGrid("mst", {original, reported, run(3, "ft", "WM", 10), run(4, "lwf", "WM", 20)});
        QCOMPARE(grid.rows[0].cells[0].text, std::string("Original CLIP"));
        QCOMPARE(grid.columns[1].key, std::string("source"));
        QCOMPARE(marked(grid, "UT-Acc", &Cell::isBest), std::string("LwF-WM "));
        const Grid alone = paperGrid("mst", {original, run(3, "ft", "WM", 10)});
        QCOMPARE(marked(alone, "UT-Acc", &Cell::isBest), std::string()); // nobody to beat
    }

    void seedsBecomeOneRow()
    {
        ReportRun other = run(4, "ft", "WM", 20);
        other.params["params.beta"] = "3.0";
        ReportRun same = run(2, "ft", "WM", 14);
        const Grid grid = paperGrid("mst", {run(1, "ft", "WM", 10), same, other});
        QCOMPARE(grid.rows.size(), size_t(2));
        QCOMPARE(grid.rows[0].runIds, (std::vector<int64_t>{1, 2}));
        QCOMPARE(displayText(grid, grid.columns[1], grid.rows[0].cells[1]),
                 std::string("12.00 ± 2.83 (2)"));
        QCOMPARE(grid.rows[1].cells[0].text, std::string("FT-WM (β 3.0)"));
        // The same seed again is no further sample.
        ReportRun again = run(5, "ft", "WM", 16);
        again.seed = 2;
        const Grid repeated = paperGrid("mst", {run(1, "ft", "WM", 10), same, again});
        QCOMPARE(repeated.rows[0].runIds, (std::vector<int64_t>{1, 5}));
        QCOMPARE(repeated.rows[0].cells[1].value.value(), 13.0);
        // And the reader is told which one counts.
        const std::string told = "FT-WM: #2 is not counted: #5 repeats its seed 2 (n = 2).";
        QVERIFY(std::find(repeated.notes.begin(), repeated.notes.end(), told) !=
                repeated.notes.end());
    }

    // Ten runs of one seed: the last counts, of the others a reader is not told one by one.
    void manyRepeatedSeedsAreToldInAFew()
    {
        std::vector<ReportRun> runs;
        for (int id = 1; id <= 10; ++id) {
            runs.push_back(run(id, "ft", "WM", 10));
            runs.back().seed = 2;
        }
        const Grid grid = paperGrid("mst", runs);
        const std::string told =
            "FT-WM: #1 is not counted: #10 repeats its seed 2; #2 is not counted: #10 repeats its "
            "seed 2; 7 more are not counted: later runs repeat their seeds (n = 1).";
        QVERIFY(std::find(grid.notes.begin(), grid.notes.end(), told) != grid.notes.end());
    }

    // The same study in another folder is no other study, and no path stands in a paper.
    void placesOfFilesAreNoDifference()
    {
        ReportRun finished = run(1, "ft", "WM", 10);
        finished.study = "build/world/study.json";
        finished.model = "resources/mini-clip";
        ReportRun stopped = run(2, "ft", "WM", 5);
        stopped.status = "stopped";
        stopped.study = "/tmp/elsewhere/world/study.json";
        stopped.model = "/tmp/elsewhere/mini-clip";
        for (ReportRun* each : {&finished, &stopped})
            each->params = {{"study_sha256", "\"aa\""}, {"model_sha256", "\"bb\""}};
        const Grid grid = paperGrid("mst", {finished, stopped});
        QCOMPARE(grid.rows.size(), size_t(2));
        QCOMPARE(grid.rows[0].cells[0].text, std::string("FT-WM"));
        QCOMPARE(grid.rows[1].cells[0].text, std::string("FT-WM (stopped)"));
        // Two seeds are one row, wherever their files lay.
        ReportRun second = stopped;
        second.status = "finished";
        second.seed = 1;
        finished.seed = 0;
        const Grid seeds = paperGrid("mst", {finished, second});
        QCOMPARE(seeds.rows.size(), size_t(1));
        QCOMPARE(seeds.rows[0].runIds, (std::vector<int64_t>{1, 2}));
        // Models of other names are told apart by them.
        ReportRun other = run(3, "ft", "WM", 7);
        other.study = finished.study;
        other.model = "/data/vit-b-32";
        other.params = {{"study_sha256", "\"aa\""}, {"model_sha256", "\"cc\""}};
        const Grid models = paperGrid("mst", {finished, other});
        QCOMPARE(models.rows[0].cells[0].text, std::string("FT-WM (Model mini-clip)"));
        QCOMPARE(models.rows[1].cells[0].text, std::string("FT-WM (Model vit-b-32)"));
    }

    // The same study with other pictures is no further seed; of older runs nobody knows.
    void otherPicturesAreNoFurtherSeed()
    {
        std::vector<ReportRun> runs{run(1, "ft", "WM", 10), run(2, "ft", "WM", 20),
                                    run(3, "ft", "WM", 30), run(4, "ft", "WM", 40)};
        for (ReportRun& each : runs) {
            each.seed = each.runId;
            each.params = {{"study_sha256", "\"aa\""}, {"model_sha256", "\"bb\""}};
        }
        QCOMPARE(paperGrid("mst", runs).rows.size(), size_t(1));
        runs[1].params["data_manifest.sha256"] = "\"0123456789\"";
        runs[2].params["data_manifest.sha256"] = "\"0123456789\"";
        QCOMPARE(paperGrid("mst", runs).rows.size(), size_t(1));
        runs[2].params["data_manifest.sha256"] = "\"fedcba9876\"";
        const Grid grid = paperGrid("mst", runs);
        QCOMPARE(grid.rows.size(), size_t(2));
        QCOMPARE(grid.rows[0].runIds, (std::vector<int64_t>{1, 2, 4}));
        QCOMPARE(grid.rows[0].cells[0].text, std::string("FT-WM on data 01234567"));
        QCOMPARE(grid.rows[1].runIds, (std::vector<int64_t>{3}));
        QCOMPARE(grid.rows[1].cells[0].text, std::string("FT-WM on data fedcba98"));
    }

    void hintsAreNoTextOfAPaper()
    {
        TableOptions options;
        options.isComplete = true;
        options.layout = Layout::Paper;
        const Grid grid = *buildTable("mst", {}, options);
        QVERIFY(!grid.hints.empty());
        const std::string latex = toLatex(grid);
        const size_t hint = latex.find("clwb sweep");
        QVERIFY(hint != std::string::npos);
        QVERIFY(latex.find("\\end{table}") < hint);
        const size_t line = latex.rfind('\n', hint) + 1;
        QCOMPARE(latex[line], '%');
    }

    void orderIsThePapers()
    {
        ReportRun joint = run(9, "", "WM", 1);
        joint.kind = "joint";
        const Grid grid =
            paperGrid("mst", {run(1, "vr-lwf", "TO", 1), run(2, "ft", "TO", 1),
                              run(3, "rkr", "WM", 1), run(4, "geodl", "IO", 1), joint});
        std::string labels;
        for (const Row& row : grid.rows)
            labels += row.cells[0].text + " ";
        QCOMPARE(labels, std::string("Joint-FT RKR-WM GeoDL-IO FT-TO VR-LwF-TO "));
    }

    void latexIsEscapedAndGrouped()
    {
        QCOMPARE(escapedForLatex("VR_LwF 50% & #1 {x} ~^\\$"),
                 std::string("VR\\_LwF 50\\% \\& \\#1 \\{x\\} \\textasciitilde{}"
                             "\\textasciicircum{}\\textbackslash{}\\$"));
        const std::string text = render("mst", mainRuns("IV"), TableFormat::Latex);
        QVERIFY(text.find("\\textbf{") != std::string::npos);
        QVERIFY(text.find("$-$18.45") != std::string::npos);
        QVERIFY(text.find("\\underline{\\textbf{58.03}}") != std::string::npos);
        size_t rules = 0;
        for (size_t at = text.find("\\midrule"); at != std::string::npos;
             at = text.find("\\midrule", at + 1))
            ++rules;
        QCOMPARE(rules, size_t(4)); // header, WM, IO, TO
        QVERIFY(text.find("Joint-FT & 67.33 & -- &") != std::string::npos);
    }

    void otherFormatsEscapeToo()
    {
        ReportRun hostile = run(1, "ft", "WM", 10);
        hostile.name = "<b>|*x_ & \"\n";
        const std::string html = render("runs", {hostile}, TableFormat::Html);
        QVERIFY(html.find("&lt;b&gt;|*x_ &amp; &quot; ") != std::string::npos);
        const std::string markdown = render("runs", {hostile}, TableFormat::Markdown);
        QVERIFY(markdown.find("\\<b\\>\\|\\*x\\_ \\& \"  |") != std::string::npos);
        const auto json = parseJson(render("runs", {hostile}, TableFormat::Json), "test");
        QVERIFY(json.has_value());
        QVERIFY((*json)["rows"][0]["name"] == hostile.name);
        QVERIFY((*json)["rows"][0]["Bwt"].is_null());
        QVERIFY((*json)["rows"][0]["run_id"] == 1);
        QVERIFY(tableFormatFromText("html").has_value());
        QVERIFY(!tableFormatFromText("xml").has_value());
    }

    void runsReadBackFromCsv()
    {
        ReportRun first = run(1, "ft", "WM", 100.0 / 3);
        first.name = "=HYPERLINK(\"a,b\")";
        first.metrics["Bwt"] = -18.45;
        first.seconds = 1.25;
        first.uid = "u-1";
        ReportRun second = run(7, "", "", 1);
        second.kind = "original";
        second.seed.reset();
        second.name = "-18.45";
        const auto back = runsFromCsv(render("runs", {first, second}, TableFormat::Csv), "x.csv");
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(back->size(), size_t(2));
        QCOMPARE((*back)[0].name, first.name);
        QVERIFY((*back)[0].metrics == first.metrics);
        QCOMPARE((*back)[0].seconds.value(), 1.25);
        QCOMPARE((*back)[0].seed.value(), int64_t(1));
        QCOMPARE((*back)[1].name, second.name);
        QVERIFY(!(*back)[1].seed);
        QVERIFY((*back)[1].metrics == second.metrics);
        const auto wrong = runsFromCsv("name,kind,setting,ZS-Acc\na,method,OST,12%\n", "x.csv");
        QVERIFY(!wrong && wrong.error().message.find("row 1, column ZS-Acc") != std::string::npos);
        QVERIFY(!runsFromCsv("a,b\n1,2\n", "x.csv"));
    }
};

QTEST_APPLESS_MAIN(TestTables)
#include "tst_tables.moc"
