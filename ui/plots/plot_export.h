// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as PNG, SVG, PDF or CSV, and the menu that offers it.
#pragma once

#include "core/base/error.h"

#include <QString>

class QCustomPlot;
class QPoint;

namespace clwb::ui
{

/// Writes what the plot shows; the kind comes from the extension (png, svg, pdf).
/// An old file stays untouched when writing fails. Errors: Usage (extension), DiskFull, Data.
Result<void> savePlot(QCustomPlot& plot, const QString& file);

/// Copy Picture, Copy Data as CSV, Save As…
void showPlotMenu(QCustomPlot& plot, const QPoint& globalPos, const QString& name,
                  const QString& csv);

} // namespace clwb::ui
