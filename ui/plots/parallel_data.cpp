// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/parallel_data.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

void fitAxes(ParallelData& data)
{
    for (size_t at = 0; at < data.axes.size(); ++at) {
        ParallelAxis& axis = data.axes[at];
        if (!axis.categories.isEmpty()) {
            axis.low = 0;
            axis.high = std::max<double>(1, static_cast<double>(axis.categories.size() - 1));
            continue;
        }
        std::vector<double> values;
        for (const ParallelLine& line : data.lines) {
            if (line.values[at] && std::isfinite(*line.values[at]))
                values.push_back(*line.values[at]);
        }
        const auto notPositive =
            std::count_if(values.begin(), values.end(), [](double value) { return value <= 0; });
        axis.canBeLogarithmic = notPositive < static_cast<std::ptrdiff_t>(values.size());
        axis.isLogarithmic =
            axis.canBeLogarithmic &&
            (axis.scale == AxisScale::Logarithmic ||
             (axis.scale == AxisScale::Default && axis.isLogarithmic && notPositive == 0));
        axis.notShown = axis.isLogarithmic ? static_cast<int>(notPositive) : 0;
        if (axis.isLogarithmic)
            std::erase_if(values, [](double value) { return value <= 0; });
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        double low = values.empty() ? 0 : *least;
        double high = values.empty() ? 0 : *most;
        if (low == high) { // in the middle
            const double room = std::max(std::abs(low) * 0.1, 1e-12);
            low -= room;
            high += room;
        }
        axis.low = low;
        axis.high = high;
    }
}

QString notShownText(const ParallelData& data)
{
    QStringList parts;
    for (const ParallelAxis& axis : data.axes) {
        if (axis.notShown > 0)
            parts << QCoreApplication::translate("ParallelPlot", "%1 not shown: ≤ 0 (%2)")
                         .arg(axis.notShown)
                         .arg(axis.title);
    }
    return parts.join(QStringLiteral(" · "));
}

bool isOn(const ParallelAxis& axis, double value)
{
    return !axis.isLogarithmic || value > 0;
}

double positionOn(const ParallelAxis& axis, double value)
{
    if (axis.isLogarithmic)
        return std::log(value / axis.low) / std::log(axis.high / axis.low);
    return (value - axis.low) / (axis.high - axis.low);
}

double valueAt(const ParallelAxis& axis, double position)
{
    if (axis.isLogarithmic)
        return axis.low * std::pow(axis.high / axis.low, position);
    return axis.low + position * (axis.high - axis.low);
}

QString valueTextOn(const ParallelAxis& axis, double value)
{
    if (axis.categories.isEmpty())
        return QString::number(value, 'g', 4);
    const auto index = std::lround(value);
    return index >= 0 && index < axis.categories.size() ? axis.categories[index] : QString();
}

std::vector<int> keptTrials(const ParallelData& data, const Brushes& brushes, double share)
{
    std::vector<const ParallelLine*> kept;
    for (const ParallelLine& line : data.lines) {
        const bool passes = std::all_of(brushes.begin(), brushes.end(), [&](const auto& entry) {
            const auto& [axis, range] = entry;
            if (axis >= line.values.size() || !line.values[axis] ||
                !isOn(data.axes[axis], *line.values[axis]))
                return false;
            const double position = positionOn(data.axes[axis], *line.values[axis]);
            constexpr double kSlack = 1e-9;
            return position >= range.first - kSlack && position <= range.second + kSlack;
        });
        if (line.hasResult && passes)
            kept.push_back(&line);
    }
    if (data.objective && share < 1 && !kept.empty()) {
        const auto objectiveOf = [&](const ParallelLine& line) {
            return line.values[*data.objective].value_or(-INFINITY);
        };
        std::vector<double> values;
        for (const ParallelLine* line : kept)
            values.push_back(objectiveOf(*line));
        std::sort(values.begin(), values.end(), std::greater<>());
        const auto count = static_cast<size_t>(
            std::max(1.0, std::ceil(share * static_cast<double>(values.size()) - 1e-9)));
        const double least = values[count - 1];
        std::erase_if(kept, [&](const ParallelLine* line) { return objectiveOf(*line) < least; });
    }
    std::vector<int> numbers;
    for (const ParallelLine* line : kept)
        numbers.push_back(line->number);
    return numbers;
}

} // namespace clwb::ui
