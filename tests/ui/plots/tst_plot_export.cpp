// SPDX-License-Identifier: GPL-3.0-or-later
// Figures as files: sizes in millimetres, print colours, full precision, labels or legend.
#include "ui/plots/bars_plot.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/matrix_view.h"
#include "ui/plots/plot_export.h"
#include "ui/plots/trade_off_plot.h"
#include "ui/shell/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

CurveData curves(int series)
{
    CurveData data{u"ZS-Acc"_s, u"%"_s, 2, {}, {}};
    for (int at = 0; at < series; ++at) {
        CurveSeries one{u"run %1"_s.arg(at),
                        Qt::darkCyan,
                        Qt::SolidLine,
                        {{0, 50.0}, {1, NAN}, {2, 40.0 + at}}};
        one.id = QString::number(at);
        one.spread = {0, 0, 1};
        one.counts = {3, 3, 3};
        data.series.push_back(one);
    }
    return data;
}

} // namespace

class TestPlotExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support).*"_s));
    }

    void hasTheAskedSizeInMillimetres()
    {
        CurvePlot plot(u"plot"_s, u"ZS-Acc"_s, CurvePlot::Density::Full);
        plot.resize(500, 300);
        plot.setData(curves(2));
        FigureFormat format{u"png"_s, {85, 60}, 300, FigureLook::AsShown};
        const auto png = renderFigure(plot.figure(), format);
        QVERIFY(png);
        const QImage image = QImage::fromData(*png);
        // 85 mm at 96 an inch are 321 logical pixels; 321 · 300/96 = 1003 dots.
        QCOMPARE(image.width(), 1003);
        QCOMPARE(image.dotsPerMeterX(), 11811); // 300 / 0.0254
        format.type = u"svg"_s;
        const auto svg = renderFigure(plot.figure(), format);
        QVERIFY(svg && svg->contains("viewBox=\"0 0 321 227\"") && svg->contains("mm\""));
        QVERIFY(svg->contains("ZS-Acc"));
        format.type = u"pdf"_s;
        const auto pdf = renderFigure(plot.figure(), format);
        // 85 mm are 240.9 points, 60 mm are 170.1.
        QVERIFY(pdf && pdf->startsWith("%PDF"));
        const QRegularExpression box(u"MediaBox \\[0 0 24[01]\\S* 170"_s);
        QVERIFY(box.match(QString::fromLatin1(*pdf)).hasMatch());
    }

    void resolutionDoesNotChangeTheFigure()
    {
        // The same figure at three times the dots, averaged back, is the same picture: texts too.
        CurvePlot plot(u"plot"_s, u"ZS-Acc"_s, CurvePlot::Density::Full);
        plot.resize(500, 300);
        plot.setData(curves(2));
        const auto shareOfInk = [&](int dotsPerInch) {
            const auto png = renderFigure(
                plot.figure(), {u"png"_s, {120, 80}, dotsPerInch, FigureLook::AsShown});
            const QImage image = QImage::fromData(png.value_or(QByteArray()))
                                     .convertToFormat(QImage::Format_Grayscale8);
            double ink = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x)
                    ink += 255 - qGray(image.pixel(x, y));
            }
            return ink / (255.0 * image.width() * image.height());
        };
        const double coarse = shareOfInk(96);
        const double fine = shareOfInk(288);
        QVERIFY2(std::abs(fine / coarse - 1) < 0.15,
                 qPrintable(u"%1 and %2"_s.arg(coarse).arg(fine)));
    }

    void refusesWhatItCannotDo()
    {
        CurvePlot plot(u"plot"_s, u"ZS-Acc"_s, CurvePlot::Density::Full);
        plot.setData(curves(1));
        QVERIFY(!renderFigure(plot.figure(), {u"gif"_s}));
        QVERIFY(!renderFigure(plot.figure(), {u"png"_s, {5, 60}}));
        QVERIFY(!renderFigure(Figure{.name = u"table only"_s}, {}));
        QTemporaryDir folder;
        QVERIFY(!saveFigure(plot.figure(), {}, folder.filePath(u"no/such/folder.pdf"_s)));
    }

    void printsLightAndStaysDark()
    {
        QWidget window;
        window.setPalette(paletteOf(darkTheme()));
        auto* plot = new CurvePlot(u"plot"_s, u"ZS-Acc"_s, CurvePlot::Density::Full, &window);
        plot->resize(400, 250);
        plot->setData(curves(1));
        const auto corner = [&](FigureLook look) {
            const auto png = renderFigure(plot->figure(), {u"png"_s, {80, 50}, 96, look});
            return QImage::fromData(png.value_or(QByteArray())).pixelColor(0, 0);
        };
        QCOMPARE(corner(FigureLook::AsShown), darkTheme().card);
        QCOMPARE(corner(FigureLook::Print), lightTheme().card);
        QCOMPARE(corner(FigureLook::AsShown), darkTheme().card);
    }

    void copiesTableAndPicture()
    {
        MatrixView view(u"matrix"_s);
        view.resize(300, 200);
        view.setData({{{1, {1.0 / 3, std::nullopt}}, {2, {50, 60}}}, 2, 2});
        copyFigureData(view.figure(u"m"_s));
        const QMimeData* copied = QApplication::clipboard()->mimeData();
        QVERIFY(copied->hasHtml());
        QCOMPARE(copied->text().split(u'\n').value(1), u"1\t0.33\t—"_s);
        // The file has all digits, and nothing where there is nothing.
        QCOMPARE(view.figure(u"m"_s).csvText().split(u"\r\n"_s).value(1),
                 u"1,0.3333333333333333,"_s);
        copyPicture(view.figure(u"m"_s));
        QCOMPARE(QApplication::clipboard()->pixmap().width(), 600);
    }

    void labelsLinesWhereThereIsRoom()
    {
        CurvePlot plot(u"plot"_s, u"ZS-Acc"_s, CurvePlot::Density::Full);
        plot.resize(500, 260);
        plot.show();
        plot.setData(curves(3));
        QVERIFY(!plot.hasLegend());
        plot.setData(curves(40));
        QVERIFY(plot.hasLegend());
        // Higher paper has room for forty labels, and the screen keeps its legend.
        QVERIFY(renderFigure(plot.figure(), {u"svg"_s, {200, 400}}));
        QVERIFY(plot.hasLegend());
        plot.resize(500, 1200);
        QVERIFY(!plot.hasLegend());
    }

    void readsOutSeedsAndGaps()
    {
        const CurveData data = curves(1);
        QCOMPARE(readOut(data, 1), u"ZS-Acc after session 1\nrun 0: —"_s);
        QCOMPARE(readOut(data, 2), u"ZS-Acc after session 2\nrun 0: 40.00 ± 1.00 % (3 seeds)"_s);
    }

    void paintsEmptyAndFullPlots()
    {
        TradeOffPlot tradeOff(u"t"_s);
        BarsPlot bars(u"b"_s);
        for (QWidget* plot : {static_cast<QWidget*>(&tradeOff), static_cast<QWidget*>(&bars)}) {
            plot->resize(500, 300);
            plot->show();
            QVERIFY(!plot->grab().isNull());
        }
        const Estimate some{40, 1, 3};
        TradeOffData data{u"UT-Acc"_s, {}, false};
        data.points.push_back({.id = u"1"_s,
                               .label = u"FT"_s,
                               .ut = some,
                               .zs = some,
                               .a = some,
                               .from = QPointF(20, 50),
                               .path = {{20, 50}, {40, 40}}});
        data.points.push_back({.id = u"2"_s,
                               .label = u"VR"_s,
                               .ut = {42, 0, 1},
                               .zs = {45, 0, 1},
                               .from = QPointF(NAN, NAN)});
        tradeOff.setData(data);
        QCOMPARE(tradeOffTable(data).rows[1].back().text, u"yes"_s);
        QVERIFY(tradeOffTable(data).rows[0].back().text.isEmpty());
        bars.setData({{u"ZS-Acc"_s, u"Bwt"_s},
                      {{.id = u"1"_s, .label = u"FT"_s, .values = {some, Estimate{}}}}});
        QVERIFY(csvOf(barsTable(bars.data())).endsWith("3,40,1,,\r\n"_L1));
        QVERIFY(!tradeOff.grab().isNull() && !bars.grab().isNull());
        QVERIFY(renderFigure(tradeOff.figure(), {}) && renderFigure(bars.figure(), {}));
    }
};

QTEST_MAIN(TestPlotExport)
#include "tst_plot_export.moc"
