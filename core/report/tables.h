// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the paper and of the workbench, built from runs: `clwb table KIND`.
#pragma once

#include "core/base/error.h"
#include "core/report/grid.h"
#include "core/report/report_run.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::report
{

enum class Layout {
    Raw,   ///< a row a run, by run_id; exactly the columns of interfaces.md §8
    Paper, ///< labels, groups in the paper's order, seeds as mean ± std
};

/// Where the paper's numbers stand.
enum class Reported {
    Rows,   ///< in rows of their own, as far as the runs hold them
    Beside, ///< in columns beside each metric, with the difference; reported runs are no rows then
};

struct TableOptions
{
    Layout layout = Layout::Raw;
    int decimals = 2;
    Underline underline = Underline::GroupBest;
    Ties ties = Ties::Displayed;
    Reported reported = Reported::Rows;
    /// Paper: rows of the paper's table that no run fills stand there empty, with a note of what to
    /// run; only where some run of one's own has a place in the table.
    bool isComplete = false;
    /// A27, named in the title: the runs were read with it. Empty: as each run counted.
    std::string labelSpace = {};
    /// A28, UT-Acc of curves in the paper's layout: on the test crops of the seen sessions, or all.
    std::string curve = "seen";
};

/// A kind of table; adding a row to the table of kinds adds it to the program.
struct TableKind
{
    std::string_view name;
    std::string_view title;
    std::string_view study; ///< file in resources/studies that makes its runs; may be empty
    std::string_view paper; ///< what it is in the paper: "Table IV"; may be empty
    bool isContest;         ///< whether best cells are marked
    Grid (*build)(const std::vector<ReportRun>& runs, const TableOptions& options);
};

/// ost, mst, ablation-m, ablation-ks, shuffle, transfer, sessions, matrix, curves, runs.
std::span<const TableKind> tableKinds();

/// "Table IV: Results after the last of several sessions (MST), %".
std::string titleInPaper(const TableKind& kind);

/// Runs that have no place in the table (other setting, nothing evaluated) are left out.
/// Best cells are marked where rows compete. Errors: Usage on an unknown kind, naming the known
/// ones.
Result<Grid> buildTable(std::string_view kind, const std::vector<ReportRun>& runs,
                        const TableOptions& options);

/// Names of the studies whose runs would stand together in such a table, in order; two of one name
/// with the beginning of what tells them apart. Reported rows go with every study. Errors: as
/// buildTable().
Result<std::vector<std::string>> studiesInTable(std::string_view kind,
                                                const std::vector<ReportRun>& runs);

enum class TableFormat { Csv, Latex, Markdown, Html, Json };
/// Errors: Usage, naming the formats.
Result<TableFormat> tableFormatFromText(std::string_view text);

/// One table as text: CSV and JSON in raw layout, the others in the paper's.
Result<std::string> renderTable(std::string_view kind, const std::vector<ReportRun>& runs,
                                TableFormat format, TableOptions options = {});

/// Reads what `table runs --format csv` wrote: runs with their last metrics.
/// Errors: Data (not such a file, numbers that are none), with row and column.
Result<std::vector<ReportRun>> runsFromCsv(std::string_view content, std::string_view source);

} // namespace clwb::report
