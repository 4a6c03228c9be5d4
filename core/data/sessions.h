// SPDX-License-Identifier: GPL-3.0-or-later
// Class order and sessions: equal parts of all classes, or explicit lists of names.
#pragma once

#include "core/base/error.h"
#include "core/spec/study.h"

#include <string>
#include <vector>

namespace clwb::data
{

/// The class list (sessions concatenated) as positions in the candidates.
struct SessionSplit
{
    std::vector<size_t> order;       ///< class index → position among the candidates
    std::vector<int> sessionOfClass; ///< 1-based
    int sessions = 0;
    std::vector<size_t> unused; ///< candidates no session names
};

/// @param candidates names in natural order (category id, bytewise, or as listed)
/// @param aliases    second names (display names of folders), same length or empty
/// Errors: Usage when the number of classes is no multiple of `count`; Data for an unknown class, a
/// class twice or two candidates of one name.
Result<SessionSplit> splitIntoSessions(const std::vector<std::string>& candidates,
                                       const std::vector<std::string>& aliases,
                                       const spec::SessionPlan& plan);

} // namespace clwb::data
