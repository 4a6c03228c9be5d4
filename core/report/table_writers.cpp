// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table_writers.h"

#include "core/base/json.h"

#include <algorithm>
#include <cmath>

namespace clwb::report
{
namespace
{

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool isNumeric(const Column& column)
{
    return column.role != Role::Text;
}

/// Whether a value is written without a decimal point.
bool isWhole(const Column& column, double value)
{
    return column.role == Role::Id ||
           (column.role == Role::Number && std::trunc(value) == value && std::abs(value) < 9e15);
}

/// The text of a cell with the marks of a format around its value.
template<class Escape>
std::string markedCell(const Grid& grid, const Column& column, const Cell& cell,
                       const Escape& escaped, std::string_view bold, std::string_view endBold)
{
    std::string text = escaped(displayValue(grid, column, cell));
    if (cell.isBest)
        text = std::string(bold) + text + std::string(endBold);
    if (cell.isUnderlined())
        text = "<u>" + text + "</u>";
    const std::string spread = displaySpread(grid, column, cell);
    return spread.empty() ? text : text + " " + escaped(spread);
}

bool hasUpperHeadings(const Grid& grid)
{
    return std::any_of(grid.columns.begin(), grid.columns.end(),
                       [](const Column& column) { return !column.over.empty(); });
}

/// Headings above the columns, each over as many neighbours as share it.
std::string upperHeadingsHtml(const Grid& grid)
{
    std::string out;
    for (size_t i = 0; i < grid.columns.size();) {
        size_t end = i + 1;
        while (end < grid.columns.size() && grid.columns[end].over == grid.columns[i].over)
            ++end;
        out += "<th scope=\"colgroup\" colspan=\"" + std::to_string(end - i) + "\">" +
               escapedForHtml(grid.columns[i].over) + "</th>";
        i = end;
    }
    return "<tr>" + out + "</tr>";
}

Json jsonCell(const Column& column, const Cell& cell)
{
    if (!isNumeric(column))
        return cell.text;
    if (!cell.value || !std::isfinite(*cell.value))
        return nullptr;
    if (isWhole(column, *cell.value))
        return static_cast<int64_t>(*cell.value);
    return *cell.value;
}

} // namespace

std::string toCsv(const Grid& grid, CsvFormat format)
{
    CsvWriter writer(format);
    for (const Column& column : grid.columns)
        writer.text(column.key);
    writer.endRow();
    for (const Row& row : grid.rows) {
        for (size_t i = 0; i < grid.columns.size(); ++i) {
            const Cell& cell = row.cells[i];
            if (!isNumeric(grid.columns[i]))
                writer.text(cell.text);
            else if (cell.value && isWhole(grid.columns[i], *cell.value))
                writer.integer(static_cast<int64_t>(*cell.value));
            else
                writer.number(cell.value);
        }
        writer.endRow();
    }
    return writer.take();
}

std::string escapedForHtml(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += isControl(c) ? ' ' : c;
        }
    }
    return out;
}

std::string escapedForMarkdown(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_[]<>|~#&$").find(c) != std::string_view::npos)
            out += '\\';
        out += isControl(c) ? ' ' : c;
    }
    return out;
}

std::string toMarkdown(const Grid& grid)
{
    std::string out = "**" + escapedForMarkdown(grid.title) + "**\n\n|";
    std::string rule = "|";
    for (const Column& column : grid.columns) {
        const std::string title =
            column.over.empty() ? column.title : column.over + " " + column.title;
        out += " " + escapedForMarkdown(title) + " |";
        rule += isNumeric(column) ? "---:|" : "---|";
    }
    out += "\n" + rule + "\n";
    for (const Row& row : grid.rows) {
        out += "|";
        for (size_t i = 0; i < grid.columns.size(); ++i) {
            out += " " +
                   markedCell(grid, grid.columns[i], row.cells[i], escapedForMarkdown, "**", "**") +
                   " |";
        }
        out += "\n";
    }
    for (const std::string& note : grid.allNotes())
        out += "\n" + escapedForMarkdown(note) + "\n";
    return out;
}

std::string toHtml(const Grid& grid)
{
    std::string out = "<table>\n<caption>" + escapedForHtml(grid.title) + "</caption>\n<thead>";
    if (hasUpperHeadings(grid))
        out += upperHeadingsHtml(grid) + "\n";
    out += "<tr>";
    for (const Column& column : grid.columns)
        out += "<th scope=\"col\">" + escapedForHtml(column.title) + "</th>";
    out += "</tr></thead>\n<tbody>\n";
    for (const Row& row : grid.rows) {
        out += "<tr>";
        for (size_t i = 0; i < grid.columns.size(); ++i) {
            const bool numeric = isNumeric(grid.columns[i]);
            out += numeric ? "<td style=\"text-align:right\">" : "<td>";
            out += markedCell(grid, grid.columns[i], row.cells[i], escapedForHtml, "<b>", "</b>") +
                   "</td>";
        }
        out += "</tr>\n";
    }
    out += "</tbody>\n";
    if (const auto notes = grid.allNotes(); !notes.empty()) {
        out += "<tfoot>\n";
        for (const std::string& note : notes) {
            out += "<tr><td colspan=\"" + std::to_string(grid.columns.size()) + "\">" +
                   escapedForHtml(note) + "</td></tr>\n";
        }
        out += "</tfoot>\n";
    }
    return out + "</table>\n";
}

std::string toJsonText(const Grid& grid)
{
    Json document{{"table", grid.kind},
                  {"title", grid.title},
                  {"columns", Json::array()},
                  {"rows", Json::array()}};
    for (const Column& column : grid.columns)
        document["columns"].push_back(column.key);
    for (const Row& row : grid.rows) {
        Json object = Json::object();
        Json best = Json::array();
        Json groupBest = Json::array();
        Json secondBest = Json::array();
        for (size_t i = 0; i < grid.columns.size(); ++i) {
            object[grid.columns[i].key] = jsonCell(grid.columns[i], row.cells[i]);
            if (row.cells[i].isBest)
                best.push_back(grid.columns[i].key);
            if (row.cells[i].isGroupBest)
                groupBest.push_back(grid.columns[i].key);
            if (row.cells[i].isSecondBest)
                secondBest.push_back(grid.columns[i].key);
        }
        object["best"] = std::move(best);
        object["group_best"] = std::move(groupBest);
        object["second_best"] = std::move(secondBest);
        document["rows"].push_back(std::move(object));
    }
    if (const auto notes = grid.allNotes(); !notes.empty())
        document["notes"] = notes;
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace clwb::report
