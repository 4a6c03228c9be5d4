// SPDX-License-Identifier: GPL-3.0-or-later
// Parses the built-in concept table once.
#include "core/demo/concepts.h"

#include "core/base/check.h"

#include <algorithm>

namespace clwb::demo
{

extern const char* const kConceptTable;

namespace
{

std::vector<Concept> parseTable()
{
    std::vector<Concept> parsed;
    for (const std::string& line : splitText(kConceptTable, '\n')) {
        if (line.empty() || line.front() == '#')
            continue;
        std::vector<std::string> columns = splitText(line, '\t');
        CLWB_CHECK(columns.size() == 5, "concept table: ", line);
        Concept item;
        item.code = std::move(columns[0]);
        item.name = std::move(columns[1]);
        if (!columns[2].empty())
            item.keywords = splitText(columns[2], '|');
        item.group = std::move(columns[3]);
        item.subgroup = std::move(columns[4]);
        parsed.push_back(std::move(item));
    }
    return parsed;
}

template<class Predicate>
int indexWhere(Predicate predicate)
{
    const std::vector<Concept>& all = allConcepts();
    const auto found = std::find_if(all.begin(), all.end(), predicate);
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

} // namespace

std::vector<std::string> splitText(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    size_t begin = 0;
    for (;;) {
        const size_t end = text.find(separator, begin);
        parts.emplace_back(text.substr(begin, end - begin));
        if (end == std::string_view::npos)
            return parts;
        begin = end + 1;
    }
}

std::vector<uint32_t> Concept::codePoints() const
{
    std::vector<uint32_t> points;
    for (const std::string& part : splitText(code, '-'))
        points.push_back(static_cast<uint32_t>(std::stoul(part, nullptr, 16)));
    return points;
}

const std::vector<Concept>& allConcepts()
{
    static const std::vector<Concept> s_concepts = parseTable();
    return s_concepts;
}

int conceptByName(std::string_view name)
{
    return indexWhere([name](const Concept& item) { return item.name == name; });
}

int conceptByCode(std::string_view code)
{
    return indexWhere([code](const Concept& item) { return item.code == code; });
}

} // namespace clwb::demo
