// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a sweep is done and how long the rest will take.
#pragma once

#include "core/run/sweep_runner.h"

#include <functional>
#include <vector>

namespace clwb::run
{

struct Forecast
{
    int trials = 0;
    int done = 0;       ///< finished here, or by a run that stands for them
    int left = 0;       ///< to be started or continued
    int failed = 0;     ///< left as they are
    int waiting = 0;    ///< at which other programs are
    double seconds = 0; ///< of what is left and could be estimated
    int unknown = 0;    ///< trials left whose time could not be
};

/// Trials that differ only in seed, name or settings without effect on time share one estimate:
/// how long a finished one took, else one short measurement (estimateRun). Of a run that goes on
/// the steps it has are taken off. A stop request leaves the rest unknown.
/// @param measuring called before each measurement with its number and how many there are
Result<Forecast> forecastOf(const std::vector<PlannedTrial>& plan, const SweepSetting& setting,
                            const std::function<void(int number, int count)>& measuring = {});

} // namespace clwb::run
