// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/configurations.h"

#include "core/report/table_kinds.h"

namespace clwb::report
{

std::vector<Configuration> configurationsOf(const std::vector<ReportRun>& runs)
{
    std::vector<Configuration> configurations;
    for (detail::RunGroup& group : detail::groupsOf(detail::sortedRuns(runs), Layout::Paper))
        configurations.push_back(
            {std::move(group.label), std::move(group.runs), std::move(group.replaced)});
    return configurations;
}

} // namespace clwb::report
