// SPDX-License-Identifier: GPL-3.0-or-later
// Marks of points: the setting has a shape, what was only reported is hollow.
#pragma once

#include <QString>

#include <vector>

class QColor;
class QCPScatterStyle;
class QCustomPlot;
class QPainter;
class QPointF;

namespace clwb::ui
{

enum class PlotMark { Disc, Square, Diamond };

/// MST disc, OST square, anything else diamond.
PlotMark markOf(const QString& setting);
/// @param ground behind the plot: what a hollow mark is filled with
QCPScatterStyle scatterOf(PlotMark mark, bool isHollow, const QColor& colour, const QColor& ground,
                          double size);
/// The same mark for lists.
void paintMark(QPainter& painter, const QPointF& centre, PlotMark mark, bool isHollow,
               const QColor& colour, const QColor& ground, double size);

/// Triangles at the upper rim, whatever is zoomed to, where a value is NaN or infinite.
void addRimMarks(QCustomPlot& plot, const QColor& colour, const std::vector<double>& keys,
                 const std::vector<double>& values);

} // namespace clwb::ui
