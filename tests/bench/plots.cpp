// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plots.h"

#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/qcp.h"

#include <QApplication>
#include <QTest>

#include <cmath>
#include <random>

namespace clwb::bench
{

using namespace Qt::StringLiterals;

namespace
{

/// Frames a second while the horizontal range moves, each drawn in full.
double panFrames(QCustomPlot& plot, QWidget& widget)
{
    widget.resize(1200, 500);
    widget.show();
    QApplication::processEvents();
    constexpr int kFrames = 60;
    const QCPRange whole = plot.xAxis->range();
    const Clock::time_point start = Clock::now();
    for (int frame = 0; frame < kFrames; ++frame) {
        const double shift = whole.size() * 0.002 * (frame % 20);
        plot.setNotAntialiasedElements(QCP::aeAll); // as while the mouse drags
        plot.xAxis->setRange(whole.lower + shift, whole.upper + shift);
        plot.replot(QCustomPlot::rpImmediateRefresh);
    }
    return kFrames / secondsSince(start);
}

} // namespace

void measurePlots()
{
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 0.2);
    ui::LossData losses;
    constexpr int kPoints = 1000000;
    ui::LossSeries& series = losses.series["CE"];
    for (int step = 0; step < kPoints; ++step) {
        series.steps.push_back(step);
        series.values.push_back(std::exp(noise(random)) + 3.0 / (1 + step * 1e-5));
    }
    losses.lastStep = kPoints;
    ui::LossPlot plot(u"bench"_s);
    plot.setData(std::move(losses));
    tell("pan, one curve of 10^6 points", panFrames(*plot.plot(), plot), "frames/s");

    ui::CurveData curves{u"ZS-Acc"_s, u"%"_s, 100000, {}, {}};
    for (int run = 0; run < 50; ++run) {
        ui::CurveSeries one{u"run %1"_s.arg(run), QColor::fromHsv(run * 7, 200, 200)};
        for (int at = 0; at < 100000; ++at)
            one.points.push_back({static_cast<double>(at), 50 + run * 0.5 + noise(random)});
        curves.series.push_back(std::move(one));
    }
    ui::CurvePlot many(u"many"_s, u"many"_s, ui::CurvePlot::Density::Full);
    many.setData(std::move(curves));
    tell("pan, 50 curves of 10^5 points", panFrames(*many.plot(), many), "frames/s");
    const Clock::time_point start = Clock::now();
    constexpr int kReads = 20;
    for (int read = 0; read < kReads; ++read)
        QTest::mouseMove(many.plot(), QPoint(200 + read * 7, 200));
    QApplication::processEvents();
    tell("read-out at the mouse, 50 curves", secondsSince(start) / kReads * 1e3, "ms");
}

} // namespace clwb::bench
