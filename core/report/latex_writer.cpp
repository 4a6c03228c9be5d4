// SPDX-License-Identifier: GPL-3.0-or-later
// Tables for LaTeX with booktabs.
#include "core/report/table_writers.h"

namespace clwb::report
{
namespace
{

/// Numbers as displayText writes them, in LaTeX's spelling.
std::string latexNumber(const std::string& text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "±") == 0) {
            out += "$\\pm$";
            i += 1;
        } else if (text.compare(i, 3, "–") == 0) {
            out += "--";
            i += 2;
        } else if (text[i] == '-' && (i == 0 || text[i - 1] == ' ')) {
            out += "$-$";
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string latexCell(const Grid& grid, const Column& column, const Cell& cell)
{
    std::string text = column.role == Role::Text ? escapedForLatex(cell.text)
                                                 : latexNumber(displayText(grid, column, cell));
    if (cell.isBest)
        text = "\\textbf{" + text + "}";
    if (cell.isGroupBest)
        text = "\\underline{" + text + "}";
    return text;
}

} // namespace

std::string escapedForLatex(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '\\':
            out += "\\textbackslash{}";
            break;
        case '~':
            out += "\\textasciitilde{}";
            break;
        case '^':
            out += "\\textasciicircum{}";
            break;
        case '<':
            out += "\\textless{}";
            break;
        case '>':
            out += "\\textgreater{}";
            break;
        case '|':
            out += "\\textbar{}";
            break;
        case '"':
            out += "\\textquotedbl{}";
            break;
        case '_':
        case '%':
        case '&':
        case '#':
        case '$':
        case '{':
        case '}':
            out += '\\';
            out += c;
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
        }
    }
    return out;
}

std::string toLatex(const Grid& grid)
{
    std::string out = "% needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}\n"
                      "\\begin{table}\n\\centering\n\\caption{" +
                      escapedForLatex(grid.title) + "}\n\\begin{tabular}{";
    for (const Column& column : grid.columns)
        out += column.role == Role::Text ? 'l' : 'r';
    out += "}\n\\toprule\n";
    for (size_t i = 0; i < grid.columns.size(); ++i)
        out += (i == 0 ? "" : " & ") + escapedForLatex(grid.columns[i].title);
    out += " \\\\\n\\midrule\n";
    for (size_t r = 0; r < grid.rows.size(); ++r) {
        const Row& row = grid.rows[r];
        const bool isNewGroup = r > 0 && (row.group != grid.rows[r - 1].group ||
                                          row.contest != grid.rows[r - 1].contest);
        if (isNewGroup)
            out += "\\midrule\n";
        for (size_t i = 0; i < grid.columns.size(); ++i)
            out += (i == 0 ? "" : " & ") + latexCell(grid, grid.columns[i], row.cells[i]);
        out += " \\\\\n";
    }
    out += "\\bottomrule\n\\end{tabular}\n";
    for (const std::string& note : grid.notes)
        out += "\\par\\footnotesize " + escapedForLatex(note) + "\n";
    return out + "\\end{table}\n";
}

} // namespace clwb::report
