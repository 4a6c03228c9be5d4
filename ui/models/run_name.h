// SPDX-License-Identifier: GPL-3.0-or-later
// The one way in which a run is written everywhere in the window: "#12 VR-LwF-WM, MST, seed 2".
#pragma once

#include "core/report/report_run.h"
#include "core/store/project.h"

#include <QString>

#include <vector>

namespace clwb::ui
{

/// "#12": what the command line takes too.
QString runNumber(int64_t runId);
/// "#12, #13, #14"; of more than `most` the first ones and how many follow.
QString runNumbers(const std::vector<int64_t>& runs, size_t most = 6);
/// The name that the user gave it, otherwise what it is: "VR-LwF-WM".
QString runName(const store::RunRow& run);
/// Number and name; setting and seed where there is no name of its own that would hold them.
QString runTitle(const store::RunRow& run);
QString runTitle(const report::ReportRun& run);
/// "from #12, session 3"; empty for a run that began with the start model.
QString branchText(const std::optional<report::BranchedFrom>& branch);

} // namespace clwb::ui
