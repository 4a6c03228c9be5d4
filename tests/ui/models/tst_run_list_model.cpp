// SPDX-License-Identifier: GPL-3.0-or-later
// The run list model under Qt's own tester: groups, marks, sorting, updates in place.
#include "ui/models/run_list_model.h"

#include <QAbstractItemModelTester>
#include <QFont>
#include <QSignalSpy>
#include <QTest>

using namespace clwb;
using ui::RunListModel;

namespace
{

store::RunRow makeRun(int64_t id, const char* kind, const char* option, const char* status,
                      std::optional<double> zs)
{
    store::RunRow run;
    run.runId = id;
    run.kind = kind;
    run.method = run.kind == "method" ? "ft" : "";
    run.option = option;
    run.setting = "MST";
    run.status = status;
    run.study = run.status == "reported" ? "" : "/data/demo/study.json";
    if (zs)
        run.metrics["ZS-Acc"] = *zs;
    return run;
}

} // namespace

class TestRunListModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void keepsTheContractOfModels()
    {
        RunListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<store::RunRow> runs{makeRun(1, "method", "WM", "finished", 30),
                                        makeRun(2, "method", "IO", "finished", 40),
                                        makeRun(3, "method", "WM", "reported", 60)};
        model.setRuns(runs);
        QCOMPARE(model.rowCount(), 2);
        model.setFilter(ui::RunFilter::parse(QStringLiteral("option:wm")).filter);
        QCOMPARE(model.shownCount(), 2);
        model.setGrouping(ui::RunGrouping::Option);
        model.sort(ui::columnOf(QStringLiteral("zs")), Qt::AscendingOrder);
        runs.push_back(makeRun(4, "method", "WM", "running", {}));
        model.setRuns(runs);
        model.setRuns({});
        QCOMPARE(model.rowCount(), 0);
    }

    void groupsReportedRowsApart()
    {
        RunListModel model;
        model.setRuns({makeRun(1, "method", "WM", "finished", 30),
                       makeRun(2, "method", "WM", "reported", 60)});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data(RunListModel::GroupTitleRole).toString(),
                 QStringLiteral("demo"));
        QCOMPARE(model.index(1, 0).data(RunListModel::GroupKeyRole).toString(),
                 QStringLiteral("reported"));
    }

    void marksTheBestOfThoseThatCompete()
    {
        RunListModel model;
        // The reference and the unfinished run are higher, but do not compete; 40.001 ties with 40.
        model.setRuns({makeRun(1, "method", "WM", "finished", 40),
                       makeRun(2, "method", "IO", "finished", 40.001),
                       makeRun(3, "method", "WM", "finished", 30),
                       makeRun(4, "original", "", "finished", 50),
                       makeRun(5, "method", "WM", "running", 60)});
        const int column = ui::columnOf(QStringLiteral("zs"));
        QString bold;
        for (int64_t id = 1; id <= 5; ++id) {
            const QVariant font = model.indexOfRun(id).siblingAtColumn(column).data(Qt::FontRole);
            if (font.isValid() && font.value<QFont>().bold())
                bold += QString::number(id);
        }
        QCOMPARE(bold, QStringLiteral("12"));
        QVERIFY(
            model.indexOfRun(1).siblingAtColumn(column).data(RunListModel::UnderlineRole).toBool());
    }

    void sortsMissingValuesLastBothWays()
    {
        RunListModel model;
        model.setGrouping(ui::RunGrouping::None);
        model.setRuns({makeRun(1, "method", "WM", "finished", {}),
                       makeRun(2, "method", "WM", "finished", 20),
                       makeRun(3, "method", "WM", "finished", 30)});
        const int column = ui::columnOf(QStringLiteral("zs"));
        for (const auto& [order, expected] :
             {std::pair{Qt::AscendingOrder, "231"}, {Qt::DescendingOrder, "321"}}) {
            model.sort(column, order);
            QString ids;
            for (const store::RunRow* run : model.shownRuns())
                ids += QString::number(run->runId);
            QCOMPARE(ids, QLatin1StringView(expected));
        }
    }

    void keepsTheEarlierOrderWhereValuesAreEqual()
    {
        RunListModel model;
        model.setGrouping(ui::RunGrouping::None);
        model.setRuns({makeRun(1, "method", "WM", "finished", 20),
                       makeRun(2, "method", "IO", "finished", 30),
                       makeRun(3, "method", "WM", "finished", 10)});
        model.sort(ui::columnOf(QStringLiteral("zs")), Qt::AscendingOrder);
        model.sort(ui::columnOf(QStringLiteral("option")), Qt::DescendingOrder);
        QString ids;
        for (const store::RunRow* run : model.shownRuns())
            ids += QString::number(run->runId);
        QCOMPARE(ids, QStringLiteral("312"));
    }

    void averagesConfigurationsOverSeeds()
    {
        // 10, 12, 14: mean 12, sample deviation 2. Seed 1 was run twice, the later run counts; the
        // unfinished run is no sample.
        std::vector<store::RunRow> runs{
            makeRun(1, "method", "WM", "finished", 10), makeRun(2, "method", "WM", "finished", 99),
            makeRun(3, "method", "WM", "finished", 12), makeRun(4, "method", "WM", "finished", 14),
            makeRun(5, "method", "WM", "stopped", 50),  makeRun(6, "method", "IO", "finished", 20)};
        const int64_t seeds[] = {0, 1, 1, 2, 3, 0};
        ui::RunDetails details;
        for (size_t at = 0; at < runs.size(); ++at) {
            runs[at].seed = seeds[at];
            details.configurations[runs[at].runId] = at < 5 ? "a" : "b";
        }
        RunListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGrouping(ui::RunGrouping::Configuration);
        model.setRuns(runs, details);
        const int zs = ui::columnOf(QStringLiteral("zs"));
        QCOMPARE(model.rowCount(), 2);
        model.sort(zs, Qt::AscendingOrder);
        QCOMPARE(model.index(0, zs).data().toString(), QStringLiteral("12.00 ± 2.00"));
        // Named by what its runs' names share.
        for (store::RunRow& run : runs)
            run.name = "FT, M 10, seed " + std::to_string(*run.seed);
        model.setRuns(runs, details);
        QCOMPARE(model.index(0, 0).data(RunListModel::GroupTitleRole).toString(),
                 QStringLiteral("FT, M 10"));
        QVERIFY(
            model.index(0, zs).data(Qt::ToolTipRole).toString().contains(QStringLiteral("n = 3")));
        // What does not count is told.
        QCOMPARE(model.index(0, 0).data(RunListModel::GroupCountRole).toString(),
                 QStringLiteral("5 runs, 1 not counted"));
        QVERIFY(model.index(0, zs)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("#2 is not counted: #3 repeats its seed 1")));
        QCOMPARE(model.index(1, zs).data().toString(), QStringLiteral("20.00"));
        QVERIFY(model.index(1, zs).data(Qt::FontRole).value<QFont>().bold());
        model.sort(zs, Qt::DescendingOrder);
        QCOMPARE(model.index(0, zs).data().toString(), QStringLiteral("20.00"));
    }

    void hidesArchivedRunsUntilAskedFor()
    {
        RunListModel model;
        std::vector<store::RunRow> runs{makeRun(1, "method", "WM", "finished", 30),
                                        makeRun(2, "method", "WM", "finished", 40)};
        runs[1].tags = {ui::kArchivedTag};
        model.setRuns(runs);
        QCOMPARE(model.shownCount(), 1);
        QCOMPARE(model.hiddenCount(), 1);
        model.setFilter(ui::RunFilter::parse(QStringLiteral("is:archived")).filter);
        QCOMPARE(model.shownRuns().front()->runId, int64_t{2});
        model.setFilter({});
        model.setArchived(ui::Archived::Shown);
        QCOMPARE(model.shownCount(), 2);
        // The mark is no tag of the user's.
        QVERIFY(model.indexOfRun(2)
                    .siblingAtColumn(ui::columnOf(QStringLiteral("tags")))
                    .data()
                    .toString()
                    .isEmpty());
    }

    void tellsBestFromLast()
    {
        RunListModel model;
        model.setRuns({makeRun(1, "method", "WM", "finished", 30)});
        const int zs = ui::columnOf(QStringLiteral("zs"));
        model.setBest({{1, {{"ZS-Acc", {45, 2}}}}});
        QCOMPARE(model.indexOfRun(1).siblingAtColumn(zs).data().toString(),
                 QStringLiteral("30.00"));
        model.setMetricValue(zs, ui::MetricValue::Best);
        const QModelIndex cell = model.indexOfRun(1).siblingAtColumn(zs);
        QCOMPARE(cell.data().toString(), QStringLiteral("45.00"));
        QCOMPARE(cell.data(RunListModel::SessionRole).toInt(), 2);
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(QStringLiteral("session 2: 45")));
        QCOMPARE(model.headerData(zs, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QStringLiteral("ZS-Acc best"));
        QCOMPARE(cell.data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("45.00 at session 2"));
    }

    void marksBestOfOptionOrSecondBest()
    {
        RunListModel model;
        model.setRuns(
            {makeRun(1, "method", "WM", "finished", 50), makeRun(2, "method", "WM", "finished", 40),
             makeRun(3, "method", "IO", "finished", 45), makeRun(4, "method", "IO", "finished", 45),
             makeRun(5, "method", "IO", "finished", 30)});
        const auto underlined = [&model] {
            QStringList runs;
            for (int64_t id = 1; id <= 5; ++id) {
                const QModelIndex cell =
                    model.indexOfRun(id).siblingAtColumn(ui::columnOf(QStringLiteral("zs")));
                if (cell.data(RunListModel::UnderlineRole).toBool())
                    runs << QString::number(id);
            }
            return runs.join(QLatin1Char(' '));
        };
        QCOMPARE(underlined(), QStringLiteral("1 3 4"));
        model.setUnderline(report::Underline::Second);
        QCOMPARE(underlined(), QStringLiteral("3 4")); // tied ones are all marked
        const QModelIndex cell =
            model.indexOfRun(3).siblingAtColumn(ui::columnOf(QStringLiteral("zs")));
        const QString tip = cell.data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("Second best of MST · Best of MST IO")),
                 qPrintable(tip));
    }

    void marksTheValuesThatAreShown()
    {
        RunListModel model;
        std::vector<store::RunRow> runs{
            makeRun(1, "method", "WM", "finished", 50), makeRun(2, "method", "WM", "finished", 40),
            makeRun(3, "method", "WM", "finished", 30), makeRun(4, "method", "WM", "finished", 45)};
        for (store::RunRow& run : runs)
            run.lastSession = run.sessions = 3;
        runs[3].lastSession = 2; // its last evaluation is not its final one
        model.setRuns(runs);
        model.setUnderline(report::Underline::Second);
        model.setBest({{1, {{"ZS-Acc", {50, 3}}}},
                       {2, {{"ZS-Acc", {60, 1, 40}}}},
                       {3, {{"ZS-Acc", {70, 2}}}},
                       {4, {{"ZS-Acc", {45, 2}}}}});
        model.setSessions({{1, {{{1, "ZS-Acc"}, 20}}},
                           {2, {{{1, "ZS-Acc"}, 60}, {{2, "ZS-Acc"}, 41}}},
                           {3, {{{1, "ZS-Acc"}, 55}}}});
        const int zs = ui::columnOf(QStringLiteral("zs"));
        const auto cell = [&](int64_t id) { return model.indexOfRun(id).siblingAtColumn(zs); };
        const auto marks = [&] {
            QStringList texts;
            for (int64_t id = 1; id <= 4; ++id)
                texts << cell(id).data().toString() +
                             (cell(id).data(Qt::FontRole).value<QFont>().bold()
                                  ? QStringLiteral("*")
                                  : QString()) +
                             (cell(id).data(RunListModel::UnderlineRole).toBool()
                                  ? QStringLiteral("_")
                                  : QString());
            return texts.join(QLatin1Char(' '));
        };
        QCOMPARE(marks(), QStringLiteral("50.00* 40.00 30.00 45.00_"));
        model.setMetricValue(zs, ui::MetricValue::Best);
        QCOMPARE(marks(), QStringLiteral("50.00 60.00_ 70.00* 45.00"));
        const QString tip = cell(2).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("Best, after session 1, step 40: 60")),
                 qPrintable(tip));
        model.setMetricValue(zs, ui::MetricValue::Final);
        QCOMPARE(marks(), QStringLiteral("50.00* 40.00_ 30.00 —"));
        model.setMetricValue(zs, ui::MetricValue::after(1));
        QCOMPARE(marks(), QStringLiteral("20.00 60.00* 55.00_ —"));
        QCOMPARE(model.headerData(zs, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QStringLiteral("ZS-Acc s1"));
        QVERIFY(cell(3)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("After session 1: 55")));
    }

    void tellsBranchesApart()
    {
        RunListModel model;
        ui::RunDetails details;
        details.branches[2] = {1, 3};
        model.setRuns({makeRun(1, "method", "WM", "finished", 50),
                       makeRun(2, "method", "WM", "finished", 50)},
                      details);
        const auto name = [&model](int64_t id, int role) {
            return model.indexOfRun(id)
                .siblingAtColumn(ui::columnOf(QStringLiteral("name")))
                .data(role)
                .toString();
        };
        QVERIFY(name(1, RunListModel::BranchRole).isEmpty());
        QCOMPARE(name(2, RunListModel::BranchRole), QStringLiteral("from #1, session 3"));
        QCOMPARE(name(2, Qt::DisplayRole), QStringLiteral("FT-WM"));
        QCOMPARE(name(2, Qt::AccessibleTextRole), QStringLiteral("FT-WM, from #1, session 3"));
        QVERIFY(name(2, Qt::ToolTipRole).contains(QStringLiteral("from #1, session 3")));
    }

    void saysHowFarAStoppedRunCame()
    {
        store::RunRow run = makeRun(1, "method", "WM", "stopped", 40);
        run.origin = "local";
        run.sessions = 8;
        run.lastSession = 3;
        RunListModel model;
        model.setRuns({run});
        const QModelIndex cell =
            model.indexOfRun(1).siblingAtColumn(ui::columnOf(QStringLiteral("status")));
        QCOMPARE(cell.data().toString(), QStringLiteral("stopped 3/8")); // no link that is none
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Continue")));
    }

    void updatesValuesInPlace()
    {
        RunListModel model;
        model.setRuns({makeRun(1, "method", "WM", "running", 40)});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setRuns({makeRun(1, "method", "WM", "running", 41)});
        QCOMPARE(resets.size(), 0);
        QVERIFY(!changes.isEmpty());
        model.setRuns(
            {makeRun(1, "method", "WM", "running", 41), makeRun(2, "method", "WM", "running", 41)});
        QCOMPARE(resets.size(), 1);
    }

    void writesNumbersWithEqualDecimals()
    {
        RunListModel model;
        model.setRuns({makeRun(1, "method", "WM", "finished", 40)});
        const QModelIndex cell =
            model.indexOfRun(1).siblingAtColumn(ui::columnOf(QStringLiteral("zs")));
        QCOMPARE(cell.data().toString(), QStringLiteral("40.00"));
        QCOMPARE(cell.siblingAtColumn(ui::columnOf(QStringLiteral("bwt"))).data().toString(),
                 QStringLiteral("—"));
    }
};

QTEST_MAIN(TestRunListModel)
#include "tst_run_list_model.moc"
