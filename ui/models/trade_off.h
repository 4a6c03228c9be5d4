// SPDX-License-Identifier: GPL-3.0-or-later
// Learning against keeping: who is beaten by nobody, and where A-Acc is equal.
#pragma once

#include <QPointF>

#include <cstddef>
#include <vector>

namespace clwb::ui
{

/// Indices of the points that no other point beats: none is at least as large in both coordinates
/// and larger in one. By ascending x; of equal points the first. Points with NaN never belong.
std::vector<size_t> paretoFront(const std::vector<QPointF>& points);

/// A line x + y = 2·level inside a rectangle of values.
struct IsoLine
{
    double level = 0; ///< A-Acc = (UT + ZS)/2
    QPointF from, to; ///< by ascending x
};
/// Lines of equal mean at round levels about `count` in number; none that only touches a corner.
std::vector<IsoLine> isoLines(double xLow, double xHigh, double yLow, double yHigh, int count);

} // namespace clwb::ui
