// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/csv.h"

#include "core/base/check.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace clwb::report
{
namespace
{

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kFormulaStarts = "=+-@\t\r";
constexpr size_t kMaxColumns = 10000;

/// Whether the text, seen past leading apostrophes, starts like a formula.
bool looksGuarded(std::string_view text)
{
    const size_t first = text.find_first_not_of('\'');
    return first != std::string_view::npos &&
           kFormulaStarts.find(text[first]) != std::string_view::npos;
}

/// Splits into rows of cells.
class Parser
{
public:
    Parser(std::string_view content, std::string_view source, char separator)
        : m_content(content)
        , m_source(source)
        , m_separator(separator)
    {}

    Result<std::vector<std::vector<std::string>>> parse()
    {
        std::vector<std::vector<std::string>> rows;
        while (m_at < m_content.size()) {
            std::vector<std::string> row;
            CLWB_TRY(parseRow(row));
            // A line with nothing on it holds no cells.
            if (row.size() > 1 || !row.front().empty())
                rows.push_back(std::move(row));
        }
        return rows;
    }

private:
    Failure problem(std::string what) const
    {
        return fail(ErrorCode::Data,
                    std::string(m_source) + ":" + std::to_string(m_line) + ": " + std::move(what));
    }

    Result<void> parseRow(std::vector<std::string>& row)
    {
        ++m_line;
        while (true) {
            CLWB_ASSIGN(std::string cell, parseCell());
            row.push_back(std::move(cell));
            if (row.size() > kMaxColumns)
                return problem("more than 10000 columns");
            if (m_at >= m_content.size())
                return {};
            const char end = m_content[m_at++];
            if (end == m_separator)
                continue;
            if (end == '\r' && m_at < m_content.size() && m_content[m_at] == '\n')
                ++m_at;
            return {};
        }
    }

    Result<std::string> parseCell()
    {
        if (m_at < m_content.size() && m_content[m_at] == '"')
            return parseQuoted();
        const std::array<char, 3> ends{m_separator, '\r', '\n'};
        const auto begin = m_content.begin() + static_cast<std::ptrdiff_t>(m_at);
        const auto end = std::find_first_of(begin, m_content.end(), ends.begin(), ends.end());
        m_at = static_cast<size_t>(end - m_content.begin());
        return std::string(begin, end);
    }

    Result<std::string> parseQuoted()
    {
        const size_t firstLine = m_line;
        std::string cell;
        for (++m_at; m_at < m_content.size(); ++m_at) {
            const char c = m_content[m_at];
            if (c == '\n')
                ++m_line;
            if (c != '"') {
                cell += c;
                continue;
            }
            ++m_at;
            if (m_at < m_content.size() && m_content[m_at] == '"') {
                cell += '"';
                continue;
            }
            const bool isEnd = m_at >= m_content.size() || m_content[m_at] == m_separator ||
                               m_content[m_at] == '\r' || m_content[m_at] == '\n';
            if (!isEnd)
                return problem("text after a closing quote");
            return cell;
        }
        m_line = firstLine;
        return problem("a quote is never closed");
    }

    std::string_view m_content;
    std::string_view m_source;
    char m_separator;
    size_t m_at = 0;
    size_t m_line = 0;
};

} // namespace

std::string guarded(std::string_view text)
{
    return looksGuarded(text) ? "'" + std::string(text) : std::string(text);
}

std::string unguarded(std::string_view text)
{
    if (text.starts_with('\'') && looksGuarded(text))
        text.remove_prefix(1);
    return std::string(text);
}

CsvWriter::CsvWriter(CsvFormat format)
    : m_format(format)
{
    CLWB_CHECK(m_format.separator != m_format.decimal);
    if (m_format.byteOrderMark)
        m_out = kByteOrderMark;
}

void CsvWriter::cell(std::string_view content)
{
    if (!m_rowIsEmpty)
        m_out += m_format.separator;
    m_rowIsEmpty = false;
    m_out += content;
}

void CsvWriter::text(std::string_view value)
{
    const std::string content = m_format.raw ? std::string(value) : guarded(value);
    const std::array<char, 4> special{m_format.separator, '"', '\r', '\n'};
    const bool hasSpecial = std::find_first_of(content.begin(), content.end(), special.begin(),
                                               special.end()) != content.end();
    const bool hasSpace = !content.empty() && (content.front() == ' ' || content.back() == ' ');
    if (!hasSpecial && !hasSpace) {
        cell(content);
        return;
    }
    std::string quoted = "\"";
    for (const char c : content) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    cell(quoted + '"');
}

void CsvWriter::number(std::optional<double> value)
{
    std::string content = value && !std::isnan(*value) ? shortestText(*value) : std::string();
    std::replace(content.begin(), content.end(), '.', m_format.decimal);
    cell(content);
}

void CsvWriter::integer(std::optional<int64_t> value)
{
    cell(value ? std::to_string(*value) : std::string());
}

void CsvWriter::endRow()
{
    m_out += m_format.newline;
    m_rowIsEmpty = true;
}

std::optional<size_t> CsvTable::column(std::string_view name) const
{
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end())
        return std::nullopt;
    return static_cast<size_t>(found - header.begin());
}

Result<CsvTable> readCsv(std::string_view content, std::string_view source, char separator)
{
    if (content.starts_with(kByteOrderMark))
        content.remove_prefix(kByteOrderMark.size());
    Parser parser(content, source, separator);
    CLWB_ASSIGN(auto rows, parser.parse());
    if (rows.empty())
        return fail(ErrorCode::Data, std::string(source) + ": holds no header row");
    CsvTable table;
    table.header = std::move(rows.front());
    std::set<std::string> names;
    for (const std::string& name : table.header) {
        if (!names.insert(name).second) {
            return fail(ErrorCode::Data,
                        std::string(source) + ":1: column '" + name + "' appears twice");
        }
    }
    for (size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].size() != table.header.size()) {
            return fail(ErrorCode::Data, std::string(source) + ": row " + std::to_string(i) +
                                             ": expected " + std::to_string(table.header.size()) +
                                             " cells, got " + std::to_string(rows[i].size()));
        }
        table.rows.push_back(std::move(rows[i]));
    }
    return table;
}

char guessSeparator(std::string_view content)
{
    const std::string_view line = content.substr(0, content.find_first_of("\r\n"));
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char candidate : {',', ';', '\t'}) {
        const std::ptrdiff_t count = std::count(line.begin(), line.end(), candidate);
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

} // namespace clwb::report
