// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes a session changed most: forgotten, learned, lost from the zero-shot set.
#pragma once

#include "core/metrics/evaluation_record.h"

#include <map>
#include <string>
#include <vector>

namespace clwb::ui
{

struct ClassChange
{
    std::string name;
    double points = 0; ///< change of the class's accuracy in percentage points
};

struct ClassChanges
{
    int session = 0;                       ///< after which; 0: nothing to compare yet
    std::vector<ClassChange> forgotten;    ///< classes of earlier sessions, since they were learned
    std::vector<ClassChange> learned;      ///< classes of this session, since the record before
    std::vector<ClassChange> zeroShotLost; ///< zero-shot classes, since session 0
};

/// @param records session-end test records by session; the last one is judged
/// @param count how many of each kind, largest change first; unchanged classes are left out
ClassChanges classChanges(const std::map<int, metrics::EvaluationRecord>& records, size_t count);

} // namespace clwb::ui
