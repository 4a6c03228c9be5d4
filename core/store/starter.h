// SPDX-License-Identifier: GPL-3.0-or-later
// The starter project: the paper's reported numbers as reference rows.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace clwb::store
{

/// One row of a table of the paper.
struct ReportedRun
{
    std::string name;                          ///< "VR-LwF-WM (MST)"
    std::string kind, method, option, setting; ///< values of interfaces.md section 3
    std::string source; ///< "Table IV, row 9": shown as the note, part of the identity
    std::map<std::string, std::string> params; ///< dotted key → JSON text ("params.M" → "10")
    int session = 0;                           ///< finished sessions that the numbers stand for
    std::map<std::string, double> metrics;     ///< v_metric names
};

/// Uid of a reported row: the same in every project, so that imports recognise it.
std::string reportedUid(const ReportedRun& run);

/// Adds the rows that the project lacks (origin `paper`, status `reported`, no seed); returns how
/// many were added. Errors: as Project::open and of writing.
Result<int64_t> addReportedRuns(const std::filesystem::path& project,
                                const std::vector<ReportedRun>& runs);

/// Makes a new starter project out of the reported rows; finished runs are then imported into it.
/// It appears complete, as one file without neighbours. Errors: Usage (exists), DiskFull.
Result<void> createStarterProject(const std::filesystem::path& file,
                                  const std::vector<ReportedRun>& runs);

/// Ends the making of a project that is to be shipped: rollback journal, defragmented, one file.
Result<void> sealProject(const std::filesystem::path& file);

} // namespace clwb::store
