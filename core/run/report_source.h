// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a project as tables and plots see them.
#pragma once

#include "core/base/error.h"
#include "core/report/report_run.h"
#include "core/store/project.h"

#include <cstdint>
#include <vector>

namespace clwb::run
{

/// One run with its parameters, measures after every session, session matrix and crop counts.
/// Errors: Corrupt, Locked.
Result<report::ReportRun> reportRun(const store::Project& project, const store::RunRow& row);

/// The same for several rows. The first reported MST run carries the paper's Table I.
Result<std::vector<report::ReportRun>> reportRuns(const store::Project& project,
                                                  const std::vector<store::RunRow>& rows);

} // namespace clwb::run
