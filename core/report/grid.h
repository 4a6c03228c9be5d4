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
    Id,         ///< whole number that identifies a row
    Text,       ///< guarded in CSV, escaped elsewhere
    Number,     ///< any other number: seed, seconds, M
    Metric,     ///< takes part in marking
    Reported,   ///< the paper's number beside a metric
    Difference, ///< own number − the paper's, shown with its sign
};

struct Column
{
    std::string key;   ///< header of CSV and JSON
    std::string title; ///< header of the formats for people
    Role role = Role::Text;
    bool isHigherBetter = true; ///< Metric
    std::string over = {};      ///< heading above this column and its neighbours of the same one
};

/// A number, a text, or nothing (undefined or not there).
struct Cell
{
    std::string text;
    std::optional<double> value;
    std::optional<double> deviation; ///< sample standard deviation over `count` seeds
    int count = 0;
    bool isBlank = false;      ///< shown empty: nobody has run it yet
    bool isBest = false;       ///< best of the column
    bool isGroupBest = false;  ///< best of its group
    bool isSecondBest = false; ///< second best of the column

    [[nodiscard]] bool isUnderlined() const { return isGroupBest || isSecondBest; }
};

struct Row
{
    std::vector<Cell> cells;     ///< one a column
    std::vector<int64_t> runIds; ///< the runs behind the row
    std::string section;         ///< rows of one section stand together, a rule between sections
    std::string group;           ///< WM | IO | TO; "" where a group's best has no meaning
    std::string contest;         ///< only rows of one contest are compared: OST with OST
    bool isReference = false;
    bool isReported = false;
    bool isUnfinished = false; ///< numbers of a run that has not come to its end
};

struct Grid
{
    std::string kind;
    std::string title;
    std::vector<Column> columns;
    std::vector<Row> rows;
    std::vector<std::string> notes; ///< footnotes
    std::vector<std::string> hints; ///< what is missing and how to make it; no text of a paper
    /// Footnotes, then hints.
    [[nodiscard]] std::vector<std::string> allNotes() const
    {
        std::vector<std::string> all = notes;
        all.insert(all.end(), hints.begin(), hints.end());
        return all;
    }
    int decimals = 2;
};

/// What is underlined; the best of a column is always bold.
enum class Underline {
    GroupBest, ///< best of its group, as in the paper
    Second,    ///< second best of the column: the next value that is not tied with the best
};

/// Which values are equal.
enum class Ties {
    Displayed, ///< those that look equal at the displayed number of decimals
    Exact,     ///< only those that are
};

/// Marks cells of each metric column among the rows that compete in one contest; all tied cells are
/// marked. References and unfinished runs never compete; reported rows only where nothing else
/// does. A column or group with fewer than two competing values gets no mark.
void markBest(Grid& grid, Underline underline = Underline::GroupBest, Ties ties = Ties::Displayed);

/// Whether larger values of a metric of v_metric (or a loss) are better.
bool isHigherBetter(const std::string& metric);

/// The cell as people read it: decimals of the grid, "mean ± std (n)", "–" when undefined, nothing
/// when nobody has run it.
std::string displayText(const Grid& grid, const Column& column, const Cell& cell);
/// Its two parts: "58.03" and "± 0.12 (3)", which is empty for a single run.
std::string displayValue(const Grid& grid, const Column& column, const Cell& cell);
std::string displaySpread(const Grid& grid, const Column& column, const Cell& cell);

} // namespace clwb::report
