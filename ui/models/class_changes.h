// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes a session changed most: forgotten, learned, lost from the zero-shot set.
#pragma once

#include "core/metrics/evaluation_record.h"

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace clwb::ui
{

struct ClassChange
{
    std::string name;
    double points = 0; ///< change of the class's accuracy in percentage points
    int number = 0;    ///< of the class in its record
    int since = 0;     ///< session with which it is compared
};

struct ClassChanges
{
    int session = 0;                       ///< after which; 0: nothing to compare yet
    std::vector<ClassChange> forgotten;    ///< classes of earlier sessions, since they were learned
    std::vector<ClassChange> learned;      ///< classes of this session, since the record before
    std::vector<ClassChange> worsened;     ///< classes of this session that lost by it, likewise
    std::vector<ClassChange> zeroShotLost; ///< zero-shot classes, since session 0
};

/// @param records session-end test records by session
/// @param count how many of each kind, largest change first; unchanged classes are left out
/// @param session whose record is judged; without one the last record before it
ClassChanges classChanges(const std::map<int, metrics::EvaluationRecord>& records, size_t count,
                          int session = std::numeric_limits<int>::max());

} // namespace clwb::ui
