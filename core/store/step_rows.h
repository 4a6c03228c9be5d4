// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a run without their losses: where its sessions and epochs ended, and when.
#pragma once

#include "core/store/project.h"

#include <vector>

namespace clwb::store
{

struct StepRow
{
    int64_t step = 0;
    int session = 0;
    int epoch = 0;                ///< from 1, within the session
    std::optional<StepTime> time; ///< nothing: from before schema 3, or imported
};

/// In the order of the steps. Of long runs some rows stand for several steps.
/// Errors: Corrupt, Locked. Cost: milliseconds for 20 000 steps.
Result<std::vector<StepRow>> stepRows(const Project& project, int64_t runId);

} // namespace clwb::store
