// SPDX-License-Identifier: GPL-3.0-or-later
// Compared configurations as the lines and the tables of curves.
#pragma once

#include "ui/models/comparison.h"
#include "ui/plots/curve_plot.h"

#include <string>
#include <vector>

namespace clwb::ui
{

/// Its mean by session with the deviation over seeds, drawn as the configuration is everywhere.
CurveSeries curveSeriesOf(const ComparedEntry& entry, const std::string& metric, bool isShown);
/// A row a run, session and metric, with the run's exact metric and value.
DataTable curveTableOf(const std::vector<const ComparedEntry*>& entries,
                       const std::vector<std::string>& metrics);

} // namespace clwb::ui
