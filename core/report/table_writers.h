// SPDX-License-Identifier: GPL-3.0-or-later
// One grid as CSV, Markdown, HTML, JSON or LaTeX.
#pragma once

#include "core/report/csv.h"
#include "core/report/grid.h"

#include <string>

namespace clwb::report
{

std::string toCsv(const Grid& grid, CsvFormat format = {});
/// Best of a column bold, best of a group underlined (as HTML's <u>, which Markdown lets through).
std::string toMarkdown(const Grid& grid);
/// A <table> with a caption; complete enough to paste into a page.
std::string toHtml(const Grid& grid);
/// {"table":…,"title":…,"columns":[…],"rows":[{column: value, …, "best":[…], "group_best":[…]}]};
/// numbers are unrounded, missing ones null.
std::string toJsonText(const Grid& grid);
/// A table environment for the package booktabs; groups are divided by \midrule.
std::string toLatex(const Grid& grid);

/// Text with LaTeX's special characters escaped; control characters become spaces.
std::string escapedForLatex(std::string_view text);
std::string escapedForHtml(std::string_view text);
std::string escapedForMarkdown(std::string_view text);

} // namespace clwb::report
