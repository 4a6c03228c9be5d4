// SPDX-License-Identifier: GPL-3.0-or-later
// Tables for LaTeX with booktabs.
#include "core/report/table_writers.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace clwb::report
{
namespace
{

constexpr size_t kWideColumns = 8; ///< with more of them a table may be wider than the text
constexpr size_t kLongText = 40;   ///< longer cells are broken into lines

/// A character of UTF-8 text.
struct Character
{
    char32_t code = 0; ///< 0: bytes that are no UTF-8
    size_t bytes = 1;
};

Character characterAt(std::string_view text, size_t at)
{
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80)
        return {first, 1};
    const size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + bytes > text.size())
        return {};
    char32_t code = first & (0x7fU >> bytes);
    for (size_t i = at + 1; i < at + bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return {};
        code = (code << 6) | (byte(i) & 0x3fU);
    }
    const bool isShortest = code >= (bytes == 2 ? 0x80U : bytes == 3 ? 0x800U : 0x10000U);
    const bool isScalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isShortest && isScalar ? Character{code, bytes} : Character{};
}

/// What pdfLaTeX has no letter for, but every engine a command.
std::string_view spelling(char32_t code)
{
    static constexpr std::array<std::pair<char32_t, std::string_view>, 43> kSpellings{{
        {'\\', "\\textbackslash{}"},
        {'~', "\\textasciitilde{}"},
        {'^', "\\textasciicircum{}"},
        {'<', "\\textless{}"},
        {'>', "\\textgreater{}"},
        {'|', "\\textbar{}"},
        {'"', "\\textquotedbl{}"},
        {'_', "\\_"},
        {'%', "\\%"},
        {'&', "\\&"},
        {'#', "\\#"},
        {'$', "\\$"},
        {'{', "\\{"},
        {'}', "\\}"},
        {U'–', "--"},
        {U'—', "---"},
        {U'±', "$\\pm$"},
        {U'×', "$\\times$"},
        {U'·', "$\\cdot$"},
        {U'−', "$-$"},
        {U'≤', "$\\leq$"},
        {U'≥', "$\\geq$"},
        {U'≈', "$\\approx$"},
        {U'→', "$\\to$"},
        {U'↑', "$\\uparrow$"},
        {U'↓', "$\\downarrow$"},
        {U'∞', "$\\infty$"},
        {U'α', "$\\alpha$"},
        {U'β', "$\\beta$"},
        {U'γ', "$\\gamma$"},
        {U'δ', "$\\delta$"},
        {U'ε', "$\\varepsilon$"},
        {U'η', "$\\eta$"},
        {U'θ', "$\\theta$"},
        {U'κ', "$\\kappa$"},
        {U'λ', "$\\lambda$"},
        {U'μ', "$\\mu$"},
        {U'π', "$\\pi$"},
        {U'σ', "$\\sigma$"},
        {U'τ', "$\\tau$"},
        {U'φ', "$\\varphi$"},
        {U'Δ', "$\\Delta$"},
        {U'Σ', "$\\Sigma$"},
    }};
    const auto found = std::find_if(kSpellings.begin(), kSpellings.end(),
                                    [code](const auto& entry) { return entry.first == code; });
    return found == kSpellings.end() ? std::string_view() : found->second;
}

/// Letters that pdfLaTeX sets with fontenc T1: nearly all of Latin, and general punctuation.
bool isLatin(char32_t code)
{
    constexpr std::u32string_view kLacking = U"ĦħĸĿŀŉŦŧſ";
    return (code < 0x180 && kLacking.find(code) == std::u32string_view::npos) ||
           (code >= 0x2010 && code <= 0x2026) || code == 0x20ac;
}

/// Whether the columns need a second one for "± std (n)".
bool hasSpread(const Grid& grid, size_t column)
{
    return std::any_of(grid.rows.begin(), grid.rows.end(), [&](const Row& row) {
        return !displaySpread(grid, grid.columns[column], row.cells[column]).empty();
    });
}

/// A number as displayValue writes it: a minus instead of a hyphen.
std::string latexNumber(const std::string& text)
{
    return text.starts_with('-') ? "$-$" + escapedForLatex(text.substr(1)) : escapedForLatex(text);
}

/// How a grid becomes the rows of a tabular.
class LatexTable
{
public:
    explicit LatexTable(const Grid& grid)
        : m_grid(grid)
    {
        for (size_t i = 0; i < grid.columns.size(); ++i)
            m_spreads.push_back(hasSpread(grid, i));
    }

    [[nodiscard]] std::string alignments() const
    {
        std::string out;
        for (size_t i = 0; i < m_grid.columns.size(); ++i) {
            if (m_grid.columns[i].role == Role::Text)
                out += hasLongText(i) ? "p{0.45\\textwidth}" : "l";
            else
                out += m_spreads[i] ? "r@{\\,}l" : "r";
        }
        return out;
    }

    /// Columns of the tabular.
    [[nodiscard]] size_t size() const
    {
        return m_spreads.size() +
               static_cast<size_t>(std::count(m_spreads.begin(), m_spreads.end(), true));
    }

