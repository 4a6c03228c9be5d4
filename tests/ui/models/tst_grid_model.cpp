// SPDX-License-Identifier: GPL-3.0-or-later
// A report's table as an item model: what a cell says, how it is marked, which runs it leads to.
#include "ui/models/grid_model.h"

#include <QAbstractItemModelTester>
#include <QFont>
#include <QTest>

using namespace clwb;
using namespace Qt::StringLiterals;
using ui::GridModel;

namespace
{

report::Cell text(const char* words)
{
    report::Cell cell;
    cell.text = words;
    return cell;
}

report::Cell value(double number)
{
    report::Cell cell;
    cell.value = number;
    return cell;
}

/// Two own rows and one of the paper:  method | ZS-Acc | TR@1 (over "COCO").
report::Grid smallGrid()
{
    report::Grid grid;
    grid.columns = {{"method", "Method"},
                    {"ZS-Acc", "ZS-Acc", report::Role::Metric},
                    {"TR@1", "TR@1", report::Role::Metric, true, "COCO"}};
    const auto add = [&](const char* name, double zs, const char* group,
                         std::vector<int64_t> runs) -> report::Row& {
        report::Row row;
        row.cells = {text(name), value(zs), value(10)};
        row.group = group;
        row.runIds = std::move(runs);
        grid.rows.push_back(row);
        return grid.rows.back();
    };
    report::Row& mean = add("FT-WM", 24.5, "WM", {3, 4});
    mean.cells[1].deviation = 0.25;
    mean.cells[1].count = 2;
    add("VR-LwF-WM", 38.52, "WM", {7}).cells[1].isBest = true;
    report::Row& reported = add("FT-IO", 30, "IO", {1});
    reported.isReported = true;
    reported.cells[2].isGroupBest = true;
    return grid;
}

} // namespace

class TestGridModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void keepsTheContractOfModels()
    {
        GridModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGrid(smallGrid(), {});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnCount(), 3);
        model.setGrid({}, {});
        QCOMPARE(model.rowCount(), 0);
    }

    void showsValuesSpreadsAndMarks()
    {
        GridModel model;
        model.setGrid(smallGrid(), {Qt::red});
        const QModelIndex mean = model.index(0, 1);
        QCOMPARE(mean.data().toString(), u"24.50"_s);
        QCOMPARE(mean.data(GridModel::SpreadRole).toString(), u"± 0.25"_s); // of all its runs
        QCOMPARE(mean.data(Qt::AccessibleTextRole).toString(), u"24.50 ± 0.25 (2)"_s);
        const QModelIndex best = model.index(1, 1);
        QVERIFY(best.data(Qt::FontRole).value<QFont>().bold());
        QVERIFY(!mean.data(Qt::FontRole).value<QFont>().bold());
        // All values of the column end before the same width.
        QCOMPARE(best.data(GridModel::WidestSpreadRole).toString(), u"± 0.25"_s);
        QVERIFY(best.data(GridModel::SpreadRole).toString().isEmpty());
        QVERIFY(model.index(2, 2).data(GridModel::UnderlineRole).toBool());
        QCOMPARE(model.index(0, 0).data(GridModel::SwatchRole).value<QColor>(), QColor(Qt::red));
        QVERIFY(!model.index(1, 0).data(GridModel::SwatchRole).isValid());
        QVERIFY(model.index(2, 1).data(GridModel::QuietRole).toBool());
        QVERIFY(!best.data(GridModel::QuietRole).toBool());
    }

    void drawsARuleWhereAGroupBegins()
    {
        GridModel model;
        model.setGrid(smallGrid(), {});
        QVERIFY(!model.index(0, 0).data(GridModel::RuleRole).toBool());
        QVERIFY(!model.index(1, 0).data(GridModel::RuleRole).toBool());
        QVERIFY(model.index(2, 0).data(GridModel::RuleRole).toBool());
    }

    void leadsToTheRunsBehindACell()
    {
        GridModel model;
        report::Grid grid = smallGrid();
        grid.rows[1].runIds = {0}; // a row of the paper's layout that nobody has run
        model.setGrid(grid, {});
        QCOMPARE(model.runsAt(model.index(0, 1)), (std::vector<int64_t>{3, 4}));
        QVERIFY(model.runsAt(model.index(1, 1)).empty());
        QVERIFY(!model.index(1, 1).data(GridModel::LinkRole).toBool());
        QVERIFY(model.index(0, 1).data(Qt::ToolTipRole).toString().contains(u"#3, #4"_s));
        QVERIFY(model.index(0, 1).data(Qt::ToolTipRole).toString().contains(u"of 2 runs"_s));
        // The row says which run, or of how many it is the mean.
        QCOMPARE(model.index(0, 0).data(GridModel::RunsRole).toString(), u"2 runs"_s);
        model.setGrid(smallGrid(), {});
        QCOMPARE(model.index(1, 0).data(GridModel::RunsRole).toString(), u"#7"_s);
        QVERIFY(model.index(2, 0).data(GridModel::RunsRole).toString().isEmpty()); // the paper's
        grid.rows[0].runIds = {3, 4, 5}; // one has not been evaluated on it
        model.setGrid(grid, {});
        QCOMPARE(model.index(0, 1).data(GridModel::SpreadRole).toString(), u"± 0.25 (2)"_s);
    }

    void namesColumnsWithTheirCommonHeading()
    {
        GridModel model;
        model.setGrid(smallGrid(), {});
        const auto header = [&](int column, int role) {
            return model.headerData(column, Qt::Horizontal, role).toString();
        };
        QCOMPARE(header(2, Qt::DisplayRole), u"TR@1"_s);
        QCOMPARE(header(2, GridModel::OverRole), u"COCO"_s);
        QCOMPARE(header(2, Qt::AccessibleTextRole), u"COCO TR@1"_s);
        QVERIFY(header(1, Qt::ToolTipRole).contains(u"never trained"_s));
    }
};

QTEST_MAIN(TestGridModel)
#include "tst_grid_model.moc"
