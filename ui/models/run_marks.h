// SPDX-License-Identifier: GPL-3.0-or-later
// Best values of a list of runs: bold over all that compete, underlined in an option group.
#pragma once

#include "core/store/project.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace clwb::ui
{

struct Mark
{
    bool isBest = false;         ///< of its setting
    bool isBestOfOption = false; ///< among the runs of the same option
};

/// By run number and column of runColumns(). References, unfinished runs and the others' values
/// of reported rows do not compete: reported rows compete among themselves. Values are compared
/// as shown; ties are all marked; a single competitor is not marked.
using Marks = std::map<std::pair<int64_t, int>, Mark>;
Marks markBest(const std::vector<const store::RunRow*>& runs);

} // namespace clwb::ui
