// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/tables.h"

#include "core/base/check.h"
#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/report/table_kinds.h"
#include "core/report/table_writers.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace clwb::report
{
namespace
{

constexpr std::array kKinds{
    TableKind{"ost", "Results in one session (OST), %", "table3.json", "Table III", true,
              detail::ostTable},
    TableKind{"mst", "Results after the last of several sessions (MST), %", "table4.json",
              "Table IV", true, detail::mstTable},
    TableKind{"ablation-m", "VR-LwF-WM by tokens in a pseudo sentence (M), %", "table7-8.json",
              "Tables V and VII", true, detail::tokensTable},
    TableKind{"ablation-ks", "VR-LwF-WM by pseudo sentences in a batch (Ks), %", "table7-8.json",
              "Tables VI and VIII", true, detail::sentencesTable},
    TableKind{"shuffle", "Retrieval with the words of captions shuffled, %", "table2.json",
              "Table II", false, detail::shuffleTable},
    TableKind{"transfer", "Retrieval on the study's first and further sets, %", "fig5.json",
              "Fig. 5", true, detail::transferTable},
    TableKind{"sessions", "Sessions, their classes and crops", "", "Table I", false,
              detail::sessionsTable},
    TableKind{"matrix", "Accuracy on each session after each session, %", "fig4.json", "", false,
              detail::matrixTable},
    TableKind{"curves", "Accuracies by session, %", "fig4.json", "Fig. 4", false,
              detail::curvesTable},
    TableKind{"runs", "Runs with their last metrics", "", "", true, detail::runsTable},
};

struct FormatName
{
    std::string_view name;
    TableFormat format;
};
constexpr std::array kFormats{
    FormatName{"csv", TableFormat::Csv},           FormatName{"latex", TableFormat::Latex},
    FormatName{"markdown", TableFormat::Markdown}, FormatName{"html", TableFormat::Html},
    FormatName{"json", TableFormat::Json},
};

bool hasOwnRows(const Grid& grid)
{
    return std::any_of(grid.rows.begin(), grid.rows.end(),
                       [](const Row& row) { return !row.isReported; });
}

bool holdsUpdatedTask(const Grid& grid)
{
    return grid.kind == "matrix" || grid.kind == "sessions" ||
           std::any_of(grid.columns.begin(), grid.columns.end(),
                       [](const Column& column) { return column.key.starts_with("UT-Acc"); });
}

template<class Entries>
Failure unknownWord(std::string_view what, std::string_view word, const Entries& entries)
{
    std::string list;
    std::vector<std::string> names;
    for (const auto& entry : entries) {
        list += (list.empty() ? "" : ", ") + std::string(entry.name);
        names.emplace_back(entry.name);
    }
    const auto nearest = nearestWord(word, names);
    return fail(ErrorCode::Usage,
                std::string(what) + ": is \"" + std::string(word) + "\", allowed are " + list,
                nearest ? "did you mean \"" + *nearest + "\"?" : "");
}

/// One row of the `runs` table back into a run.
class RunRowReader
{
public:
    RunRowReader(const CsvTable& table, size_t row, std::string_view source,
                 std::vector<std::string>& errors)
        : m_table(table)
        , m_row(row)
        , m_source(source)
        , m_errors(errors)
    {}

    std::string text(std::string_view column) const
    {
        const auto index = m_table.column(column);
        return index ? unguarded(m_table.rows[m_row][*index]) : std::string();
    }

    std::optional<double> number(std::string_view column) const
    {
        const auto index = m_table.column(column);
        if (!index || m_table.rows[m_row][*index].empty())
            return std::nullopt;
        const auto value = parseDouble(m_table.rows[m_row][*index]);
        if (!value) {
            m_errors.push_back(std::string(m_source) + ": row " + std::to_string(m_row + 1) +
                               ", column " + std::string(column) + ": expected a number, got \"" +
                               m_table.rows[m_row][*index] + "\"");
        }
        return value;
    }

    std::optional<int64_t> integer(std::string_view column) const
    {
        const auto value = number(column);
        if (!value || !(*value >= -9e15 && *value <= 9e15))
            return std::nullopt;
        return static_cast<int64_t>(*value);
    }

private:
    const CsvTable& m_table;
    size_t m_row;
    std::string_view m_source;
    std::vector<std::string>& m_errors;
};

constexpr std::array<std::string_view, 15> kRunColumns{
    "run_id", "uid",         "name",         "kind",    "method", "option", "setting", "status",
    "seed",   "created_utc", "finished_utc", "seconds", "study",  "model",  "origin"};

ReportRun readRun(const RunRowReader& reader, const CsvTable& table)
{
    ReportRun run;
    run.runId = reader.integer("run_id").value_or(0);
    run.uid = reader.text("uid");
    run.name = reader.text("name");
    run.kind = reader.text("kind");
    run.method = reader.text("method");
    run.option = reader.text("option");
    run.setting = reader.text("setting");
    run.status = reader.text("status");
    run.seed = reader.integer("seed");
    run.createdUtc = reader.text("created_utc");
    run.finishedUtc = reader.text("finished_utc");
    run.seconds = reader.number("seconds");
    run.study = reader.text("study");
    run.model = reader.text("model");
    run.origin = reader.text("origin");
    for (const std::string& column : table.header) {
        if (std::find(kRunColumns.begin(), kRunColumns.end(), column) != kRunColumns.end())
            continue;
        if (const auto value = reader.number(column))
            run.metrics[column] = *value;
    }
    return run;
}

} // namespace

std::span<const TableKind> tableKinds()
{
    return kKinds;
}

std::string titleInPaper(const TableKind& kind)
{
    const std::string title(kind.title);
    return kind.paper.empty() ? title : std::string(kind.paper) + ": " + title;
}

Result<Grid> buildTable(std::string_view kind, const std::vector<ReportRun>& runs,
                        const TableOptions& options)
{
    const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                    [&](const TableKind& entry) { return entry.name == kind; });
    if (found == kKinds.end())
        return unknownWord("table", kind, kKinds);
    Grid grid = found->build(runs, options);
    grid.kind = found->name;
    grid.title = found->title;
    if (!options.labelSpace.empty() && holdsUpdatedTask(grid))
        grid.title += options.labelSpace == "seen" ? " – updated task among the classes seen so far"
                                                   : " – updated task among all classes";
    grid.decimals = options.decimals;
    for (const Row& row : grid.rows)
        CLWB_CHECK(row.cells.size() == grid.columns.size(), grid.kind);
    if (found->isContest) {
        markBest(grid, options.underline, options.ties);
        detail::addMarkNote(grid, options.underline);
    }
    if (options.isComplete && !found->study.empty() && !hasOwnRows(grid))
        grid.hints.push_back("No run of your own is in this table. To make some: " +
                             detail::sweepCommand(found->study));
    return grid;
}

