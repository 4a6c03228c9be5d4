// SPDX-License-Identifier: GPL-3.0-or-later
// Where the ticks of plots stand: no accuracy above 100 %, no half sessions.
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <vector>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

CurveData curveOf(const std::vector<double>& values, const QString& unit)
{
    CurveData data;
    data.metric = u"UT-Acc"_s;
    data.unit = unit;
    data.sessions = static_cast<int>(values.size()) - 1;
    CurveSeries series;
    series.label = u"run"_s;
    for (size_t at = 0; at < values.size(); ++at)
        series.points.push_back({static_cast<double>(at), values[at]});
    data.series.push_back(series);
    return data;
}

QVector<double> ticksOf(QCustomPlot& plot, const QCPAxis& axis)
{
    plot.replot();
    return axis.tickVector();
}

} // namespace

class TestPlotAxes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void percentagesHaveNoTickBeyondTheirScale()
    {
        // Rounded: 20 to 120 in steps of 20.
        const AxisRange high = withinPercent({20, 120, 20}, 30, 100, 2.8);
        QCOMPARE(high.low, 20.0);
        QCOMPARE(high.high, 102.8);
        // A wide margin still ends before the next tick.
        QVERIFY(withinPercent({90, 105, 5}, 92, 100, 7).high < 105);
        const AxisRange low = withinPercent({-20, 100, 20}, 0, 90, 3.6);
        QCOMPARE(low.low, -3.6);
        QCOMPARE(low.high, 100.0);
        // Backward transfer is below 0.
        QCOMPARE(withinPercent({-40, 0, 10}, -33, -2, 1.2).low, -40.0);
        QCOMPARE(withinPercent({20, 60, 10}, 25, 55, 1).high, 60.0);
    }

    void accuraciesEndAtOneHundred_data()
    {
        QTest::addColumn<double>("lowest");
        QTest::newRow("wide") << 30.0;
        QTest::newRow("narrow") << 92.0;
        QTest::newRow("little changes") << 100.0;
    }

    void accuraciesEndAtOneHundred()
    {
        QFETCH(double, lowest);
        CurvePlot curve(u"curve"_s, u"UT-Acc"_s, CurvePlot::Density::Full);
        curve.resize(600, 300);
        curve.show();
        curve.setData(curveOf({lowest, 96, 100}, u"%"_s));
        const QVector<double> ticks = ticksOf(*curve.plot(), *curve.plot()->yAxis);
        QVERIFY(ticks.size() >= 3);
        QCOMPARE(ticks.last(), 100.0);
        QVERIFY(curve.plot()->yAxis->range().upper > 100); // the mark is whole
        // What is no percentage goes where it goes.
        curve.setData(curveOf({30, 96, 100}, u"s"_s));
        QVERIFY(ticksOf(*curve.plot(), *curve.plot()->yAxis).last() > 100);
    }

    void sessionsAndEpochsAreCountedWhole_data()
    {
        QTest::addColumn<bool>("countsEpochs");
        QTest::addColumn<int>("sessions");
        QTest::newRow("one session") << false << 1;
        QTest::newRow("three sessions") << false << 3;
        QTest::newRow("eight sessions") << false << 8;
        QTest::newRow("epochs of one session") << true << 1;
    }

    void sessionsAndEpochsAreCountedWhole()
    {
        QFETCH(bool, countsEpochs);
        QFETCH(int, sessions);
        const LossAxis axis = countsEpochs ? LossAxis::Epoch : LossAxis::Session;
        LossPlot loss(u"losses"_s);
        loss.resize(600, 260);
        LossData data;
        for (int step = 1; step <= 10 * sessions; ++step) {
            data.series["CE"].steps.push_back(step);
            data.series["CE"].values.push_back(1.0 / step);
        }
        data.lastStep = 10 * sessions;
        for (int session = 1; session <= sessions; ++session) {
            SessionStart start;
            start.step = 10 * (session - 1) + 1;
            data.sessions.push_back(start);
            EpochStart epoch;
            epoch.step = start.step;
            epoch.session = session;
            epoch.epoch = 1;
            data.epochs.push_back(epoch);
        }
        data.epochsPerSession = 1;
        data.plannedSessions = sessions;
        data.axis = axis;
        loss.show();
        loss.setData(data);
        QVERIFY(loss.data().axis == axis);
        const QVector<double> ticks = ticksOf(*loss.plot(), *loss.plot()->xAxis);
        QVERIFY(ticks.size() >= 2);
        for (const double tick : ticks)
            QCOMPARE(tick, std::round(tick));
        QCOMPARE(ticks.last(), static_cast<double>(sessions));
        // Also where one looks closely.
        loss.plot()->xAxis->setRange(0, 1.2);
        for (const double tick : ticksOf(*loss.plot(), *loss.plot()->xAxis))
            QCOMPARE(tick, std::round(tick));
    }
};

QTEST_MAIN(TestPlotAxes)
#include "tst_plot_axes.moc"
