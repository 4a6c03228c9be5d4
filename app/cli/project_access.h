// SPDX-License-Identifier: GPL-3.0-or-later
// The project file that --db names, and the runs that words of the command line mean.
#pragma once

#include "app/cli/command.h"
#include "core/store/project.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clwb::cli
{

/// --db, otherwise clwb.db in the working directory; absolute.
std::filesystem::path projectFile(const Arguments& arguments);

/// Opens it. With ReadWrite a file that is read-only is an error (Locked) that says why.
Result<store::Project> openProject(const Arguments& arguments, store::OpenMode mode);

/// Every RUN word as a run number. Errors: Usage.
Result<std::vector<int64_t>> findRuns(const store::Project& project,
                                      const std::vector<std::string>& words);

/// Runs of `--runs 1,2,NAME` (all runs when it is not given), cut to `--origin`, by run_id.
Result<std::vector<store::RunRow>> selectRuns(const store::Project& project,
                                              const Arguments& arguments);

/// "3,5" split at commas; empty parts left out.
std::vector<std::string> splitList(const std::string& text);

} // namespace clwb::cli
