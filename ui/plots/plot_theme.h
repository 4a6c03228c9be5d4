// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, fonts and number ranges that all plots share; redrawn when the palette changes.
#pragma once

#include <QFont>
#include <QString>
#include <Qt>

class QCPAxis;
class QCustomPlot;
class QPalette;
class QWidget;

namespace clwb::ui
{

class PlotNavigation;

struct AxisRange
{
    double low = 0;
    double high = 1;
    double step = 1; ///< distance of ticks
};

/// Rounds outwards to a step of 1, 2 or 5 times a power of ten with about `ticks` steps.
/// An empty or constant interval is widened first.
AxisRange roundedRange(double low, double high, int ticks);
/// Of percentages: an axis that was rounded to a tick beyond 0 or 100, where no value is, ends
/// before that tick, `room` beyond the values.
/// @param low, high of the values
AxisRange withinPercent(AxisRange rounded, double low, double high, double room);

/// Lets a plot fill its owner, which filters its events; both are named, the plot takes the focus.
/// People move in the plot along these directions.
PlotNavigation& embedPlot(QCustomPlot& plot, QWidget& owner, const QString& objectName,
                          const QString& title, const QString& plotTitle,
                          Qt::Orientations directions);
/// A plot without frames: faint horizontal lines, muted small numbers, transparent background.
void applyPlotTheme(QCustomPlot& plot, const QPalette& palette);
void applyAxisTheme(QCPAxis& axis, const QPalette& palette);
/// The widget's font, a little smaller.
QFont smallFont(const QFont& font);

} // namespace clwb::ui
