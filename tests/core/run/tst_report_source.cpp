// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a project as tables see them: every printed cell of the paper, counts taken anew in
// another label space, and which runs are samples of one configuration.
#include "core/base/number_text.h"
#include "core/report/csv.h"
#include "core/report/tables.h"
#include "core/run/report_source.h"
#include "core/spec/run_spec.h"
#include "core/store/starter.h"
#include "tests/core/report/printed_tables.h"
#include "tests/core/store/store_fixture.h"

#include <algorithm>
#include <cmath>

using namespace clwb;
using namespace clwb::report;
using store::OpenMode;
using store::Project;

namespace
{

std::vector<ReportRun> runsOf(const Project& project, const std::string& origin = {},
                              run::LabelSpace space = run::LabelSpace::AsStored)
{
    auto rows = project.runs();
    test::must(rows);
    std::erase_if(
        *rows, [&](const store::RunRow& row) { return !origin.empty() && row.origin != origin; });
    auto runs = run::reportRuns(project, *rows, space);
    test::must(runs);
    return *runs;
}

std::optional<size_t> columnOf(const Grid& grid, const std::string& key)
{
    for (size_t i = 0; i < grid.columns.size(); ++i) {
        if (grid.columns[i].key == key)
            return i;
    }
    return std::nullopt;
}

/// What tells a row of a paper's table apart, in the words of printed_tables.h.
std::string nameOf(const Grid& grid, const Row& row)
{
    const Cell& first = row.cells[0];
    const Cell& second = row.cells[1];
    if (grid.kind == "shuffle")
        return (second.text == "true" ? "shuffled " : "") + first.text;
    if (!grid.kind.starts_with("ablation"))
        return first.text;
    return second.text.empty() ? grid.columns[1].key + "=" + shortestText(*second.value)
                               : second.text;
}

const Row* findRow(const Grid& grid, const test::PrintedCell& cell)
{
    const Row* found = nullptr;
    for (const Row& row : grid.rows) {
        const bool isSetting =
            !grid.kind.starts_with("ablation") || row.cells[0].text == cell.setting;
        if (!isSetting || nameOf(grid, row) != cell.row)
            continue;
        if (found)
            return nullptr; // ambiguous
        found = &row;
    }
    return found;
}

/// The cell of a row of `table KIND --format csv`.
std::string csvCell(const CsvTable& table, int64_t runId, const test::PrintedCell& cell)
{
    const size_t column = table.column(cell.column).value();
    for (const std::vector<std::string>& row : table.rows) {
        const bool isShuffled =
            cell.table == "shuffle" &&
            (row[*table.column("shuffled")] == "true") != cell.row.starts_with("shuffled ");
        if (row[*table.column("run_id")] == std::to_string(runId) && !isShuffled)
            return row[column];
    }
    return "no such row";
}

/// How many printed cells the tables of these runs show as printed, and hold exactly in CSV.
size_t countEqualCells(const std::vector<ReportRun>& runs)
{
    size_t equal = 0;
    for (const test::PrintedCell& cell : test::printedCells()) {
        const QString where = QString::fromStdString(cell.table + " " + cell.setting + ", " +
                                                     cell.row + ", " + cell.column);
        TableOptions options;
        options.layout = Layout::Paper;
        const Grid grid = *buildTable(cell.table, runs, options);
        const Row* row = findRow(grid, cell);
        const auto column = columnOf(grid, cell.column);
        if (!row || !column || row->runIds.size() != 1) {
            qWarning("not found: %s", qPrintable(where));
            continue;
        }
        const std::string shown = displayText(grid, grid.columns[*column], row->cells[*column]);
        const auto csv = readCsv(*renderTable(cell.table, runs, TableFormat::Csv), "csv");
        const std::string exact = csvCell(*csv, row->runIds.front(), cell);
        if (shown == cell.text && parseDouble(exact) == parseDouble(cell.text))
            ++equal;
        else
            qWarning("%s: printed %s, shown %s, CSV %s", qPrintable(where), cell.text.c_str(),
                     shown.c_str(), exact.c_str());
    }
    return equal;
}

/// Three sessions of two classes; the numbers of hits among all classes and among the seen ones
/// differ, so that the label spaces can be told apart.
metrics::EvaluationRecord recordAfter(int session)
{
    metrics::EvaluationRecord record;
    record.modelSha256 = "m";
    record.session = session;
    metrics::UtRecord ut;
    ut.classes = {"a", "b"};
    ut.sessionOfClass = {1, 2};
    if (session == 0)
        ut.confusion = {{1, 3}, {0, 5}};
    else if (session == 1)
        ut.confusion = {{2, 2}, {4, 1}};
    else
        ut.confusion = {{1, 3}, {1, 4}};
    ut.seenHits = session == 0   ? std::vector<int64_t>{0, 0}
                  : session == 1 ? std::vector<int64_t>{4, 0}
                                 : std::vector<int64_t>{1, 4};
    record.ut = ut;
    metrics::ZsRecord zs;
    zs.classes = {"z"};
    zs.hits = {6};
    zs.totals = {10};
    record.zs = zs;
    return record;
}

store::FinishedRun countedRun()
{
    store::FinishedRun run = test::finishedRun("counted");
    run.records = {recordAfter(0), recordAfter(1), recordAfter(2)};
    return run;
}

/// A complete resolved spec, as runs store it.
Json specOf(const std::string& study, const std::string& studyHash, uint64_t seed)
{
    auto resolved = spec::resolveRunSpec(Json{{"study", study},
                                              {"model", "/models/m"},
                                              {"method", "ft"},
                                              {"option", "WM"},
                                              {"setting", "MST"},
                                              {"seed", seed}},
                                         "/", {});
    test::must(resolved);
    Json document = spec::toJson(resolved->spec);
    document["study_sha256"] = studyHash;
    document["model_sha256"] = "weights";
    return document;
}

bool isNear(double got, double expected)
{
    return std::abs(got - expected) < 1e-12;
}

} // namespace

class TestReportSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPrintedCellIsInANewStarterProject()
    {
        QCOMPARE(test::printedCells().size(), test::kPrintedCellCount);
        const test::TemporaryProject file;
        VERIFY_OK(store::createStarterProject(file.file(), run::paperRows()));
        const Project project = file.open(OpenMode::ReadOnly);
        QCOMPARE(countEqualCells(runsOf(project)), test::kPrintedCellCount);
    }

    void everyPrintedCellIsInTheShippedProject()
    {
        const auto project = Project::open(CLWB_SOURCE_DIR "/experiments.db", OpenMode::ReadOnly);
        VERIFY_OK(project);
        const std::vector<ReportRun> runs = runsOf(*project, "paper");
        QCOMPARE(runs.size(), run::paperRows().size());
        QCOMPARE(countEqualCells(runs), test::kPrintedCellCount);
    }

    void sessionsOfThePaperComeWithItsRuns()
    {
        const test::TemporaryProject file;
        VERIFY_OK(store::createStarterProject(file.file(), run::paperRows()));
        const std::vector<ReportRun> runs = runsOf(file.open(OpenMode::ReadOnly));
        const std::string text = *renderTable("sessions", runs, TableFormat::Markdown);
        QVERIFY2(text.find("| Paper | 1 | person, bicycle, car, motorcycle, airplane, bus, train, "
                           "truck, boat, traffic light | 258719 | 14886 |") != std::string::npos,
                 text.c_str());
        QVERIFY(text.find("| 37175 | 2230 |") != std::string::npos);
        QCOMPARE(std::count(text.begin(), text.end(), '\n'), std::ptrdiff_t(2 + 2 + 8));
    }

    void countsAnewInTheSeenLabelSpace()
    {
        const test::TemporaryProject file;
        {
            Project project = file.open();
            VERIFY_OK(store::insertFinishedRun(project, countedRun()));
        }
        const Project project = file.open(OpenMode::ReadOnly);
        const ReportRun all = runsOf(project).front();
        // Hits 1 of 4 and 4 of 5 after the last session; 2 of 4 just after the first.
        QVERIFY(isNear(all.metrics.at("UT-Acc (overall)"), 100.0 * 5 / 9));
        QVERIFY(isNear(all.metrics.at("Bwt"), 25.0 - 50.0));
        const ReportRun seen = runsOf(project, "", run::LabelSpace::Seen).front();
        QCOMPARE(seen.labelSpace, std::string("seen"));
        QVERIFY(isNear(seen.metrics.at("UT-Acc (session mean)"), (25.0 + 80.0) / 2));
        QVERIFY(isNear(seen.metrics.at("Bwt"), 25.0 - 100.0));
        QVERIFY(isNear(seen.metrics.at("A-Acc"), ((25.0 + 80.0) / 2 + 60.0) / 2));
        QVERIFY(isNear(seen.series.at(1).at("UT-Acc (seen)"), 100.0));
        QVERIFY(isNear(*seen.matrix.at(1)[0], 100.0));
        QVERIFY(isNear(seen.series.at(0).at("ZS-Acc"), 60.0)); // not of the updated task
        // Before the first session nothing has been seen: undefined, not zero.
        QVERIFY(!seen.series.at(0).contains("UT-Acc (overall)"));
        QVERIFY(!seen.series.at(0).contains("A-Acc"));
        QVERIFY(!seen.matrix.contains(0));
        // Counting among all classes again is what was stored.
        const ReportRun again = runsOf(project, "", run::LabelSpace::All).front();
        QVERIFY(again.series == all.series);
        QVERIFY(again.matrix == all.matrix);
        QVERIFY(again.metrics == all.metrics);
        TableOptions options;
        options.labelSpace = "seen";
        const std::string text = *renderTable("mst", {seen}, TableFormat::Markdown, options);
        QVERIFY2(text.find("among the classes seen so far") != std::string::npos, text.c_str());
        QVERIFY(text.find("| 52.50 | -75.00 |") != std::string::npos);
    }

    void labelSpaceStaysWhereItsCountsWereNotStored()
    {
        const test::TemporaryProject file;
        {
            store::FinishedRun run = countedRun();
            for (metrics::EvaluationRecord& record : run.records)
                record.ut->seenHits.clear();
            Project project = file.open();
            VERIFY_OK(store::insertFinishedRun(project, run));
        }
        const ReportRun run =
            runsOf(file.open(OpenMode::ReadOnly), "", run::LabelSpace::Seen).front();
        QCOMPARE(run.labelSpace, std::string("all"));
        QVERIFY(isNear(run.metrics.at("Bwt"), -25.0));
        TableOptions options;
        options.labelSpace = "seen";
        const std::string text = *renderTable("mst", {run}, TableFormat::Markdown, options);
        QVERIFY2(text.find("updated task counted among all classes") != std::string::npos,
                 text.c_str());
    }

    void branchesNameTheirSource()
    {
        const test::TemporaryProject file;
        std::string uid;
        {
            Project project = file.open();
            store::FinishedRun source = countedRun();
            source.spec = specOf("/one/study.json", "data", 0);
            VERIFY_OK(store::insertFinishedRun(project, source));
            uid = project.run(1)->uid;
            for (const std::string& from : {uid, std::string("gone")}) {
                store::FinishedRun branch = source;
                branch.spec["branched_from"] = {
                    {"uid", from}, {"session", 1}, {"configuration", "of the source"}};
                VERIFY_OK(store::insertFinishedRun(project, branch));
            }
        }
        Project project = file.open();
        const std::vector<ReportRun> runs = runsOf(project);
        QVERIFY(!runs[0].branchedFrom);
        QCOMPARE(branchText(*runs[1].branchedFrom), std::string("from #1, session 1"));
        QCOMPARE(branchText(*runs[2].branchedFrom), std::string("from another run, session 1"));
        // A source in the trash is not there.
        VERIFY_OK(project.moveToTrash(1));
        const auto branches = run::branchesOf(project);
        VERIFY_OK(branches);
        QCOMPARE(branches->size(), size_t(2));
        QCOMPARE(branches->at(2).runId, int64_t(0));
        QCOMPARE(branches->at(2).session, 1);
    }

    void onlySeedsOfOneConfigurationShareARow()
    {
        const test::TemporaryProject file;
        {
            Project project = file.open();
            const auto add = [&](const std::string& name, const Json& spec) {
                store::FinishedRun run = countedRun();
                run.name = name;
                run.spec = spec;
                test::must(store::insertFinishedRun(project, run));
            };
            add("a", specOf("/one/study.json", "data", 0));
            add("b", specOf("/one/study.json", "data", 1));
            add("c", specOf("/elsewhere/study.json", "data", 2)); // the same data
            add("d", specOf("/one/study.json", "other data", 3));
        }
        const std::vector<ReportRun> runs = runsOf(file.open(OpenMode::ReadOnly));
        TableOptions options;
        options.layout = Layout::Paper;
        const Grid grid = *buildTable("mst", runs, options);
        QCOMPARE(grid.rows.size(), size_t(2));
        QCOMPARE(grid.rows[0].runIds, (std::vector<int64_t>{1, 2, 3}));
        QCOMPARE(grid.rows[0].cells[1].count, 3);
        QCOMPARE(grid.rows[1].runIds, std::vector<int64_t>{4});
        QVERIFY(grid.rows[0].contest != grid.rows[1].contest);
        QVERIFY(grid.rows[0].cells[0].text != grid.rows[1].cells[0].text);
    }
};

QTEST_APPLESS_MAIN(TestReportSource)
#include "tst_report_source.moc"
