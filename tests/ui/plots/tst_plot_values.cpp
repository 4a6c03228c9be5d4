// SPDX-License-Identifier: GPL-3.0-or-later
// What plots compute before they draw: ranges, label places, sparklines, read-outs, CSV.
#include "ui/plots/curve_plot.h"
#include "ui/plots/line_labels.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/sparkline.h"

#include <QTest>

#include <cmath>

using namespace clwb::ui;

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
};

QTEST_MAIN(TestPlotValues)
#include "tst_plot_values.moc"