Result<std::vector<std::string>> studiesInTable(std::string_view kind,
                                                const std::vector<ReportRun>& runs)
{
    CLWB_ASSIGN(const Grid grid, buildTable(kind, runs, {}));
    std::set<int64_t> placed;
    for (const Row& row : grid.rows)
        placed.insert(row.runIds.begin(), row.runIds.end());
    // A run that came without the hash of its study is of the file that others name by it: of the
    // newest of them, as the list of runs has it.
    std::map<std::string, std::string> keyByPath;
    for (const ReportRun& run : runs) {
        if (const std::string key = studyKeyOf(run); key != run.study)
            keyByPath[run.study] = key;
    }
    struct Told
    {
        std::string name;
        std::string mark; ///< where two studies have one name
    };
    std::map<std::string, Told> toldByKey;
    std::map<std::string, int> uses;
    for (const ReportRun& run : runs) {
        std::string key = run.isReported() ? std::string() : studyKeyOf(run);
        if (key.empty() || !placed.contains(run.runId))
            continue;
        if (const auto known = keyByPath.find(key); known != keyByPath.end())
            key = known->second;
        const std::string name = detail::shortName(run.study);
        const bool isPath = key == run.study;
        if (toldByKey.emplace(key, Told{name, isPath ? key : key.substr(0, 8)}).second)
            ++uses[name];
    }
    std::vector<std::string> names;
    for (const auto& [key, told] : toldByKey)
        names.push_back(uses[told.name] == 1 ? told.name : told.name + " (" + told.mark + ")");
    std::sort(names.begin(), names.end());
    return names;
}

Result<TableFormat> tableFormatFromText(std::string_view text)
{
    const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const FormatName& entry) { return entry.name == text; });
    if (found == kFormats.end())
        return unknownWord("--format", text, kFormats);
    return found->format;
}

Result<std::string> renderTable(std::string_view kind, const std::vector<ReportRun>& runs,
                                TableFormat format, TableOptions options)
{
    const bool isForPrograms = format == TableFormat::Csv || format == TableFormat::Json;
    options.layout = isForPrograms ? Layout::Raw : Layout::Paper;
    CLWB_ASSIGN(const Grid grid, buildTable(kind, runs, options));
    switch (format) {
    case TableFormat::Csv:
        return toCsv(grid);
    case TableFormat::Latex:
        return toLatex(grid);
    case TableFormat::Markdown:
        return toMarkdown(grid);
    case TableFormat::Html:
        return toHtml(grid);
    case TableFormat::Json:
        return toJsonText(grid);
    }
    return fail(ErrorCode::Usage, "no such format");
}

Result<std::vector<ReportRun>> runsFromCsv(std::string_view content, std::string_view source)
{
    CLWB_ASSIGN(const CsvTable table, readCsv(content, source, guessSeparator(content)));
    for (const std::string_view column : {"name", "kind", "setting"}) {
        if (!table.column(column)) {
            return fail(ErrorCode::Data,
                        std::string(source) + ": column '" + std::string(column) + "' is missing",
                        "the file must be one that `clwb table runs --format csv` wrote");
        }
    }
    std::vector<std::string> errors;
    std::vector<ReportRun> runs;
    for (size_t row = 0; row < table.rows.size(); ++row)
        runs.push_back(readRun(RunRowReader(table, row, source, errors), table));
    if (!errors.empty()) {
        std::string message;
        for (const std::string& error : errors)
            message += (message.empty() ? "" : "\n") + error;
        return fail(ErrorCode::Data, std::move(message));
    }
    return runs;
}

} // namespace clwb::report
