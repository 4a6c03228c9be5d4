// SPDX-License-Identifier: GPL-3.0-or-later
// What plots draw: smoothing, thinning to pixel columns, aggregation over seeds. NaN is a gap.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace clwb::report
{

/// Exponential moving average without start-up bias: mean of x_1…x_t with weights w^(t−i).
/// A constant stays exactly constant, values that are not finite stay as they are and carry no
/// weight, and earlier points never change when later ones arrive.
/// @param weight w in [0, 1): 0 returns the values; CHECK
std::vector<double> smoothed(std::span<const double> values, double weight);

/// A curve thinned for drawing.
struct ThinnedSeries
{
    std::vector<double> x, y; ///< NaN in y breaks the line
    int64_t notFinite = 0;    ///< NaN and infinities in the range
};

/// Keeps at most the first, smallest, largest and last point of each pixel column, so that the
/// drawn picture equals that of all points. A value that is not finite leaves a break where it was.
/// @param x     ascending
/// @param x0,x1 visible range; the neighbours just outside are kept so that lines reach the edge
/// @param columns width of the plot in pixels, > 0
ThinnedSeries thinned(std::span<const double> x, std::span<const double> y, double x0, double x1,
                      int columns);

/// One curve over several seeds.
struct Band
{
    std::vector<double> x;    ///< ascending, every x of any curve
    std::vector<double> mean; ///< over the curves that have a finite value there
    std::vector<double> std;  ///< sample standard deviation; 0 for one curve
    std::vector<double> min, max;
    std::vector<int> count; ///< curves with a finite value; ≥ 1
};

struct Curve
{
    std::vector<double> x, y;
};
Band bandOf(std::span<const Curve> curves);

} // namespace clwb::report
