// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a project as tables and plots see them, and the paper's runs as a project stores them.
#pragma once

#include "core/base/error.h"
#include "core/report/report_run.h"
#include "core/store/project.h"
#include "core/store/starter.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace clwb::run
{

/// Among which classes the updated task is counted (A27), from the stored counts.
enum class LabelSpace {
    AsStored, ///< as each run's specification says
    All,
    Seen, ///< those of the finished sessions
};
/// "all", "seen"; anything else: as each run counted.
LabelSpace labelSpaceFromText(std::string_view text);

/// One run with its parameters, measures after every session, session matrix and crop counts.
/// Another label space than the run's needs its stored evaluations; where these lack it, the values
/// stay as they are and `labelSpace` of the result says so.
/// Errors: Corrupt, Locked.
Result<report::ReportRun> reportRun(const store::Project& project, const store::RunRow& row,
                                    LabelSpace space = LabelSpace::AsStored);

/// The same for several rows. The first reported MST run carries the paper's Table I.
Result<std::vector<report::ReportRun>> reportRuns(const store::Project& project,
                                                  const std::vector<store::RunRow>& rows,
                                                  LabelSpace space = LabelSpace::AsStored);

/// The branches of a project by run_id, trashed runs left out.
/// Errors: Corrupt, Locked. Cost: one look-up a run, milliseconds for 10 000 runs.
Result<std::map<int64_t, report::BranchedFrom>> branchesOf(const store::Project& project);

/// The paper's runs as rows of a starter project.
std::vector<store::ReportedRun> paperRows();

} // namespace clwb::run
