// SPDX-License-Identifier: GPL-3.0-or-later
// Builders of the single kinds of tables, and what they share; tables.cpp lists them.
#pragma once

#include "core/report/tables.h"

#include <functional>

namespace clwb::report::detail
{

Grid ostTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid mstTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid tokensTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid sentencesTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid shuffleTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid transferTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid sessionsTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid matrixTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid curvesTable(const std::vector<ReportRun>& runs, const TableOptions& options);
Grid runsTable(const std::vector<ReportRun>& runs, const TableOptions& options);

using Runs = std::vector<const ReportRun*>;
using Predicate = std::function<bool(const ReportRun&)>;

/// By run_id.
Runs sortedRuns(const std::vector<ReportRun>& runs);

Cell textCell(std::string text);
Cell numberCell(std::optional<double> value);
/// Mean and sample deviation over seeds; undefined without values.
Cell joinedCell(const std::vector<double>& values);

/// Runs that share a row of the paper's layout: one configuration, several seeds.
struct RunGroup
{
    std::string label; ///< "VR-LwF-WM", with what tells it apart: "VR-LwF-WM (M 20)"
    Runs runs;
    std::vector<ReplacedRun> replaced = {}; ///< of seeds that were run again

    [[nodiscard]] const ReportRun& first() const { return *runs.front(); }
    /// Stands for a row of the paper that nobody has run.
    [[nodiscard]] bool isMissing() const { return first().runId == 0; }
};
/// Raw: a group a run, by run_id. Paper: references, then WM, IO, TO, methods in each, reported
/// after own ones; runs that differ by seed only share a group, the last one of each seed.
std::vector<RunGroup> groupsOf(const Runs& runs, Layout layout);

/// "world" of …/world/study.json, "mini-clip" of …/mini-clip: what people call it.
std::string shortName(const std::string& path);
/// "#12", "#12, #13, #14", of more than three the first ones.
std::string numbersOf(const RunGroup& group);
/// What follows the label of branches, which must not pass for runs from the start model:
/// " from #12, session 3", " from 2 runs, session 3"; of other runs nothing.
std::string branchPhrase(const RunGroup& group);

/// The first cell of a row: run_id, or the label.
Cell idCell(const RunGroup& group, Layout layout);
Column idColumn(Layout layout);
/// A row without cells: what it stands for and against whom it competes.
Row rowOf(const RunGroup& group);
/// "own" or "reported" behind the first column, where rows of both stand.
void addSourceColumn(Grid& grid);

/// A row of a table of results before it has numbers.
struct Line
{
    RunGroup group;
    std::vector<Cell> lead;                   ///< cells before the metrics
    std::vector<std::string> prefixes = {""}; ///< before metric names; several: seeds of a shuffle
    std::string section = {};
    std::string contest = {}; ///< what else rows must have in common to be compared
};
/// @param lead    columns before the metrics
/// @param metrics columns as metricName() knows them
Grid resultGrid(std::vector<Column> lead, const std::vector<std::string>& metrics,
                const std::vector<Line>& lines, const TableOptions& options);

/// Footnotes: seeds, unfinished runs, undefined sessions, label spaces, corrected labels, and what
/// to run for empty rows.
void addNotes(Grid& grid, const std::vector<RunGroup>& groups, const TableOptions& options);
/// What bold and underlined mean, where anything is.
void addMarkNote(Grid& grid, Underline underline);

/// A VR-LwF-WM run with another M, Ks or source of replay than the main tables have.
bool isAblation(const ReportRun& run);
/// What makes it one: "M 20", "Ks 50", "captions".
std::string variantOf(const ReportRun& run);
bool isCaptionReplay(const ReportRun& run);
/// The run of the paper that stands for the same kind, method, option, setting, M, Ks and replay.
const ReportRun* reportedCounterpart(const ReportRun& run);
/// A number of that run; retrieval of the original model is the same in both settings.
std::optional<double> reportedMetric(const ReportRun& run, const std::string& metric);
/// Runs without numbers, runId 0, for reported runs that fit and that no own run stands for.
std::vector<ReportRun> missingRuns(const Runs& runs, const Predicate& fits);
/// The commands that make such a run, and all runs of a file in resources/studies.
std::string runCommand(const ReportRun& run);
std::string sweepCommand(std::string_view study);

} // namespace clwb::report::detail
