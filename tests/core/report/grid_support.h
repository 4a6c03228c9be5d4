// SPDX-License-Identifier: GPL-3.0-or-later
// Short runs, and looking into grids by name, for the tests of tables.
#pragma once

#include "core/base/number_text.h"
#include "core/report/tables.h"

#include <QTest>

#include <set>
#include <string>
#include <vector>

namespace clwb::test
{

using namespace clwb::report;

inline ReportRun run(int64_t id, const std::string& method, const std::string& option, double ut)
{
    ReportRun result;
    result.runId = id;
    result.method = method;
    result.option = option;
    result.setting = "MST";
    result.metrics = {{"UT-Acc (session mean)", ut}, {"ZS-Acc", 60.0}};
    result.series[8] = result.metrics;
    return result;
}

inline Grid gridOf(const std::string& kind, const std::vector<ReportRun>& runs,
                   TableOptions options)
{
    options.layout = Layout::Paper;
    return *buildTable(kind, runs, options);
}

inline size_t columnOf(const Grid& grid, const std::string& key)
{
    for (size_t i = 0; i < grid.columns.size(); ++i) {
        if (grid.columns[i].key == key)
            return i;
    }
    qFatal("no column %s", key.c_str());
}

inline std::string shown(const Grid& grid, size_t row, const std::string& key)
{
    const size_t column = columnOf(grid, key);
    return displayText(grid, grid.columns[column], grid.rows.at(row).cells[column]);
}

inline std::string notesOf(const Grid& grid)
{
    std::string text;
    for (const std::string& note : grid.allNotes())
        text += note + "\n";
    return text;
}

inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

using Names = std::set<std::string>;

/// Label of a main table's row, "SETTING M=20" of an ablation's.
inline std::string nameOf(const Grid& grid, const Row& row)
{
    if (!grid.kind.starts_with("ablation"))
        return row.cells[0].text;
    const Cell& varied = row.cells[1];
    return row.cells[0].text + " " +
           (varied.text.empty() ? grid.columns[1].key + "=" + shortestText(*varied.value)
                                : varied.text);
}

inline Names marked(const Grid& grid, const std::string& key, bool Cell::*mark)
{
    Names names;
    for (const Row& row : grid.rows) {
        if (row.cells[columnOf(grid, key)].*mark)
            names.insert(nameOf(grid, row));
    }
    return names;
}

} // namespace clwb::test
