// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of one configuration together: what tables print as one row and plots draw as one line.
#pragma once

#include "core/report/report_run.h"

#include <string>
#include <vector>

namespace clwb::report
{

/// Runs that differ by seed only.
struct Configuration
{
    std::string label; ///< "VR-LwF-WM", with what tells it apart: "VR-LwF-WM (M 20)"
    std::vector<const ReportRun*> runs; ///< one a seed, at least one
    std::vector<ReplacedRun> replaced;  ///< earlier ones of the same seeds
};

/// References first, then WM, IO, TO with the methods in each, reported rows after own ones. Of a
/// seed that was run twice the later run is taken.
std::vector<Configuration> configurationsOf(const std::vector<ReportRun>& runs);

} // namespace clwb::report
