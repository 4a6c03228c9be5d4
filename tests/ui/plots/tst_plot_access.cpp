// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader gets of plots and the session matrix.
#include "ui/plots/bars_plot.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/matrix_view.h"
#include "ui/plots/qcp.h"
#include "ui/plots/trade_off_plot.h"

#include <QAccessible>
#include <QTest>

#include <cmath>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

QString valueOf(QWidget* widget)
{
    return QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Value);
}

QString descriptionOf(QWidget* widget)
{
    return QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Description);
}

CurveSeries line(const QString& label, double first, double last)
{
    return {label, Qt::blue, Qt::SolidLine, {{0, first}, {8, last}}, false, label};
}

MatrixData threeOfFour()
{
    return {
        {{0, {70.0, 60.0}}, {1, {80.0, 61.0}}, {2, {75.5, 82.25}}, {3, {70.0, 80.0, std::nullopt}}},
        4,
        3};
}

} // namespace

class TestPlotAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void curvesSayHowManyAndTheBest()
    {
        CurvePlot plot(u"plot"_s, u"UT-Acc by session"_s, CurvePlot::Density::Full);
        auto* access = QAccessible::queryAccessibleInterface(&plot); // asked before it has data
        QCOMPARE(access->role(), QAccessible::Chart);
        CurveData data{u"UT-Acc"_s, u"%"_s, 8, {}, {}};
        for (const QString& label : {u"FT-WM"_s, u"LwF-WM"_s, u"GeoDL-WM"_s, u"IMM-WM"_s})
            data.series.push_back(line(label, 44, 50));
        data.series.push_back(line(u"VR-LwF-WM"_s, 44.5, 58.034));
        data.series.push_back(line(u"broken"_s, 44, NAN));
        data.series.push_back(line(u"hidden"_s, 44, 99));
        data.series.back().isHidden = true;
        plot.setData(data);
        const QString summary = u"UT-Acc, 6 runs, best VR-LwF-WM 58.03 at session 8"_s;
        QCOMPARE(access->text(QAccessible::Value), summary);
        QVERIFY(access->text(QAccessible::Description).startsWith(summary + u'\n'));
        QCOMPARE(access->text(QAccessible::Name), u"UT-Acc by session"_s);
        // The part that takes the focus says the same.
        QCOMPARE(descriptionOf(plot.plot()), summary);
        QCOMPARE(valueOf(plot.plot()), summary);
        data.series.resize(1);
        plot.setData(data);
        QCOMPARE(valueOf(&plot), u"UT-Acc, 1 run, best FT-WM 50.00 at session 8"_s);
        data.series.clear();
        plot.setData(data);
        QCOMPARE(valueOf(&plot), u"UT-Acc, 0 runs"_s);
    }

    void otherPlotsHaveSummariesToo()
    {
        LossPlot losses(u"losses"_s);
        LossData terms;
        terms.series["CE"] = {{1, 2}, {2.0, 1.25}};
        terms.series["VR"] = {{1, 2}, {0.5, 0.0625}};
        losses.setData(terms);
        QCOMPARE(valueOf(&losses), u"2 loss terms, CE 1.2500, VR 0.0625"_s);

        BarsPlot bars(u"bars"_s);
        bars.setData({{u"UT-Acc"_s, u"ZS-Acc"_s},
                      {{.id = u"1"_s, .label = u"FT"_s, .values = {{50, 0, 1}, {61, 0, 1}}},
                       {.id = u"2"_s, .label = u"LwF"_s, .values = {{55, 0, 1}, {}}}}});
        QCOMPARE(valueOf(&bars), u"2 runs, best UT-Acc LwF 55.00, best ZS-Acc FT 61.00"_s);

        TradeOffPlot tradeOff(u"tradeoff"_s);
        TradeOffData points{u"UT-Acc"_s, {}, false};
        points.points.push_back({.id = u"1"_s,
                                 .label = u"LwF"_s,
                                 .ut = {50, 0, 1},
                                 .zs = {60, 0, 1},
                                 .a = {55, 0, 1},
                                 .from = {NAN, NAN}});
        tradeOff.setData(points);
        QCOMPARE(valueOf(&tradeOff), u"ZS-Acc against UT-Acc, 1 run, best A-Acc LwF 55.00"_s);
    }

    void theMatrixIsATableOfCells()
    {
        MatrixView view(u"matrix"_s);
        view.resize(420, 220);
        view.setData(threeOfFour());
        auto* access = QAccessible::queryAccessibleInterface(&view);
        QCOMPARE(access->role(), QAccessible::Table);
        QCOMPARE(access->text(QAccessible::Value),
                 u"3 of 4 sessions, mean 75.00 after session 3"_s);
        QCOMPARE(access->childCount(), 12);
        QAccessibleTableInterface* table = access->tableInterface();
        QVERIFY(table);
        QCOMPARE(table->rowCount(), 4);
        QCOMPARE(table->columnCount(), 3);
        QCOMPARE(table->rowDescription(1), u"after session 2"_s);
        QCOMPARE(table->columnDescription(0), u"session 1"_s);

        QAccessibleInterface* cell = table->cellAt(1, 0);
        QCOMPARE(cell->role(), QAccessible::Cell);
        QCOMPARE(cell->text(QAccessible::Value), u"75.50"_s);
        QCOMPARE(cell->text(QAccessible::Name),
                 u"75.50 % on the classes of session 1, after session 2\n"
                 u"−4.50 points since they were learned"_s);
        QCOMPARE(cell->tableCellInterface()->rowIndex(), 1);
        QCOMPARE(cell->tableCellInterface()->columnIndex(), 0);
        QCOMPARE(cell->parent(), access);
        QCOMPARE(access->indexOfChild(cell), 3);
        QCOMPARE(access->child(3), cell); // the same one again
        QCOMPARE(access->childAt(cell->rect().center().x(), cell->rect().center().y()), cell);
        QCOMPARE(table->cellAt(2, 2)->text(QAccessible::Value), QString());
        QVERIFY(table->cellAt(3, 0)->text(QAccessible::Name).contains(u"not yet evaluated"_s));
        QVERIFY(!table->cellAt(4, 0));

        // New values, and fewer of them.
        MatrixData less = threeOfFour();
        less.rows[2][0] = 11;
        view.setData(less);
        QCOMPARE(cell->text(QAccessible::Value), u"11.00"_s);
        view.setData({{{1, {12.0}}}, 1, 1});
        QVERIFY(!cell->isValid());
        QCOMPARE(cell->text(QAccessible::Value), QString());
        QCOMPARE(access->childCount(), 1);
    }

    void keysMoveTheFocusOfTheReader()
    {
        MatrixView view(u"matrix"_s);
        view.resize(420, 220);
        view.setData(threeOfFour());
        view.show();
        view.activateWindow();
        view.setFocus();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        QTRY_VERIFY(view.hasFocus());
        auto* access = QAccessible::queryAccessibleInterface(&view);
        QCOMPARE(access->indexOfChild(access->focusChild()), 0);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(access->focusChild(), access->tableInterface()->cellAt(1, 1));
        QVERIFY(access->focusChild()->state().focused);
        QVERIFY(!access->child(0)->state().focused);
        QVERIFY(view.accessibleDescription().startsWith(u"82.25 %"_s));
    }
};

QTEST_MAIN(TestPlotAccess)
#include "tst_plot_access.moc"
