// SPDX-License-Identifier: GPL-3.0-or-later
// clwb table: the paper's tables and plain ones out of a project's runs.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "core/report/tables.h"
#include "core/run/report_source.h"

namespace clwb::cli
{
namespace
{

Result<int> runTableCommand(const Arguments& arguments)
{
    const std::string& kind = arguments.positionals()[0];
    CLWB_ASSIGN(const report::TableFormat format,
                report::tableFormatFromText(arguments.valueOr("--format", "csv")));
    // An unknown kind is named before the project is looked for.
    CLWB_TRY(report::buildTable(kind, {}, {}));
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const auto rows, selectRuns(project, arguments));
    CLWB_ASSIGN(const auto runs, run::reportRuns(project, rows));
    CLWB_ASSIGN(const std::string text, report::renderTable(kind, runs, format));
    CLWB_TRY(writeResultTo(arguments.value("--out"), text));
    return 0;
}

} // namespace

Command describe_table()
{
    return {150,
            "table",
            "Prints a table of results: ost, mst, ablation-m, ablation-ks, shuffle, sessions, "
            "matrix, curves, runs",
            {{"KIND"}},
            {dbOption(),
             {"--runs", "LIST", "only these runs: numbers or names with commas between", false, {}},
             {"--origin", "WHAT", "only runs of this origin (default: all)", false,
              {"local", "paper", "imported", "all"}},
             {"--format", "FORMAT", "form of the table (default: csv)", false,
              {"csv", "latex", "markdown", "html", "json"}},
             outOption("write into this file instead of stdout")},
            "Values are per cent after the last evaluated session.",
            "clwb table mst --db experiments.db --origin paper --format markdown",
            runTableCommand};
}

} // namespace clwb::cli
