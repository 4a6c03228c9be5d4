// SPDX-License-Identifier: GPL-3.0-or-later
// One grid as CSV, Markdown, HTML, JSON or LaTeX.
#pragma once

#include "core/report/csv.h"
#include "core/report/grid.h"

#include <string>

namespace clwb::report
{

std::string toCsv(const Grid& grid, CsvFormat format = {});
/// Marks as bold and underlined (HTML's <u>, which Markdown lets through).
std::string toMarkdown(const Grid& grid);
/// A <table> with a caption; complete enough to paste into a page.
std::string toHtml(const Grid& grid);
/// {"table":…,"title":…,"columns":[…],"rows":[{column: value, …, "best":[…], "group_best":[…],
/// "second_best":[…]}],"notes":[…]}; numbers are unrounded, missing ones null.
std::string toJsonText(const Grid& grid);
/// A table environment for the package booktabs; groups are divided by \midrule, decimals stand
/// below each other, "± std (n)" has a column of its own. Tables wider than the text shrink with
/// graphicx. The first lines say what the document needs.
std::string toLatex(const Grid& grid);

/// Text with LaTeX's special characters escaped; control characters become spaces, bytes that are
/// no UTF-8 question marks. Greek letters and signs of mathematics are spelt for every engine;
/// other letters beyond Latin are left to LuaLaTeX or XeLaTeX.
std::string escapedForLatex(std::string_view text);
std::string escapedForHtml(std::string_view text);
std::string escapedForMarkdown(std::string_view text);

} // namespace clwb::report
