// SPDX-License-Identifier: GPL-3.0-or-later
// Parallel coordinates as values: axes, lines, brushes, and which lines they keep.
#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace clwb::ui
{

/// What the user has chosen for an axis.
enum class AxisScale {
    Default, ///< as its parameter is defined, where all values are positive
    Linear,
    Logarithmic ///< values that are not positive are left out and counted
};

struct ParallelAxis
{
    QString title;
    bool isLogarithmic = false; ///< as defined at first; fitAxes() says what it is
    QStringList categories;     ///< not empty: values are indices into it
    double low = 0;
    double high = 1;
    AxisScale scale = AxisScale::Default;
    bool canBeLogarithmic = false; ///< has a positive value
    int notShown = 0;              ///< values ≤ 0 that a logarithmic axis has no place for
};

struct ParallelLine
{
    int number = 0; ///< of the trial
    std::optional<int64_t> runId;
    std::vector<std::optional<double>> values; ///< one an axis
    bool isChosen = false;
    bool hasResult = true; ///< failed and unfinished trials have no line; a finished one passes
                           ///< straight where it has no value, such as β of fine-tuning
    bool hasFailed = false;
};

struct ParallelData
{
    std::vector<ParallelAxis> axes;
    std::vector<ParallelLine> lines;
    size_t settings = 0;             ///< so many axes are of settings, the others of metrics
    std::optional<size_t> objective; ///< axis by which the best are chosen, larger is better
};

/// Scales and ranges of the axes from the lines' values; equal values get some room.
void fitAxes(ParallelData& data);
/// "2 not shown: ≤ 0 (β)" of all axes; empty where all are shown.
QString notShownText(const ParallelData& data);
/// Whether the axis has a place for the value.
bool isOn(const ParallelAxis& axis, double value);
/// 0 at the axis' lower end, 1 at its upper end, and back.
double positionOn(const ParallelAxis& axis, double value);
double valueAt(const ParallelAxis& axis, double position);
/// "0.001", or the category.
QString valueTextOn(const ParallelAxis& axis, double value);

/// Brushed ranges by axis, as positions from 0 to 1, lower first.
using Brushes = std::map<size_t, std::pair<double, double>>;
/// Numbers of the trials whose lines have a result, pass through every brush and are among the best
/// `share` (0…1, at least one) by the objective, of which equal ones stay together.
std::vector<int> keptTrials(const ParallelData& data, const Brushes& brushes, double share);

} // namespace clwb::ui
