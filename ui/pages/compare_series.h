// SPDX-License-Identifier: GPL-3.0-or-later
// Compared configurations as the lines and the tables of curves.
#pragma once

#include "ui/models/comparison.h"
#include "ui/plots/curve_plot.h"

#include <string>
#include <vector>

namespace clwb::ui
{

/// The level of a reference, which is the same at every session.
struct ReferenceLevel
{
    Estimate value;
    QString label; ///< at its line
    QString tip;   ///< where the value is not quite the metric; otherwise empty
};
/// The metric after its last session. The original model has seen no class: instead of UT-Acc over
/// seen classes it has its stored value over all crops, which its label and tip say.
ReferenceLevel referenceLevel(const ComparedEntry& entry, const std::string& metric);

/// Its mean by session with the deviation over seeds, drawn as the configuration is everywhere.
CurveSeries curveSeriesOf(const ComparedEntry& entry, const std::string& metric, bool isShown);
/// The same on another axis, each point at the mean place of its runs; values between sessions too.
/// @param lacking gets the configuration's name with how much of it has no place
CurveSeries curveSeriesOn(CurveAxis axis, const PlacesByRun& places, const ComparedEntry& entry,
                          const std::string& metric, bool isShown, QStringList& lacking);
/// A row a run, session and metric, with the run's exact metric and value.
/// @param axis of another than that of sessions with the run's place on it
DataTable curveTableOf(const std::vector<const ComparedEntry*>& entries,
                       const std::vector<std::string>& metrics, CurveAxis axis = CurveAxis::Session,
                       const PlacesByRun& places = {});

} // namespace clwb::ui
