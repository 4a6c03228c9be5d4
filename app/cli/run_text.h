// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a project as text for people and as JSON for programs. Pure functions.
#pragma once

#include "core/base/json.h"
#include "core/store/project.h"

#include <string>
#include <vector>

namespace clwb::cli
{

/// Aligned columns, one run a line.
std::string runTable(const std::vector<store::RunRow>& rows);
/// One property a line.
/// @param warnings of the run, oldest first @param branchedFrom what branchText() said
std::string runDetails(const store::RunRow& row, const std::vector<std::string>& warnings,
                       const std::string& branchedFrom);
Json runJson(const store::RunRow& row);
/// "run 3 after session 2" of a branch, by the runs that the project has; "" for other runs.
std::string branchText(const Json& resolvedSpec, const std::vector<store::RunRow>& rows);
/// Lines of `clwb show`: the program, its local changes, the files of the data; empty where nothing
/// of it is known.
std::string provenanceText(const Json& environment, const Json& resolvedSpec);

} // namespace clwb::cli
