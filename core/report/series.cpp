// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/series.h"

#include "core/base/check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace clwb::report
{
namespace
{

/// The points of one pixel column between two breaks, by index.
struct ColumnPoints
{
    size_t first = 0, least = 0, most = 0, last = 0;
    bool isEmpty = true;

    void add(size_t index, std::span<const double> y)
    {
        if (isEmpty) {
            first = least = most = last = index;
            isEmpty = false;
            return;
        }
        if (y[index] < y[least])
            least = index;
        if (y[index] > y[most])
            most = index;
        last = index;
    }

    void moveTo(ThinnedSeries& out, std::span<const double> x, std::span<const double> y)
    {
        if (isEmpty)
            return;
        std::array<size_t, 4> kept{first, least, most, last};
        std::sort(kept.begin(), kept.end());
        for (size_t i = 0; i < kept.size(); ++i) {
            if (i == 0 || kept[i] != kept[i - 1]) {
                out.x.push_back(x[kept[i]]);
                out.y.push_back(y[kept[i]]);
            }
        }
        isEmpty = true;
    }
};

} // namespace

std::vector<double> smoothed(std::span<const double> values, double weight)
{
    CLWB_CHECK(weight >= 0 && weight < 1, weight);
    std::vector<double> result;
    result.reserve(values.size());
    double mean = 0;
    double total = 0;
    for (const double value : values) {
        if (!std::isfinite(value)) {
            result.push_back(value);
            continue;
        }
        total = weight * total + 1;
        // As an update of the mean: adding zero keeps a constant exact.
        mean = total == 1 ? value : mean + (value - mean) / total;
        result.push_back(mean);
    }
    return result;
}

ThinnedSeries thinned(std::span<const double> x, std::span<const double> y, double x0, double x1,
                      int columns)
{
    CLWB_CHECK(x.size() == y.size());
    CLWB_CHECK(columns > 0 && x1 >= x0);
    ThinnedSeries out;
    auto begin = static_cast<size_t>(std::lower_bound(x.begin(), x.end(), x0) - x.begin());
    auto end = static_cast<size_t>(std::upper_bound(x.begin(), x.end(), x1) - x.begin());
    begin = begin > 0 ? begin - 1 : 0;
    end = std::min(end + 1, x.size());
    const double width = x1 > x0 ? (x1 - x0) / columns : 1;
    ColumnPoints points;
    double current = -std::numeric_limits<double>::infinity();
    for (size_t i = begin; i < end; ++i) {
        const double column = std::floor((x[i] - x0) / width);
        if (column != current)
            points.moveTo(out, x, y);
        current = column;
        if (std::isfinite(y[i])) {
            points.add(i, y);
            continue;
        }
        points.moveTo(out, x, y);
        ++out.notFinite;
        if (out.y.empty() || !std::isnan(out.y.back())) {
            out.x.push_back(x[i]);
            out.y.push_back(std::numeric_limits<double>::quiet_NaN());
        }
    }
    points.moveTo(out, x, y);
    return out;
}

Band bandOf(std::span<const Curve> curves)
{
    std::map<double, std::vector<double>> values;
    for (const Curve& curve : curves) {
        CLWB_CHECK(curve.x.size() == curve.y.size());
        for (size_t i = 0; i < curve.x.size(); ++i) {
            if (std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]))
                values[curve.x[i]].push_back(curve.y[i]);
        }
    }
    Band band;
    for (const auto& [x, ys] : values) {
        const auto count = static_cast<double>(ys.size());
        double mean = 0;
        for (const double y : ys)
            mean += y / count;
        double squares = 0;
        for (const double y : ys)
            squares += (y - mean) * (y - mean);
        band.x.push_back(x);
        band.mean.push_back(ys.size() == 1 ? ys.front() : mean);
        band.std.push_back(ys.size() == 1 ? 0 : std::sqrt(squares / (count - 1)));
        band.min.push_back(*std::min_element(ys.begin(), ys.end()));
        band.max.push_back(*std::max_element(ys.begin(), ys.end()));
        band.count.push_back(static_cast<int>(ys.size()));
    }
    return band;
}

} // namespace clwb::report
