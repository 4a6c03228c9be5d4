// SPDX-License-Identifier: GPL-3.0-or-later
// What plots compute before they draw: ranges, label places, sparklines, read-outs, CSV.
#include "ui/plots/curve_plot.h"
#include "ui/plots/line_labels.h"
#include "ui/plots/long_line.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/sparkline.h"

#include <QSignalSpy>
#include <QTest>

#include <climits>
#include <cmath>
#include <numeric>
#include <random>

using namespace clwb::ui;

namespace
{

/// Highest and lowest dark pixel of each column; (INT_MAX, -1) where there is none.
std::vector<std::pair<int, int>> extents(const QImage& image)
{
    std::vector<std::pair<int, int>> columns;
    for (int x = 0; x < image.width(); ++x) {
        std::pair<int, int> column{INT_MAX, -1};
        for (int y = 0; y < image.height(); ++y) {
            if (qGray(image.pixel(x, y)) < 100)
                column = {std::min(column.first, y), y};
        }
        columns.push_back(column);
    }
    return columns;
}

} // namespace

class TestPlotValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void roundsRangesOutwards()
    {
        const AxisRange range = roundedRange(21.5, 38.4, 4);
        QCOMPARE(range.low, 20.0);
        QCOMPARE(range.high, 40.0);
        QCOMPARE(range.step, 5.0);
        const AxisRange constant = roundedRange(50, 50, 4);
        QVERIFY(constant.low < 50 && constant.high > 50);
    }

    void shortLinesStayAsTheyAre()
    {
        const LongLine line({0, 1, 2, 3, 4}, {5, NAN, 7, 8, 9});
        const std::vector<QPointF> seen = line.seen(1.5, 2.5, 1000);
        QCOMPARE(seen.size(), size_t{3}); // a neighbour to either side
        QVERIFY(std::isnan(seen[0].y()));
        QCOMPARE(seen[1], QPointF(2, 7));
        QCOMPARE(seen[2], QPointF(3, 8));
        QVERIFY(LongLine().seen(0, 1, 100).empty());
    }

    void longLinesKeepExtremesAndGaps()
    {
        std::mt19937 random(7);
        std::normal_distribution<double> noise;
        std::vector<double> keys;
        std::vector<double> values;
        for (int at = 0; at < 50001; ++at) {
            keys.push_back(at);
            values.push_back(random() % 997 == 0 ? NAN : noise(random));
        }
        const LongLine line(keys, values);
        const std::tuple<double, double, int> views[] = {
            {0, 50000, 100}, {-10, 60000, 640}, {777.5, 41234.2, 321}, {20000, 26000, 50}};
        for (const auto& [low, high, pixels] : views) {
            const std::vector<QPointF> seen = line.seen(low, high, pixels);
            QVERIFY(seen.size() <= static_cast<size_t>(6 * pixels + 12));
            QVERIFY(std::is_sorted(seen.begin(), seen.end(),
                                   [](const auto& a, const auto& b) { return a.x() < b.x(); }));
            // Near each point, within a pixel, something as high, something as low, and its gap.
            const double pixel = (high - low) / pixels;
            for (size_t at = 0; at < keys.size(); ++at) {
                if (keys[at] < low || keys[at] > high)
                    continue;
                const auto from = std::lower_bound(
                    seen.begin(), seen.end(), keys[at] - pixel,
                    [](const QPointF& point, double key) { return point.x() < key; });
                bool hasHigher = false;
                bool hasLower = false;
                bool hasGap = false;
                for (auto point = from; point != seen.end() && point->x() <= keys[at] + pixel;
                     ++point) {
                    hasHigher |= point->y() >= values[at];
                    hasLower |= point->y() <= values[at];
                    hasGap |= std::isnan(point->y());
                }
                QVERIFY2(std::isnan(values[at]) ? hasGap : hasHigher && hasLower,
                         qPrintable(QString::number(keys[at])));
            }
        }
    }

    /// Moved lines are drawn in one go: nothing of them may be lost or shifted by that.
    void movedLongLinesCoverTheSamePixels()
    {
        std::mt19937 random(3);
        std::normal_distribution<double> noise;
        std::vector<double> keys;
        std::vector<double> values;
        for (int at = 0; at < 30000; ++at) {
            keys.push_back(at);
            values.push_back(at > 12000 && at < 12900 ? NAN : noise(random) + at * 1e-4);
        }
        QCustomPlot plot;
        plot.resize(600, 300);
        QCPGraph* fast = addLongGraph(plot);
        QCPGraph* plain = plot.addGraph();
        LongLines lines;
        lines.add(fast, LongLine(keys, values));
        for (size_t at = 0; at < keys.size(); ++at)
            plain->addData(keys[at], values[at]);
        for (QCPGraph* graph : {fast, plain})
            graph->setPen(QPen(Qt::black, 1));
        for (QCPGraph* graph : {fast, plain})
            graph->setAdaptiveSampling(false);
        plot.setNotAntialiasedElements(QCP::aeAll);
        plot.yAxis->setRange(-6, 8);
        for (const double low : {0.0, 700.0, 1400.0, 29000.0}) { // the later ones only move
            plot.xAxis->setRange(low, low + 20000);
            lines.fit(plot);
            plot.replot(); // the area is laid out
            const QRect area = plot.axisRect()->rect().adjusted(2, 2, -2, -2);
            const auto drawn = [&](QCPGraph* shown) {
                fast->setVisible(shown == fast);
                plain->setVisible(shown == plain);
                return plot.toPixmap(600, 300).toImage().copy(area);
            };
            const std::vector<std::pair<int, int>> one = extents(drawn(fast));
            const std::vector<std::pair<int, int>> other = extents(drawn(plain));
            QVERIFY(one != std::vector(one.size(), one.front()));
            // Up to rounding nothing is higher, lower or missing; a gap stays a gap.
            const auto isWithin = [](const auto& line, const auto& allowed, size_t x) {
                const auto [top, bottom] = line[x];
                const auto near = {allowed[x - 1], allowed[x], allowed[x + 1]};
                const auto highest = std::min_element(near.begin(), near.end())->first;
                const auto lowest = std::max_element(near.begin(), near.end(), [](auto a, auto b) {
                                        return a.second < b.second;
                                    })->second;
                return bottom < 0 || (top >= highest - 1 && bottom <= lowest + 1);
            };
            for (size_t x = 1; x + 1 < one.size(); ++x) {
                QVERIFY2(isWithin(one, other, x), qPrintable(QString::number(x)));
                QVERIFY2(isWithin(other, one, x), qPrintable(QString::number(x)));
            }
        }
    }

    void labelsAvoidLines()
    {
        const std::vector<QRectF> places{{0, 0, 10, 10}, {20, 0, 10, 10}, {40, 0, 10, 10}};
        QCOMPARE(freestPlace(places, {}), size_t{0});
        QCOMPARE(freestPlace(places, {{-5, 5, 35, 5}}), size_t{2}); // passes through two
        QCOMPARE(freestPlace(places, {{2, 2, 3, 3}}), size_t{1});   // ends within
        QCOMPARE(freestPlace(places, {{-5, 5, 60, 5}, {-5, 6, 35, 6}, {-5, 7, 15, 7}}), size_t{2});
    }

    void spreadsLabelsApart()
    {
        const std::vector<double> placed = spreadApart({50, 50, 10}, 12, 0, 100);
        QVERIFY(std::abs(placed[0] - placed[1]) >= 11.999);
        QCOMPARE(placed[2], 10.0);
        // At the rim all stay inside and apart.
        const std::vector<double> rim = spreadApart({99, 99, 99}, 12, 0, 100);
        for (const double place : rim)
            QVERIFY(place <= 100.001);
        QVERIFY(std::abs(rim[1] - rim[0]) >= 11.999 && std::abs(rim[2] - rim[1]) >= 11.999);
    }

    void mapsSparklines()
    {
        const std::vector<double> values{10, NAN, 20};
        const QPolygonF points = sparklinePoints(values, 5, QRectF(0, 0, 100, 10));
        QCOMPARE(points.size(), 2);
        QCOMPARE(points[0], QPointF(0, 10));
        QCOMPARE(points[1], QPointF(50, 0));
    }

    void readsOutAllSeries()
    {
        const CurveData data{
            QStringLiteral("ZS-Acc"),
            QStringLiteral("%"),
            2,
            {{QStringLiteral("FT"), Qt::red, Qt::SolidLine, {{0, 49.5}, {1, 40.25}}, true},
             {QStringLiteral("=x"), Qt::blue, Qt::SolidLine, {{0, 49.5}}, false}},
            {}};
        QCOMPARE(readOut(data, 1), QStringLiteral("ZS-Acc after session 1\nFT: 40.25 %\n=x: —"));
        // A name that a spreadsheet would take for a formula is guarded, numbers never are.
        QCOMPARE(curveCsv(data), QStringLiteral("session,FT,'=x\r\n0,49.5,49.5\r\n1,40.25,\r\n"));
    }

    void drawsLinesAndTextsThatCanBeSeen()
    {
        // The extremes and a known pair of WCAG 2: #777777 on white is 4.48:1.
        QCOMPARE(contrast(Qt::white, Qt::black), 21.0);
        QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.478) < 0.001);
        const QString kind = QStringLiteral("method");
        for (const Theme& theme : {lightTheme(), darkTheme()}) {
            for (const char* method : {"ft", "lwf", "geodl", "imm", "rkr", "vr-lwf", ""}) {
                const QColor line = methodColour(kind, QLatin1StringView(method));
                QVERIFY2(contrast(line, theme.card) >= kLineContrast, method);
                QVERIFY2(contrast(readableOn(theme.card, line), theme.card) >= kTextContrast,
                         method);
            }
            for (const char* term : {"CE", "VR", "Pre", "LwF", "GeoImage", "GeoText"})
                QVERIFY2(contrast(lossColour(QLatin1StringView(term)), theme.card) >= kLineContrast,
                         term);
        }
        // What is readable already stays as it is.
        QCOMPARE(readableOn(Qt::white, QColor(Qt::black)), QColor(Qt::black));
    }

    void countsWhatALogAxisCannotShow()
    {
        LossData data;
        data.series["CE"] = {{1, 2, 3}, {0.5, NAN, -1}};
        QVERIFY(canBeLogarithmic(data));
        const QString omitted = omittedText(data, true);
        QVERIFY2(omitted.contains(QStringLiteral("1 NaN")), qPrintable(omitted));
        QVERIFY2(omitted.contains(QStringLiteral("≤ 0")), qPrintable(omitted));
        data.series["GeoImage"] = {{1}, {-0.9}};
        QVERIFY(!canBeLogarithmic(data));
    }

    void placesOfStepsOnTheAxes()
    {
        // Two sessions of two epochs; the first has 4 steps an epoch, the second 2.
        LossData data;
        data.epochs = {{1, 1, 1}, {1, 2, 5}, {2, 1, 9}, {2, 2, 11}};
        data.epochsPerSession = 2;
        data.lastStep = 11;
        QCOMPARE(placeOf(data, 6), 6.0);
        data.axis = LossAxis::Epoch;
        QCOMPARE(placeOf(data, 1), 0.25);
        QCOMPARE(placeOf(data, 4), 1.0);
        QCOMPARE(placeOf(data, 6), 1.5); // as long as the epoch before it
        QCOMPARE(placeOf(data, 9), 2.5);
        QCOMPARE(placeOf(data, 12), 4.0);
        data.axis = LossAxis::Session;
        QCOMPARE(placeOf(data, 4), 0.5);
        QCOMPARE(placeOf(data, 10), 1.5);
        // Half through the only epoch so far, of which 8 steps are planned.
        data.epochs = {{1, 1, 1}};
        data.lastStep = 4;
        data.lastEpochSteps = 8;
        data.axis = LossAxis::Epoch;
        QCOMPARE(placeOf(data, 4), 0.5);
        data.epochs.clear();
        QVERIFY(!canCountEpochs(data));
        QCOMPARE(placeOf(data, 6), 6.0);
        data.axis = LossAxis::Worked;
        QCOMPARE(placeOf(data, 6), 6.0); // no times are known
        data.times = {{2, 1.5, 1000}, {4, 3, 2000}};
        QCOMPARE(placeOf(data, 2), 1.5);
        QCOMPARE(placeOf(data, 3), 1.5);
        QCOMPARE(placeOf(data, 9), 3.0);
        data.axis = LossAxis::Clock;
        QCOMPARE(placeOf(data, 4), 2000.0);
        data.series["CE"] = {{2, 3}, {0.5, 0.25}};
        QCOMPARE(lossCsv(data), QStringLiteral("step,worked_s,CE\r\n2,1.5,0.5\r\n3,,0.25\r\n"));
    }

    void logarithmicStepsKeepTheExtremes()
    {
        // A spike at step 3 of 10^5 and one near the end: both are drawn, order kept.
        std::vector<double> steps(100000);
        std::iota(steps.begin(), steps.end(), 1.0);
        LossData data;
        std::vector<double> values(steps.size(), 1.0);
        values[2] = 50;
        values[99000] = 0.01;
        values[50000] = NAN;
        data.series["CE"] = {steps, values};
        data.lastStep = 100000;
        data.isLogarithmicX = true;
        LossPlot plot(QStringLiteral("losses"));
        plot.resize(600, 300);
        plot.setData(data);
        QCOMPARE(plot.plot()->xAxis->scaleType(), QCPAxis::stLogarithmic);
        bool hasHigh = false;
        bool hasLow = false;
        bool hasGap = false;
        double last = 0;
        for (const QCPGraphData& point : *plot.plot()->graph(0)->data()) {
            QVERIFY(point.key >= last);
            last = point.key;
            hasHigh |= point.key == 3 && point.value == 50;
            hasLow |= point.key == 99001 && point.value == 0.01;
            hasGap |= std::isnan(point.value);
        }
        QVERIFY(hasHigh && hasLow && hasGap);
        QVERIFY(plot.plot()->graph(0)->data()->size() < 20000);
    }

    void keysReadOutAndToggleTheAxes()
    {
        LossData data;
        data.series["CE"] = {{1, 2, 3}, {3.5, 2.5, 1.5}};
        data.lastStep = 3;
        LossPlot plot(QStringLiteral("losses"));
        plot.resize(600, 300);
        plot.setData(data);
        QSignalSpy logY(&plot, &LossPlot::logarithmicYToggled);
        QSignalSpy logX(&plot, &LossPlot::logarithmicXToggled);
        QTest::keyClick(plot.plot(), Qt::Key_L);
        QTest::keyClick(plot.plot(), Qt::Key_L, Qt::ShiftModifier);
        QCOMPARE(logY.size(), 1);
        QCOMPARE(logX.size(), 1);
        QTest::keyClick(plot.plot(), Qt::Key_End);
        QVERIFY(plot.plot()->accessibleDescription().contains(QStringLiteral("1.5")));
        QTest::keyClick(plot.plot(), Qt::Key_Home);
        QVERIFY(plot.plot()->accessibleDescription().contains(QStringLiteral("3.5")));
        data.wantsLogarithmicY = false;
        plot.setData(data);
        QVERIFY(!plot.isLogarithmic());
    }

    void brokenValuesAreMarkedAtTheRim()
    {
        LossData data;
        data.series["CE"] = {{1, 2, 3, 4}, {3.5, NAN, INFINITY, 1.5}};
        data.lastStep = 4;
        LossPlot plot(QStringLiteral("losses"));
        plot.resize(600, 300);
        plot.setData(data);
        QCOMPARE(plot.plot()->graphCount(), 2);
        const QCPGraph* marks = plot.plot()->graph(1);
        QCOMPARE(marks->dataCount(), 2);
        // Not on the axis of the losses: zooming it leaves them in sight.
        QVERIFY(marks->valueAxis() == plot.plot()->yAxis2);
        QVERIFY(marks->valueAxis()->range().contains(marks->data()->at(0)->value));
        QCOMPARE(marks->data()->at(0)->key, 2.0);
        QCOMPARE(marks->data()->at(1)->key, 3.0);
    }

    void missingValuesOfCurvesAreNoBrokenOnes()
    {
        CurvePlot plot(QStringLiteral("curve"), QStringLiteral("UT-Acc"), CurvePlot::Density::Full);
        CurveData data;
        data.sessions = 2;
        CurveSeries series;
        series.points = {{0, NAN}, {1, 40}, {2, 41}};
        data.series.push_back(series);
        plot.setData(data); // averages have no value where nothing was measured
        QCOMPARE(plot.plot()->graphCount(), 1);
        data.marksBroken = true;
        plot.setData(data);
        QCOMPARE(plot.plot()->graphCount(), 2);
    }

    void readOutTellsSmoothedValues()
    {
        LossData data;
        for (int step = 1; step <= 30; ++step) {
            data.series["CE"].steps.push_back(step);
            data.series["CE"].values.push_back(2); // smoothed, a constant stays what it is
        }
        data.lastStep = 30;
        data.smoothing = 0.9;
        LossPlot plot(QStringLiteral("losses"));
        plot.resize(600, 300);
        plot.setData(data);
        QTest::keyClick(plot.plot(), Qt::Key_End);
        const QString told = plot.plot()->accessibleDescription();
        QVERIFY2(told.contains(QStringLiteral("(smoothed 2")), qPrintable(told));
        QVERIFY(!canBeSmoothed({{1, 2}, {1, 2}}));
    }
};

QTEST_MAIN(TestPlotValues)
#include "tst_plot_values.moc"
