// SPDX-License-Identifier: GPL-3.0-or-later
// Marks: the paper's own tables against a naive search, second best, ties, and who is no rival.
#include "core/report/paper_numbers.h"
#include "tests/core/report/grid_support.h"
#include "tests/core/report/printed_tables.h"

#include <functional>
#include <iterator>

using namespace clwb;
using namespace clwb::test;

namespace
{

/// Names of the largest of some printed cells; `place` 2: of the second largest value.
Names largest(const std::vector<std::pair<std::string, double>>& cells, int place = 1)
{
    std::set<double, std::greater<>> values;
    for (const auto& [name, value] : cells)
        values.insert(value);
    Names names;
    if (cells.size() < 2 || static_cast<int>(values.size()) < place)
        return names;
    const double wanted = *std::next(values.begin(), place - 1);
    for (const auto& [name, value] : cells) {
        if (value == wanted)
            names.insert(name);
    }
    return names;
}

/// Printed values of a column of a table that compete, in WM, IO, TO or ("") all.
std::vector<std::pair<std::string, double>> competing(const std::string& kind,
                                                      const std::string& setting,
                                                      const std::string& column,
                                                      const std::string& option)
{
    std::vector<std::pair<std::string, double>> cells;
    for (const PrintedCell& cell : printedCells()) {
        const bool isReference = cell.row == "Original CLIP" || cell.row == "Joint-FT";
        const bool isOption = option.empty() || cell.row.ends_with("-" + option);
        if (cell.table != kind || cell.setting != setting || cell.column != column || isReference ||
            !isOption)
            continue;
        const bool isAblation = kind.starts_with("ablation");
        cells.emplace_back(isAblation ? setting + " " + cell.row : cell.row,
                           *parseDouble(cell.text));
    }
    return cells;
}

} // namespace

class TestMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void marksAreThoseOfANaiveSearch_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QStringList>("settings");
        QTest::newRow("III") << "ost" << QStringList{"OST"};
        QTest::newRow("IV") << "mst" << QStringList{"MST"};
        QTest::newRow("V, VII") << "ablation-m" << QStringList{"OST", "MST"};
        QTest::newRow("VI, VIII") << "ablation-ks" << QStringList{"OST", "MST"};
    }

    void marksAreThoseOfANaiveSearch()
    {
        QFETCH(QString, kind);
        QFETCH(QStringList, settings);
        const std::string name = kind.toStdString();
        TableOptions second;
        second.underline = Underline::Second;
        const Grid grid = gridOf(name, paperRuns(), {});
        const Grid other = gridOf(name, paperRuns(), second);
        for (const Column& column : grid.columns) {
            if (column.role != Role::Metric)
                continue;
            Names best, seconds, groups;
            for (const QString& setting : settings) {
                const std::string text = setting.toStdString();
                const auto all = competing(name, text, column.key, "");
                best.merge(largest(all));
                seconds.merge(largest(all, 2));
                for (const char* option : {"WM", "IO", "TO"})
                    groups.merge(largest(competing(name, text, column.key, option)));
            }
            QVERIFY2(!best.empty(), column.key.c_str());
            QVERIFY2(marked(grid, column.key, &Cell::isBest) == best, column.key.c_str());
            QVERIFY2(marked(other, column.key, &Cell::isBest) == best, column.key.c_str());
            QVERIFY2(marked(other, column.key, &Cell::isSecondBest) == seconds, column.key.c_str());
            QVERIFY(marked(other, column.key, &Cell::isGroupBest).empty());
            if (!name.starts_with("ablation"))
                QVERIFY2(marked(grid, column.key, &Cell::isGroupBest) == groups,
                         column.key.c_str());
        }
    }

    void tiesAreAsDisplayedOrExact()
    {
        // The double nearest to 67.425 lies below it and shows as 67.42.
        QCOMPARE(marked(gridOf("mst", {run(1, "ft", "WM", 67.425), run(2, "lwf", "WM", 67.43)}, {}),
                        "UT-Acc", &Cell::isBest),
                 Names{"LwF-WM"});
        const std::vector<ReportRun> runs{run(1, "ft", "WM", 67.4301), run(2, "lwf", "WM", 67.4349),
                                          run(3, "imm", "WM", 67.42)};
        TableOptions options;
        QCOMPARE(marked(gridOf("mst", runs, options), "UT-Acc", &Cell::isBest),
                 (Names{"FT-WM", "LwF-WM"}));
        options.ties = Ties::Exact;
        QCOMPARE(marked(gridOf("mst", runs, options), "UT-Acc", &Cell::isBest), Names{"LwF-WM"});
        // The second best is the next value, also after a tie for the best.
        options.ties = Ties::Displayed;
        options.underline = Underline::Second;
        QCOMPARE(marked(gridOf("mst", runs, options), "UT-Acc", &Cell::isSecondBest),
                 Names{"IMM-WM"});
    }

    void otherStudiesAndUnfinishedRunsAreNoRivals()
    {
        ReportRun elsewhere = run(1, "ft", "WM", 99);
        elsewhere.study = "/other/study.json";
        ReportRun running = run(2, "imm", "WM", 98);
        running.status = "running";
        running.series = {{3, running.metrics}};
        const Grid grid = gridOf(
            "mst", {elsewhere, running, run(3, "lwf", "WM", 10), run(4, "geodl", "WM", 20)}, {});
        QCOMPARE(marked(grid, "UT-Acc", &Cell::isBest), Names{"GeoDL-WM"});
        QVERIFY2(contains(notesOf(grid), "IMM-WM: running, values after session 3."),
                 notesOf(grid).c_str());
    }
};

QTEST_APPLESS_MAIN(TestMarks)
#include "tst_marks.moc"
