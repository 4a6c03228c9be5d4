// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/grid.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace clwb::report
{
namespace
{

using Mark = bool Cell::*;
using Rows = std::vector<size_t>;

/// Finds and marks the best cells of single columns.
class Marker
{
public:
    Marker(Grid& grid, Ties ties)
        : m_grid(grid)
        , m_ties(ties)
    {}

    /// Marks the best of these rows, or the best of the rest once the best are left out.
    void mark(const Rows& rows, size_t column, Mark mark, int place = 1)
    {
        std::vector<std::pair<double, size_t>> values;
        for (const size_t row : rows) {
            if (const auto value = compared(m_grid.rows[row].cells[column]))
                values.emplace_back(*value, row);
        }
        if (values.size() < 2)
            return;
        for (; place > 1 && !values.empty(); --place) {
            const double best = bestOf(values, column);
            std::erase_if(values, [&](const auto& entry) { return entry.first == best; });
        }
        if (values.empty())
            return;
        const double best = bestOf(values, column);
        for (const auto& [value, row] : values) {
            if (value == best)
                m_grid.rows[row].cells[column].*mark = true;
        }
    }

private:
    /// The value a reader sees, so that what looks equal is equal.
    [[nodiscard]] std::optional<double> compared(const Cell& cell) const
    {
        if (!cell.value || m_ties == Ties::Exact)
            return cell.value;
        return parseDouble(fixedText(*cell.value, m_grid.decimals));
    }

    [[nodiscard]] double bestOf(const std::vector<std::pair<double, size_t>>& values,
                                size_t column) const
    {
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        return m_grid.columns[column].isHigherBetter ? most->first : least->first;
    }

    Grid& m_grid;
    Ties m_ties;
};

bool hasValues(const Grid& grid, const Row& row)
{
    for (size_t column = 0; column < grid.columns.size(); ++column) {
        if (grid.columns[column].role == Role::Metric && row.cells[column].value)
            return true;
    }
    return false;
}

Rows competingRows(const Grid& grid)
{
    Rows own;
    Rows reported;
    for (size_t i = 0; i < grid.rows.size(); ++i) {
        const Row& row = grid.rows[i];
        if (!row.isReference && !row.isUnfinished && hasValues(grid, row))
            (row.isReported ? reported : own).push_back(i);
    }
    return own.empty() ? reported : own;
}

/// "-0.00" says nothing that "0.00" doesn't.
std::string withoutNegativeZero(std::string text)
{
    if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos)
        text.erase(0, 1);
    return text;
}

} // namespace

void markBest(Grid& grid, Underline underline, Ties ties)
{
    using Names = std::pair<std::string, std::string>;
    std::map<std::string, Rows> contests;
    std::map<Names, Rows> groups;
    for (const size_t row : competingRows(grid)) {
        contests[grid.rows[row].contest].push_back(row);
        if (!grid.rows[row].group.empty())
            groups[Names(grid.rows[row].contest, grid.rows[row].group)].push_back(row);
    }
    Marker marker(grid, ties);
    for (size_t column = 0; column < grid.columns.size(); ++column) {
        if (grid.columns[column].role != Role::Metric)
            continue;
        for (const auto& [contest, members] : contests) {
            marker.mark(members, column, &Cell::isBest);
            if (underline == Underline::Second)
                marker.mark(members, column, &Cell::isSecondBest, 2);
        }
        if (underline != Underline::GroupBest)
            continue;
        for (const auto& [names, members] : groups)
            marker.mark(members, column, &Cell::isGroupBest);
    }
}

bool isHigherBetter(const std::string& metric)
{
    constexpr std::array<std::string_view, 7> losses{"CE",       "LwF",     "VR",   "Pre",
                                                     "GeoImage", "GeoText", "total"};
    return std::find(losses.begin(), losses.end(), metric) == losses.end() && metric != "seconds";
}

std::string displayValue(const Grid& grid, const Column& column, const Cell& cell)
{
    if (!cell.text.empty() || cell.isBlank)
        return cell.text;
    if (!cell.value)
        return column.role == Role::Text ? "" : "–";
    if (column.role == Role::Id || column.role == Role::Number)
        return shortestText(*cell.value);
    const std::string text = withoutNegativeZero(fixedText(*cell.value, grid.decimals));
    const bool isGain = column.role == Role::Difference && !text.starts_with('-') &&
                        text.find_first_not_of("0.") != std::string::npos;
    return isGain ? "+" + text : text;
}

std::string displaySpread(const Grid& grid, const Column& column, const Cell& cell)
{
    if (column.role != Role::Metric || !cell.value || cell.count < 2)
        return {};
    std::string text;
    if (cell.deviation)
        text = "± " + fixedText(*cell.deviation, grid.decimals) + " ";
    return text + "(" + std::to_string(cell.count) + ")";
}

std::string displayText(const Grid& grid, const Column& column, const Cell& cell)
{
    const std::string spread = displaySpread(grid, column, cell);
    return displayValue(grid, column, cell) + (spread.empty() ? "" : " " + spread);
}

} // namespace clwb::report
