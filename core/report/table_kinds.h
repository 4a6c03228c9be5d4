// SPDX-License-Identifier: GPL-3.0-or-later
// Builders of the single kinds of tables; tables.cpp lists them.
#pragma once

#include "core/report/tables.h"

namespace clwb::report::detail
{

Grid ostTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid mstTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid tokensTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid sentencesTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid shuffleTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid sessionsTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid matrixTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid curvesTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid runsTable(const std::vector<ReportRun>& runs, const TableOptions& options);

/// By run_id.
std::vector<const ReportRun*> sortedRuns(const std::vector<ReportRun>& runs);

Cell textCell(std::string text);
Cell numberCell(std::optional<double> value);

/// Runs that share a row of the paper's layout: one configuration, several seeds.
struct RunGroup
{
    std::string label; ///< "VR-LwF-WM", with what tells it apart: "VR-LwF-WM (M 20)"
    std::vector<const ReportRun*> runs;

    [[nodiscard]] const ReportRun& first() const { return *runs.front(); }
};
/// In the paper's order: references, then WM, IO, TO, methods in each; reported after local.
std::vector<RunGroup> paperOrder(const std::vector<const ReportRun*>& runs, bool joinSeeds);
/// Mean and sample deviation of a metric over the runs of a group that have it.
Cell metricCell(const RunGroup& group, const std::string& metric);

} // namespace clwb::report::detail
