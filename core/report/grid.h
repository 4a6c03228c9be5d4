// SPDX-License-Identifier: GPL-3.0-or-later
// A table before it becomes text: columns, rows, and which cells are the best.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::report
{

enum class Role {
    Id,     ///< whole number that identifies a row
    Text,   ///< guarded in CSV, escaped elsewhere
    Number, ///< any other number: seed, seconds, M
    Metric, ///< takes part in marking
};

struct Column
{
    std::string key;   ///< header of CSV and JSON
    std::string title; ///< header of the formats for people
    Role role = Role::Text;
    bool isHigherBetter = true; ///< Metric
};

/// A number, a text, or nothing (undefined or not there).
struct Cell
{
    std::string text;
    std::optional<double> value;
    std::optional<double> deviation; ///< sample standard deviation over `count` seeds
    int count = 0;
    bool isBest = false;      ///< best of the column
    bool isGroupBest = false; ///< best of its group
};

struct Row
{
    std::vector<Cell> cells;     ///< one a column
    std::vector<int64_t> runIds; ///< the runs behind the row
    std::string group;           ///< rows of one group stand together; "" for references
    std::string contest;         ///< only rows of one contest are compared: OST with OST
    bool isReference = false;
    bool isReported = false;
};

struct Grid
{
    std::string kind;
    std::string title;
    std::vector<Column> columns;
    std::vector<Row> rows;
    std::vector<std::string> notes; ///< footnotes
    int decimals = 2;
};

/// Marks the best cells of each metric column among the rows that compete in one contest, and the
/// best of each group in it. References never compete; reported rows only where nothing else does.
/// Values that are equal at the displayed number of decimals are tied, and all of them are marked.
/// A column or group with fewer than two competing values gets no mark.
void markBest(Grid& grid);

/// Whether larger values of a metric of v_metric (or a loss) are better.
bool isHigherBetter(const std::string& metric);

/// The cell as people read it: decimals of the grid, "mean ± std (n)", "–" when undefined.
std::string displayText(const Grid& grid, const Column& column, const Cell& cell);

} // namespace clwb::report
