// SPDX-License-Identifier: GPL-3.0-or-later
// clwb table: the paper's tables and plain ones out of a project's runs.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "core/base/number_text.h"
#include "core/report/tables.h"
#include "core/run/report_source.h"

namespace clwb::cli
{
namespace
{

Result<int> decimalsOf(const Arguments& arguments)
{
    const std::string text = arguments.valueOr("--decimals", "2");
    const auto decimals = parseInteger(text);
    if (!decimals || *decimals < 0 || *decimals > 10)
        return fail(ErrorCode::Usage, "--decimals: is \"" + text + "\", allowed are 0 to 10");
    return static_cast<int>(*decimals);
}

Result<report::TableOptions> optionsOf(const Arguments& arguments)
{
    report::TableOptions options;
    CLWB_ASSIGN(options.decimals, decimalsOf(arguments));
    if (arguments.valueOr("--underline", "group") == "second")
        options.underline = report::Underline::Second;
    if (arguments.valueOr("--ties", "displayed") == "exact")
        options.ties = report::Ties::Exact;
    if (arguments.valueOr("--reported", "rows") == "beside")
        options.reported = report::Reported::Beside;
    // Who names single runs wants these, not the paper's whole table.
    const bool namesRuns = arguments.has("--runs");
    options.isComplete = arguments.valueOr("--complete", namesRuns ? "no" : "yes") == "yes";
    options.labelSpace = arguments.valueOr("--label-space", "");
    options.curve = arguments.valueOr("--curve", "seen");
    return options;
}

/// Rows of several studies are no rivals: who reads the table is to know.
Result<void> tellStudies(const std::string& kind, const std::vector<report::ReportRun>& runs)
{
    if (kind == "runs")
        return {};
    CLWB_ASSIGN(const auto studies, report::studiesInTable(kind, runs));
    if (studies.size() < 2)
        return {};
    std::string names;
    for (const std::string& name : studies)
        names += (names.empty() ? "" : ", ") + name;
    writeNote("runs of " + std::to_string(studies.size()) +
              " studies stand in this table: " + names + "; --runs takes those of one");
    return {};
}

Result<int> runTableCommand(const Arguments& arguments)
{
    const std::string& kind = arguments.positionals()[0];
    CLWB_ASSIGN(const report::TableFormat format,
                report::tableFormatFromText(arguments.valueOr("--format", "csv")));
    CLWB_ASSIGN(const report::TableOptions options, optionsOf(arguments));
    // An unknown kind is named before the project is looked for.
    CLWB_TRY(report::buildTable(kind, {}, {}));
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(auto rows, selectRuns(project, arguments));
    // Points along a path between two models were not trained: they are in the paper's tables only
    // when they are named.
    if (kind != "runs" && !arguments.has("--runs"))
        std::erase_if(rows, [](const store::RunRow& row) { return row.isPathPoint(); });
    CLWB_ASSIGN(const auto runs,
                run::reportRuns(project, rows, run::labelSpaceFromText(options.labelSpace)));
    CLWB_ASSIGN(const std::string text, report::renderTable(kind, runs, format, options));
    CLWB_TRY(tellStudies(kind, runs));
    CLWB_TRY(writeResultTo(arguments.value("--out"), text));
    return 0;
}

std::vector<OptionDef> tableOptions()
{
    return {
        dbOption(),
        {"--runs", "LIST", "only these runs: numbers or names with commas between", false, {}},
        {"--origin",
         "WHAT",
         "only runs of this origin (default: all)",
         false,
         {"local", "paper", "imported", "all"}},
        {"--format",
         "FORMAT",
         "form of the table (default: csv)",
         false,
         {"csv", "latex", "markdown", "html", "json"}},
        {"--decimals", "N", "digits after the point, 0 to 10 (default: 2)", false, {}},
        {"--underline",
         "WHAT",
         "best of WM, IO, TO, or second best of all (default: group)",
         false,
         {"group", "second"}},
        {"--ties", "WHAT", "what is equal (default: displayed)", false, {"displayed", "exact"}},
        {"--reported",
         "WHERE",
         "the paper's numbers, beside: with the difference (default: rows)",
         false,
         {"rows", "beside"}},
        {"--complete",
         "WHICH",
         "rows that nobody has run (default: yes, no with --runs)",
         false,
         {"yes", "no"}},
        {"--label-space",
         "SPACE",
         "classes to choose among in the updated task (default: the run's)",
         false,
         {"all", "seen"}},
        {"--curve", "CROPS", "test crops of `curves` (default: seen)", false, {"seen", "all"}},
        outOption("write into this file instead of stdout"),
    };
}

} // namespace

Command describe_table()
{
    return {
        150,
        "table",
        "Prints a table of results: ost, mst, ablation-m, ablation-ks, shuffle, transfer, "
        "sessions, matrix, curves, runs",
        {{"KIND"}},
        tableOptions(),
        "Values are per cent after the last evaluated session. CSV and JSON hold a row a run and\n"
        "all digits; the other forms have the paper's layout. There runs that differ by seed only\n"
        "are mean ± std (number of runs), and the best of a column is bold among runs on the same\n"
        "data: references, reported numbers and unfinished runs do not compete. Rows of the\n"
        "paper's table that nobody has run stand there empty, with a note of what to run. Another\n"
        "label space is counted from stored counts, without the model.",
        "clwb table mst --db experiments.db --origin paper --format markdown\n"
        "clwb table mst --reported beside --format latex --out table4.tex",
        runTableCommand};
}

} // namespace clwb::cli
