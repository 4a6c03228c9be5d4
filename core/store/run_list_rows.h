// SPDX-License-Identifier: GPL-3.0-or-later
// What the run list knows of some runs only, read after the rows themselves.
#pragma once

#include "core/store/project.h"
#include "core/store/sqlite.h"

#include <vector>

namespace clwb::store
{

/// The session of the last stored step, of the few that train now.
Result<void> addSessionsNow(Database& database, std::vector<RunRow>& runs);

/// Of which run's path they are points ("weight_path" of their specs), of imported ones.
Result<void> addWeightPaths(Database& database, std::vector<RunRow>& runs);

} // namespace clwb::store
