// SPDX-License-Identifier: GPL-3.0-or-later
// Import of the table `runs`: the columns of v_run, then metrics.
#include "core/base/number_text.h"
#include "core/store/bundle.h"
#include "core/store/project_private.h"
#include "core/store/run_dump.h"
#include "core/store/run_rows.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace clwb::store
{
namespace
{

constexpr size_t kMaxColumns = 500;
constexpr size_t kMaxProblems = 20;
constexpr std::array<std::string_view, 16> kRunColumns{
    "run_id",  "uid",    "name",   "kind",        "method",       "option",
    "setting", "status", "seed",   "created_utc", "finished_utc", "seconds",
    "study",   "model",  "origin", "last_session"};

/// One row while it is read; every problem is collected.
class RowReader
{
public:
    RowReader(const std::vector<std::string>& header, const std::vector<std::string>& row,
              size_t line, std::vector<std::string>& problems)
        : m_header(header)
        , m_row(row)
        , m_line(line)
        , m_problems(problems)
    {}

    [[nodiscard]] std::string text(std::string_view column) const
    {
        const auto found = std::find(m_header.begin(), m_header.end(), column);
        const auto index = static_cast<size_t>(found - m_header.begin());
        return index < m_row.size() ? m_row[index] : std::string();
    }

    std::string oneOf(std::string_view column, std::initializer_list<std::string_view> allowed,
                      const std::string& fallback)
    {
        const std::string value = text(column);
        if (value.empty())
            return fallback;
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            problem(column, "'" + value + "' is not known");
        return value;
    }

    std::optional<double> number(std::string_view column)
    {
        const std::string value = text(column);
        if (value.empty())
            return std::nullopt;
        const auto parsed = parseDouble(value);
        if (!parsed)
            problem(column, "expected a number, got '" + value.substr(0, 100) + "'");
        return parsed;
    }

    std::optional<int64_t> integer(std::string_view column)
    {
        const std::string value = text(column);
        if (value.empty())
            return std::nullopt;
        const auto parsed = parseInteger(value);
        if (!parsed)
            problem(column, "expected an integer, got '" + value.substr(0, 100) + "'");
        return parsed ? std::optional<int64_t>(*parsed) : std::nullopt;
    }

    void problem(std::string_view column, const std::string& what)
    {
        if (m_problems.size() < kMaxProblems)
            m_problems.push_back("row " + std::to_string(m_line) + ", column " +
                                 std::string(column) + ": " + what);
    }

private:
    const std::vector<std::string>& m_header;
    const std::vector<std::string>& m_row;
    size_t m_line;
    std::vector<std::string>& m_problems;
};

RunColumns readColumnCells(RowReader& reader)
{
    RunColumns run;
    run.uid = reader.text("uid");
    if (!run.uid.empty() && !isUid(run.uid))
        reader.problem("uid", "expected 32 hexadecimal digits");
    run.name = reader.text("name");
    run.kind = reader.oneOf("kind", {"method", "original", "joint"}, "method");
    run.method = reader.text("method");
    run.option = reader.oneOf("option", {"WM", "IO", "TO"}, "");
    run.setting = reader.oneOf("setting", {"OST", "MST"}, "");
    run.status = reader.oneOf(
        "status", {"queued", "running", "stopped", "interrupted", "failed", "finished", "reported"},
        "finished");
    run.origin = "imported";
    run.seed = reader.integer("seed");
    run.createdUtc = reader.text("created_utc");
    run.finishedUtc = reader.text("finished_utc");
    run.seconds = reader.number("seconds");
    run.study = reader.text("study");
    run.model = reader.text("model");
    const int64_t session = reader.integer("last_session").value_or(run.kind == "original" ? 0 : 1);
    if (session < 0 || session > 100000)
        reader.problem("last_session", "is out of range");
    run.lastSession = static_cast<int>(std::clamp<int64_t>(session, 0, 100000));
    run.spec = Json{{"kind", run.kind},       {"method", run.method}, {"option", run.option},
                    {"setting", run.setting}, {"study", run.study},   {"model", run.model}};
    return run;
}

RunDump dumpOfRow(const std::vector<std::string>& header, RowReader& reader)
{
    RunDump dump;
    dump.columns = readColumnCells(reader);
    for (const std::string& column : header) {
        if (std::find(kRunColumns.begin(), kRunColumns.end(), column) != kRunColumns.end())
            continue;
        if (const auto value = reader.number(column))
            dump.metrics.push_back({dump.columns.lastSession, 0, column, *value});
    }
    return dump;
}

} // namespace

Result<ImportReport> importTable(Project& project, const std::vector<std::string>& header,
                                 const std::vector<std::vector<std::string>>& rows)
{
    CLWB_TRY(requireWritable(project));
    if (header.size() > kMaxColumns ||
        std::find(header.begin(), header.end(), "name") == header.end())
        return fail(ErrorCode::Data,
                    header.size() > kMaxColumns ? "the table has more than 500 columns"
                                                : "the table has no column 'name'",
                    "import a table made by `clwb table runs --format csv`");
    std::vector<std::string> problems;
    std::vector<RunDump> dumps;
    for (size_t row = 0; row < rows.size(); ++row) {
        RowReader reader(header, rows[row], row + 2, problems); // the header is row 1
        if (rows[row].size() != header.size())
            reader.problem("-", "expected " + std::to_string(header.size()) + " cells, got " +
                                    std::to_string(rows[row].size()));
        dumps.push_back(dumpOfRow(header, reader));
    }
    if (problems.empty())
        return insertDumps(project, dumps);
    std::string message = "the table cannot be imported:";
    for (const std::string& problem : problems)
        message += "\n" + problem;
    return fail(ErrorCode::Data, message, "nothing was imported: correct the cells and try again");
}

} // namespace clwb::store
