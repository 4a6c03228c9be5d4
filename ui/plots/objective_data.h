// SPDX-License-Identifier: GPL-3.0-or-later
// A metric of a sweep's trials by one of its settings, as values.
#pragma once

#include "ui/models/data_table.h"
#include "ui/plots/parallel_data.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace clwb::ui
{

struct ObjectivePoint
{
    int number = 0; ///< of the trial
    double setting = 0;
    double metric = 0;
    bool isChosen = false; ///< by a search
    bool isKept = true;    ///< by the brushes and the share of the best
};

struct ObjectiveData
{
    ParallelAxis setting; ///< with its range
    QString metric;       ///< "A-Acc"
    std::vector<ObjectivePoint> points;
    int failed = 0;
    int unfinished = 0;   ///< neither failed nor with a result
    int withoutValue = 0; ///< finished, but without this setting or metric
    int notPositive = 0;  ///< without a place on a logarithmic axis
    bool isMetricLogarithmic = false;
};

/// @param setting an axis of the settings, `metric` one of the metrics
/// @param kept    numbers of the trials that stay, as from keptTrials()
ObjectiveData objectiveOf(const ParallelData& data, size_t setting, size_t metric,
                          const std::vector<int>& kept);
/// "9 trials · 2 not shown: 1 failed, 1 without a result yet".
QString countsText(const ObjectiveData& data);
/// "trial 4 · β 3 · A-Acc 71.20", with what else there is to say of it.
QString pointText(const ObjectiveData& data, const ObjectivePoint& point);
/// One row a point, full precision.
DataTable objectiveTable(const ObjectiveData& data);

/// Places for ticks at the points' own values where these are few and not crowded; empty otherwise.
std::vector<double> ownTicks(const ObjectiveData& data);

} // namespace clwb::ui
