// SPDX-License-Identifier: GPL-3.0-or-later
// Names at lines stay readable: they keep off reference lines and lie above everything drawn.
#include "ui/plots/curve_plot.h"
#include "ui/plots/line_labels.h"
#include "ui/plots/qcp.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

/// A run that has come to session 3 of 8, whose last value is that of a reference.
CurveData touching()
{
    CurveData data{u"ZS-Acc"_s, u"%"_s, 8, {}, {}};
    CurveSeries series;
    series.label = u"FT-WM"_s;
    series.colour = Qt::blue;
    series.points = {{0, 60}, {1, 56}, {2, 52}, {3, 50}};
    data.series.push_back(series);
    data.references = {{u"original CLIP"_s, 60}, {u"joint"_s, 50}};
    return data;
}

const QCPItemText* textItem(const QCustomPlot& plot, const QString& text)
{
    for (int at = 0; at < plot.itemCount(); ++at) {
        const auto* item = qobject_cast<const QCPItemText*>(plot.item(at));
        if (item && item->text() == text)
            return item;
    }
    return nullptr;
}

QRectF boxOf(const QCPItemText& item)
{
    return {item.topLeft->pixelPosition(), item.bottomRight->pixelPosition()};
}

} // namespace

class TestLineLabels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void aTextKeepsOffLevelLines()
    {
        QCOMPARE(clearOfLines(50, 10, {}), 50.0);
        QCOMPARE(clearOfLines(50, 10, {43, 57}), 50.0); // half its height and the gap of 2 away
        QCOMPARE(clearOfLines(50, 10, {52}), 45.0);     // to the side where it was
        QCOMPARE(clearOfLines(50, 10, {49}), 56.0);
        QCOMPARE(clearOfLines(50, 10, {50}), 43.0);     // of equal ones the upper
        QCOMPARE(clearOfLines(50, 10, {52, 44}), 59.0); // between them is no room
        QCOMPARE(clearOfLines(50, 10, {52, 38}), 45.0); // between them it just fits
    }

    void aNameDoesNotLieOnAReference()
    {
        CurvePlot plot(u"zs"_s, u"ZS-Acc by session"_s, CurvePlot::Density::Full);
        plot.resize(480, 240);
        plot.setData(touching());
        plot.show();
        plot.plot()->replot();
        const QCPItemText* label = textItem(*plot.plot(), u"FT-WM"_s);
        QVERIFY(label);
        const QRectF box = boxOf(*label);
        for (const double value : {60.0, 50.0}) {
            const double y = plot.plot()->yAxis->coordToPixel(value);
            QVERIFY2(y < box.top() || y > box.bottom(), qPrintable(QString::number(value)));
        }
        // It is still that line's: within its own height.
        const double end = plot.plot()->yAxis->coordToPixel(50);
        QVERIFY(std::abs(box.center().y() - end) < 2 * box.height());
        for (const QString& name : {u"original CLIP"_s, u"joint"_s}) {
            const QCPItemText* reference = textItem(*plot.plot(), name);
            QVERIFY(reference);
            QVERIFY2(!boxOf(*reference).intersects(box), qPrintable(name));
        }
    }

    void nameOfAReferenceStaysInTheFrame()
    {
        CurveData data = touching();
        data.references = {{u"original CLIP over all of the classes"_s, 59.9}};
        for (const QSize size : {QSize(500, 300), QSize(230, 300)}) {
            CurvePlot plot(u"zs"_s, u"ZS-Acc by session"_s, CurvePlot::Density::Full);
            plot.resize(size);
            plot.setData(data);
            plot.show();
            plot.plot()->replot();
            const QCPItemText* name = nullptr;
            for (int at = 0; at < plot.plot()->itemCount() && !name; ++at) {
                const auto* item = qobject_cast<const QCPItemText*>(plot.plot()->item(at));
                if (item && item->text().startsWith(u"original"_s))
                    name = item;
            }
            QVERIFY(name);
            QVERIFY(boxOf(*name).top() >= plot.plot()->axisRect()->top());
            QVERIFY(boxOf(*name).left() >= plot.plot()->axisRect()->left());
            QVERIFY(boxOf(*name).right() <= plot.plot()->axisRect()->right() + 1);
        }
    }

    void namesLieAboveTheLinesAndReferencesBelow()
    {
        CurvePlot plot(u"zs"_s, u"ZS-Acc by session"_s, CurvePlot::Density::Full);
        plot.setData(touching());
        int lines = -1;
        for (int at = 0; at < plot.plot()->graphCount(); ++at)
            lines = std::max(lines, plot.plot()->graph(at)->layer()->index());
        QVERIFY(lines >= 0);
        const QCPItemText* name = textItem(*plot.plot(), u"FT-WM"_s);
        QVERIFY(name);
        QVERIFY(name->layer()->index() > lines);
        QCOMPARE(name->brush().style(), Qt::SolidPattern);
        // The name of a reference lies anywhere along it: it must not cover what was measured.
        for (const QString& reference : {u"original CLIP"_s, u"joint"_s}) {
            const QCPItemText* item = textItem(*plot.plot(), reference);
            QVERIFY(item);
            QVERIFY2(item->layer()->index() < lines, qPrintable(reference));
        }
    }
};

QTEST_MAIN(TestLineLabels)
#include "tst_line_labels.moc"
