// SPDX-License-Identifier: GPL-3.0-or-later
// Best values of a list: over all that compete, in an option group, and second best.
#pragma once

#include "core/store/project.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace clwb::ui
{

struct Mark
{
    bool isBest = false;         ///< of its setting
    bool isBestOfOption = false; ///< among those of the same option
    bool isSecondBest = false;   ///< of its setting: the next value that is not tied with the best
};

/// A row that competes: a run, or the mean over the seeds of a configuration.
struct Contestant
{
    int64_t id = 0;
    std::string contest; ///< only rows of the same contest are rivals
    std::string option;
    std::vector<double> values; ///< by column; NaN: none
};

/// Whether a run competes: references, unfinished runs and path points do not.
bool competes(const store::RunRow& run);
/// Study and setting, and whether it is reported: reported rows compete among themselves.
/// @param study RunStudies::keyOf() it
std::string contestOf(const store::RunRow& run, const std::string& study);

/// By id and column of runColumns(). Values are compared as shown; ties are all marked; a single
/// competitor is not marked.
using Marks = std::map<std::pair<int64_t, int>, Mark>;
Marks markBest(const std::vector<Contestant>& contestants);

} // namespace clwb::ui