    [[nodiscard]] std::string headings() const
    {
        std::string out;
        for (size_t i = 0; i < m_grid.columns.size(); ++i) {
            const Column& column = m_grid.columns[i];
            const std::string title = escapedForLatex(column.title);
            out += i == 0 ? "" : " & ";
            out += m_spreads[i] ? "\\multicolumn{2}{c}{" + title + "}" : title;
        }
        return out + " \\\\\n";
    }

    /// Headings over several columns with a rule below each; empty without any.
    [[nodiscard]] std::string upperHeadings() const
    {
        std::string out;
        std::string rules;
        size_t place = 1; // of the tabular's columns
        for (size_t i = 0; i < m_grid.columns.size();) {
            const std::string& over = m_grid.columns[i].over;
            const size_t start = place;
            out += i == 0 ? "" : " & ";
            do
                place += m_spreads[i] ? 2 : 1;
            while (++i < m_grid.columns.size() && !over.empty() && m_grid.columns[i].over == over);
            if (over.empty()) {
                out += place - start == 2 ? " & " : "";
                continue;
            }
            out += "\\multicolumn{" + std::to_string(place - start) + "}{c}{" +
                   escapedForLatex(over) + "}";
            rules +=
                "\\cmidrule(lr){" + std::to_string(start) + "-" + std::to_string(place - 1) + "}";
        }
        return rules.empty() ? "" : out + " \\\\\n" + rules + "\n";
    }

    [[nodiscard]] std::string body() const
    {
        std::string out;
        for (size_t r = 0; r < m_grid.rows.size(); ++r) {
            const Row& row = m_grid.rows[r];
            const bool isNewGroup = r > 0 && (row.section != m_grid.rows[r - 1].section ||
                                              row.group != m_grid.rows[r - 1].group);
            out += isNewGroup ? "\\midrule\n" : "";
            for (size_t i = 0; i < m_grid.columns.size(); ++i)
                out += (i == 0 ? "" : " & ") + cell(i, row.cells[i]);
            out += " \\\\\n";
        }
        return out;
    }

    [[nodiscard]] bool hasLongText() const
    {
        for (size_t i = 0; i < m_grid.columns.size(); ++i) {
            if (hasLongText(i))
                return true;
        }
        return false;
    }

private:
    [[nodiscard]] bool hasLongText(size_t column) const
    {
        return std::any_of(m_grid.rows.begin(), m_grid.rows.end(), [&](const Row& row) {
            return row.cells[column].text.size() > kLongText;
        });
    }

    [[nodiscard]] std::string cell(size_t index, const Cell& cell) const
    {
        const Column& column = m_grid.columns[index];
        const std::string value = displayValue(m_grid, column, cell);
        std::string text = column.role == Role::Text ? escapedForLatex(value) : latexNumber(value);
        if (cell.isBest)
            text = "\\textbf{" + text + "}";
        if (cell.isUnderlined())
            text = "\\underline{" + text + "}";
        if (m_spreads[index])
            text += " & " + escapedForLatex(displaySpread(m_grid, column, cell));
        return text;
    }

    const Grid& m_grid;
    std::vector<bool> m_spreads;
};

bool needsMoreThanLatin(const std::string& latex)
{
    for (size_t at = 0; at < latex.size();) {
        const Character character = characterAt(latex, at);
        if (!isLatin(character.code))
            return true;
        at += character.bytes;
    }
    return false;
}

} // namespace

std::string escapedForLatex(std::string_view text)
{
    std::string out;
    for (size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        const std::string_view spelt = spelling(character.code);
        const char c = text[at];
        if (!spelt.empty())
            out += spelt;
        else if (character.code == 0)
            out += c == '\0' ? ' ' : '?';
        else if (character.code < 0x20 || (character.code >= 0x7f && character.code < 0xa0))
            out += ' ';
        else if (at > 0 && c == text[at - 1] &&
                 std::string_view("-,'`").find(c) != std::string::npos)
            out += std::string("{}") + c; // no ligature: "--" stays two hyphens
        else
            out += text.substr(at, character.bytes);
        at += character.bytes;
    }
    return out;
}

std::string toLatex(const Grid& grid)
{
    const LatexTable table(grid);
    const bool isWide = table.size() > kWideColumns || table.hasLongText();
    std::string out =
        "\\begin{table}\n\\centering\n\\caption{" + escapedForLatex(grid.title) + "}\n";
    // Only what is wider than the text shrinks.
    if (isWide)
        out += "\\resizebox{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}{!}{%\n";
    out += "\\begin{tabular}{" + table.alignments() + "}\n\\toprule\n";
    out += table.upperHeadings() + table.headings() + "\\midrule\n" + table.body();
    out += "\\bottomrule\n\\end{tabular}";
    out += isWide ? "}\n" : "\n";
    for (const std::string& note : grid.notes)
        out += "\\par\\footnotesize " + escapedForLatex(note) + "\n";
    out += "\\end{table}\n";
    for (std::string hint : grid.hints) { // comments: seen by who compiles, not in the paper
        std::replace_if(
            hint.begin(), hint.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        out += "% " + hint + "\n";
    }
    std::string needs = "% needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}\n";
    if (isWide)
        needs += "% needs \\usepackage{graphicx}\n";
    if (needsMoreThanLatin(out))
        needs += "% holds letters beyond Latin: compile with LuaLaTeX or XeLaTeX and a font that "
                 "has them\n";
    return needs + out;
}

} // namespace clwb::report
