// SPDX-License-Identifier: GPL-3.0-or-later
// What the horizontal axis of accuracy curves can count, and where a run's evaluations stand on it.
#pragma once

#include "ui/models/live_run.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

enum class CurveAxis { Session, Epoch, Step, Worked, Clock };
inline constexpr CurveAxis kCurveAxes[] = {CurveAxis::Session, CurveAxis::Epoch, CurveAxis::Step,
                                           CurveAxis::Worked, CurveAxis::Clock};
/// "session", "epoch", "step", "worked_s", "clock_s": remembered, and the title of a column.
QString axisId(CurveAxis axis);
/// Session where it is none of these.
CurveAxis axisOfId(const QString& id);
/// "by session", "by epoch", "by step", "over time of work", "over time of day".
QString axisPhrase(CurveAxis axis);
/// Why a run has no place on the axis: "no recorded steps".
QString whyNotOn(CurveAxis axis);

/// Where the evaluations of a run stand: after which step, and when that step ended.
struct RunPlaces
{
    struct End
    {
        double session = 0;           ///< on the axis of sessions; epochs lie between them
        double step = 0;              ///< the last one of the epoch
        std::optional<double> worked; ///< seconds of work until then, without interruptions
        std::optional<double> clock;  ///< seconds since 1970, UTC
    };
    std::vector<End> ends;       ///< of epochs, rising; those that are not recorded are left out
    std::optional<double> began; ///< seconds since 1970, UTC
    int epochs = 0;              ///< of a session; 0: unknown
    bool hasEpochValues = false; ///< it was evaluated between sessions
    /// Values between sessions by name of v_metric; of a stored run.
    std::map<std::string, std::vector<CurvePoint>> epochValues;

    /// Whether the run can be shown on the axis by itself.
    [[nodiscard]] bool has(CurveAxis axis) const;
    /// The place of an evaluation after so many sessions; nothing where it is not recorded.
    [[nodiscard]] std::optional<double> placeOf(CurveAxis axis, double session) const;
};

RunPlaces placesOf(const LiveRun& run);
/// Reader's thread.
Result<RunPlaces> readRunPlaces(store::Project& project, int64_t runId);
using PlacesByRun = std::map<int64_t, RunPlaces>;

} // namespace clwb::ui
