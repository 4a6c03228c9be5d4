// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/trade_off.h"

#include "ui/plots/plot_theme.h"

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

std::vector<size_t> paretoFront(const std::vector<QPointF>& points)
{
    std::vector<size_t> order;
    for (size_t index = 0; index < points.size(); ++index) {
        if (std::isfinite(points[index].x()) && std::isfinite(points[index].y()))
            order.push_back(index);
    }
    // From the right: a point is beaten by none if it is higher than all to the right of it.
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        if (points[a].x() != points[b].x())
            return points[a].x() > points[b].x();
        return points[a].y() > points[b].y();
    });
    std::vector<size_t> front;
    double highest = -INFINITY;
    for (const size_t index : order) {
        if (points[index].y() > highest) {
            front.push_back(index);
            highest = points[index].y();
        }
    }
    std::reverse(front.begin(), front.end());
    return front;
}

std::vector<IsoLine> isoLines(double xLow, double xHigh, double yLow, double yHigh, int count)
{
    std::vector<IsoLine> lines;
    if (!(xHigh > xLow) || !(yHigh > yLow))
        return lines;
    const double low = (xLow + yLow) / 2;
    const double high = (xHigh + yHigh) / 2;
    const AxisRange range = roundedRange(low, high, count);
    for (double level = range.low; level <= range.high + range.step / 2; level += range.step) {
        const double left = std::max(xLow, 2 * level - yHigh);
        const double right = std::min(xHigh, 2 * level - yLow);
        // Less than a twentieth of the picture is no line anyone sees.
        if (right - left > (xHigh - xLow) / 20)
            lines.push_back({level, {left, 2 * level - left}, {right, 2 * level - right}});
    }
    return lines;
}

} // namespace clwb::ui
