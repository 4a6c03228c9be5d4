// SPDX-License-Identifier: GPL-3.0-or-later
// What screen readers are told of plots and heat maps: a plot is a chart with a summary, a matrix a
// table of cells.
#pragma once

#include "ui/plots/bars_plot.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/trade_off_plot.h"

#include <QString>

namespace clwb::ui
{

/// From the first call on, plots and matrices are described in this way.
void installPlotAccess();

/// Gives the plot and the widget around it a summary ("UT-Acc, 6 runs, best VR-LwF-WM 58.03 at
/// session 8") and the widget, behind it, all values.
void describePlot(QWidget& owner, QWidget& plot, const QString& summary, const QString& values);

QString summaryOf(const CurveData& data);
QString summaryOf(const LossData& data);
QString summaryOf(const BarsData& data);
QString summaryOf(const TradeOffData& data);

} // namespace clwb::ui
