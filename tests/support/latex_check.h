// SPDX-License-Identifier: GPL-3.0-or-later
// A small tokenizer of LaTeX: says what would keep a table from compiling, without LaTeX.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace clwb::test
{

/// Reads our own tables only: commands, groups, math of single symbols, comments, tabulars.
class LatexCheck
{
public:
    explicit LatexCheck(std::string text)
        : m_text(std::move(text))
    {}

    /// The first problem; empty when there is none.
    std::string problem()
    {
        while (m_problem.empty() && m_at < m_text.size())
            readToken();
        if (m_problem.empty() && (m_depth != 0 || m_isMath || !m_environments.empty()))
            m_problem = "something is never closed";
        return m_problem;
    }

    /// Rows of the tabular, \midrule and its kind not counted.
    [[nodiscard]] int rows() const { return m_rows; }

private:
    void readToken()
    {
        const char c = m_text[m_at++];
        if (c == '\\')
            readCommand();
        else if (c == '%')
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
        else if (c == '{')
            ++m_depth;
        else if (c == '}')
            m_problem = --m_depth < 0 ? "a } too many" : "";
        else if (c == '$')
            m_isMath = !m_isMath;
        else if (c == '&')
            readCellEnd();
        else if (c == '#' || c == '~' || (!m_isMath && (c == '_' || c == '^')))
            m_problem = std::string("unescaped ") + c;
        else if (static_cast<unsigned char>(c) < 0x20 && c != '\n')
            m_problem = "control character";
    }

    void readCommand()
    {
        if (m_at == m_text.size()) {
            m_problem = "a lone \\ at the end";
            return;
        }
        if (!isLetter(m_text[m_at])) {
            if (m_text[m_at] == '\\')
                readRowEnd();
            ++m_at; // \% \_ \, …
            return;
        }
        std::string name;
        while (m_at < m_text.size() && isLetter(m_text[m_at]))
            name += m_text[m_at++];
        if (name == "begin" || name == "end")
            readEnvironment(name, argument());
        else if (name == "multicolumn")
            readMulticolumn();
        else if (name == "caption" && inTabular())
            m_problem = "caption inside tabular";
    }

    void readMulticolumn()
    {
        m_cells += std::stoi(argument()) - 1;
        argument(); // its alignment; the text is read as any other
    }

    void readEnvironment(const std::string& command, const std::string& name)
    {
        if (command == "begin") {
            m_environments.push_back(name);
            if (name == "tabular")
                m_columns = countColumns(argument());
        } else if (m_environments.empty() || m_environments.back() != name) {
            m_problem = "\\end{" + name + "} closes nothing";
        } else {
            m_environments.pop_back();
        }
    }

    void readCellEnd()
    {
        if (!inTabular())
            m_problem = "& outside of tabular";
        ++m_cells;
    }

    void readRowEnd()
    {
        if (m_cells != m_columns)
            m_problem =
                "row with " + std::to_string(m_cells) + " cells of " + std::to_string(m_columns);
        m_cells = 1;
        ++m_rows;
    }

    /// "{text}" at this place; its braces may nest.
    std::string argument()
    {
        if (m_at >= m_text.size() || m_text[m_at] != '{') {
            m_problem = "an argument is missing";
            return "0";
        }
        const size_t begin = ++m_at;
        for (int depth = 1; m_at < m_text.size(); ++m_at) {
            depth += m_text[m_at] == '{' ? 1 : m_text[m_at] == '}' ? -1 : 0;
            if (depth == 0)
                return m_text.substr(begin, m_at++ - begin);
        }
        m_problem = "an argument is never closed";
        return "0";
    }

    /// l, r, c and p{…}; what stands in @{…} is no column.
    static int countColumns(const std::string& alignments)
    {
        int columns = 0;
        int depth = 0;
        for (const char c : alignments) {
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            columns += depth == 0 && std::string("lrcp").find(c) != std::string::npos ? 1 : 0;
        }
        return columns;
    }

    [[nodiscard]] bool inTabular() const
    {
        return !m_environments.empty() && m_environments.back() == "tabular";
    }
    static bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

    std::string m_text;
    std::string m_problem;
    std::vector<std::string> m_environments;
    size_t m_at = 0;
    int m_depth = 0;
    int m_columns = 0;
    int m_cells = 1;
    int m_rows = 0;
    bool m_isMath = false;
};

} // namespace clwb::test
