// SPDX-License-Identifier: GPL-3.0-or-later
// What the run list knows of runs beyond their rows.
#pragma once

#include "core/report/report_run.h"
#include "core/store/project.h"

#include <QString>

#include <map>
#include <optional>
#include <string>

namespace clwb::ui
{

struct RunDetails
{
    std::map<int64_t, std::string> configurations;    ///< hash by run; equal but for the seed
    std::map<std::string, QString> studyNames;        ///< by path of the study's file
    std::map<int64_t, report::BranchedFrom> branches; ///< runs that took over another's state

    [[nodiscard]] std::optional<report::BranchedFrom> branchOf(int64_t runId) const;
};

/// Reader's thread. Names in `known` are not read again.
Result<RunDetails> readRunDetails(const store::Project& project,
                                  const std::vector<store::RunRow>& runs,
                                  std::map<std::string, QString> known);

/// Archived runs are left out of the list until asked for. The mark is the reserved tag
/// "archived": it needs no other schema, goes with bundles, and `clwb tag` can set it.
bool isArchived(const store::RunRow& run);
/// The tags without reserved ones, as the user sees and edits them.
std::vector<std::string> ownTags(const store::RunRow& run);
inline constexpr char kArchivedTag[] = "archived";

} // namespace clwb::ui
