// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of the paper's Tables I to VIII as runs, parsed from resources/paper.
#pragma once

#include "core/report/report_run.h"

#include <vector>

namespace clwb::report
{

/// Every reported run once, in the order of the tables, with origin `paper`, status `reported`, no
/// seed and runId 1, 2, …. A run that stands in several tables (M = 10, Ks = 100) is one run.
/// Further params: `paper.tables` ("III, V, VI"), `paper.note`, `paper.cited` (no run of the paper).
const std::vector<ReportRun>& paperRuns();

/// Table I: classes and crops of the eight sessions.
const std::vector<SessionCrops>& paperSessions();

} // namespace clwb::report
