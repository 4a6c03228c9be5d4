// SPDX-License-Identifier: GPL-3.0-or-later
// Curves that other programs wrote: TensorBoard's event files, JSON lines, tables with a column of
// steps.
#pragma once

#include "core/report/csv.h"
#include "core/report/event_file.h"

namespace clwb::report
{

struct CurveFile
{
    std::vector<ScalarSeries> series; ///< in the order in which names first appear
    std::vector<std::string> notes;   ///< what was left, a sentence each
};

/// A log of objects, one a line: `{"step": 3, "loss": 0.5, "note": "…"}`. The step is "step",
/// "global_step", "_step" or "iteration", otherwise the line's number; numbers (and "NaN",
/// "Infinity", "-Infinity") are values, objects within are named with a dot, the rest is left.
/// Errors: Data with the line: no JSON, no object, a step that is no whole number from 0.
Result<CurveFile> readJsonLines(std::string_view content, std::string_view source);

/// Every numeric column of a table against its column of steps, named as above. Empty cells are
/// gaps. Errors: Data: no column of steps, cells that are no numbers, with line and column.
Result<CurveFile> curvesOfTable(const CsvTable& table, std::string_view source);
/// Whether a table has a column of steps, and so holds curves rather than runs.
bool hasSteps(const CsvTable& table);

/// One of the three, told by its first bytes. Errors: as theirs; Data when nothing was found.
Result<CurveFile> readCurveFile(std::string_view content, std::string_view source);

} // namespace clwb::report
