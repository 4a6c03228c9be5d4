// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/grid.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace clwb::report
{
namespace
{

/// The value a reader sees, so that what looks equal is equal.
std::optional<double> displayedValue(const Grid& grid, const Cell& cell)
{
    if (!cell.value)
        return std::nullopt;
    return parseDouble(fixedText(*cell.value, grid.decimals));
}

using Setter = std::function<void(Cell&)>;

/// Calls `mark` for the best of these rows in a column.
void markAmong(Grid& grid, const std::vector<size_t>& rows, size_t column, const Setter& mark)
{
    std::vector<std::pair<double, size_t>> values;
    for (const size_t row : rows) {
        if (const auto value = displayedValue(grid, grid.rows[row].cells[column]))
            values.emplace_back(*value, row);
    }
    if (values.size() < 2)
        return;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const double best = grid.columns[column].isHigherBetter ? most->first : least->first;
    for (const auto& [value, row] : values) {
        if (value == best)
            mark(grid.rows[row].cells[column]);
    }
}

std::vector<size_t> competingRows(const Grid& grid)
{
    const auto rowsWhere = [&](const std::function<bool(const Row&)>& competes) {
        std::vector<size_t> rows;
        for (size_t i = 0; i < grid.rows.size(); ++i) {
            if (competes(grid.rows[i]))
                rows.push_back(i);
        }
        return rows;
    };
    std::vector<size_t> rows =
        rowsWhere([](const Row& row) { return !row.isReference && !row.isReported; });
    if (rows.empty())
        rows = rowsWhere([](const Row& row) { return !row.isReference; });
    return rows;
}

} // namespace

void markBest(Grid& grid)
{
    using Names = std::pair<std::string, std::string>;
    std::map<std::string, std::vector<size_t>> contests;
    std::map<Names, std::vector<size_t>> groups;
    for (const size_t row : competingRows(grid)) {
        contests[grid.rows[row].contest].push_back(row);
        if (!grid.rows[row].group.empty())
            groups[Names(grid.rows[row].contest, grid.rows[row].group)].push_back(row);
    }
    for (size_t column = 0; column < grid.columns.size(); ++column) {
        if (grid.columns[column].role != Role::Metric)
            continue;
        for (const auto& [contest, members] : contests)
            markAmong(grid, members, column, [](Cell& cell) { cell.isBest = true; });
        for (const auto& [names, members] : groups)
            markAmong(grid, members, column, [](Cell& cell) { cell.isGroupBest = true; });
    }
}

bool isHigherBetter(const std::string& metric)
{
    constexpr std::array<std::string_view, 7> losses{"CE",       "LwF",     "VR",   "Pre",
                                                     "GeoImage", "GeoText", "total"};
    return std::find(losses.begin(), losses.end(), metric) == losses.end() && metric != "seconds";
}

std::string displayText(const Grid& grid, const Column& column, const Cell& cell)
{
    if (!cell.text.empty())
        return cell.text;
    if (!cell.value)
        return column.role == Role::Text ? "" : "–";
    if (column.role != Role::Metric)
        return shortestText(*cell.value);
    std::string text = fixedText(*cell.value, grid.decimals);
    if (cell.deviation)
        text += " ± " + fixedText(*cell.deviation, grid.decimals);
    if (cell.count > 1)
        text += " (" + std::to_string(cell.count) + ")";
    return text;
}

} // namespace clwb::report
