// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of the paper's Tables I to VIII as runs, parsed from resources/paper.
#pragma once

#include "core/base/json.h"
#include "core/report/report_run.h"

#include <vector>

namespace clwb::report
{

/// Every reported run once, in the order of the tables, with origin `paper`, status `reported`, no
/// seed and runId 1, 2, …. A run that stands in several tables (M = 10, Ks = 100) is one run.
/// Further params: `paper.tables` ("III, V, VI"), `paper.note`, `paper.cited` (no run of the
/// paper).
const std::vector<ReportRun>& paperRuns();

/// What is known of a reported run's spec, keys as in interfaces.md §3, and `paper` with its
/// tables.
Json reportedSpec(const ReportRun& run);

/// Table I: classes and crops of the eight sessions.
const std::vector<SessionCrops>& paperSessions();

} // namespace clwb::report
