// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_marks.h"

#include "ui/plots/qcp.h"

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PlotMark markOf(const QString& setting)
{
    if (setting == "MST"_L1)
        return PlotMark::Disc;
    return setting == "OST"_L1 ? PlotMark::Square : PlotMark::Diamond;
}

QCPScatterStyle scatterOf(PlotMark mark, bool isHollow, const QColor& colour, const QColor& ground,
                          double size)
{
    const QCPScatterStyle::ScatterShape shape = mark == PlotMark::Disc ? QCPScatterStyle::ssCircle
                                                : mark == PlotMark::Square
                                                    ? QCPScatterStyle::ssSquare
                                                    : QCPScatterStyle::ssDiamond;
    // A solid pen: the mark of a dotted line is not dotted.
    return QCPScatterStyle(shape, QPen(colour, isHollow ? 1.6 : 1), isHollow ? ground : colour,
                           mark == PlotMark::Disc ? size : size * 0.92);
}

void paintMark(QPainter& painter, const QPointF& centre, PlotMark mark, bool isHollow,
               const QColor& colour, const QColor& ground, double size)
{
    const double half = size / 2;
    painter.setPen(QPen(colour, isHollow ? 1.6 : 1));
    painter.setBrush(isHollow ? ground : colour);
    if (mark == PlotMark::Disc)
        painter.drawEllipse(centre, half, half);
    else if (mark == PlotMark::Square)
        painter.drawRect(QRectF(centre.x() - half, centre.y() - half, size, size));
    else
        painter.drawPolygon(QPolygonF({centre - QPointF(0, half), centre + QPointF(half, 0),
                                       centre + QPointF(0, half), centre - QPointF(half, 0)}));
}

void addRimMarks(QCustomPlot& plot, const QColor& colour, const std::vector<double>& keys,
                 const std::vector<double>& values)
{
    constexpr double kSize = 8;
    constexpr double kPlace = 0.985; // of the second axis, which nothing zooms: whole marks
    QCPGraph* marks = nullptr;
    for (size_t at = 0; at < values.size(); ++at) {
        if (std::isfinite(values[at]))
            continue;
        if (!marks) {
            plot.yAxis2->setRange(0, 1);
            marks = plot.addGraph(plot.xAxis, plot.yAxis2);
            marks->setLineStyle(QCPGraph::lsNone);
            marks->setScatterStyle(
                QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, colour, colour, kSize));
        }
        marks->addData(keys[at], kPlace);
    }
}

} // namespace clwb::ui
