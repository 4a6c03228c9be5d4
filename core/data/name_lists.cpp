// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/name_lists.h"

#include "core/base/file.h"
#include "core/data/printable.h"

#include <set>

namespace clwb::data
{
namespace
{

constexpr uint64_t kMaxListBytes = 64u << 20;

/// Lines without line ends and byte order mark; the last one may lack its end.
Result<std::vector<std::string>> readLines(const std::filesystem::path& file)
{
    CLWB_ASSIGN(const std::string text, readFile(file, kMaxListBytes));
    std::string_view rest = text;
    if (rest.starts_with("\xEF\xBB\xBF"))
        rest.remove_prefix(3);
    std::vector<std::string> lines;
    while (!rest.empty()) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.emplace_back(line);
    }
    return lines;
}

std::string place(const std::filesystem::path& file, size_t index)
{
    return file.string() + ":" + std::to_string(index + 1);
}

} // namespace

Result<std::vector<std::string>> readClassList(const std::filesystem::path& file)
{
    CLWB_ASSIGN(const std::vector<std::string> lines, readLines(file));
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::string name(trimmed(std::string_view(lines[i]).substr(0, lines[i].find(','))));
        if (name.empty() || name.starts_with('#'))
            continue;
        if (!isCleanText(name))
            return fail(ErrorCode::Data, place(file, i) + ": class name is not readable text");
        if (!seen.insert(name).second) {
            return fail(ErrorCode::Data, place(file, i) + ": class '" + name + "' a second time",
                        "name every class once");
        }
        names.push_back(name);
    }
    if (names.empty())
        return fail(ErrorCode::Data, file.string() + ": expected one class a line, got none");
    return names;
}

Result<std::map<std::string, std::string>> readNames(const std::filesystem::path& file)
{
    CLWB_ASSIGN(const std::vector<std::string> lines, readLines(file));
    std::map<std::string, std::string> names;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (trimmed(lines[i]).empty())
            continue;
        const size_t tab = lines[i].find('\t');
        if (tab == std::string::npos)
            return fail(ErrorCode::Data, place(file, i) + ": expected folder, tab, name");
        const std::string folder(trimmed(std::string_view(lines[i]).substr(0, tab)));
        if (!names.emplace(folder, trimmed(std::string_view(lines[i]).substr(tab + 1))).second)
            return fail(ErrorCode::Data,
                        place(file, i) + ": folder '" + printable(folder) + "' a second time");
    }
    return names;
}

Result<void> checkClassName(std::string_view name)
{
    if (trimmed(name).empty())
        return fail(ErrorCode::Data, "class with an empty name");
    if (name.size() > kMaxClassNameBytes) {
        return fail(ErrorCode::Data, "class name of " + std::to_string(name.size()) +
                                         " bytes, at most " + std::to_string(kMaxClassNameBytes) +
                                         " fit a prompt: " + printable(name, 60));
    }
    if (!isCleanText(name)) {
        return fail(ErrorCode::Data,
                    "class name with control characters or invalid UTF-8: " + printable(name, 60));
    }
    return {};
}

Result<std::string> displayName(const std::string& folder,
                                const std::map<std::string, std::string>* names,
                                std::string_view nameSource)
{
    std::string name;
    if (names) {
        const auto found = names->find(folder);
        if (found == names->end()) {
            return fail(ErrorCode::Data, "class '" + printable(folder) + "' has no display name",
                        "add a line with it to the study's names file");
        }
        name = found->second;
        if (nameSource == "first_lemma")
            name = std::string(trimmed(std::string_view(name).substr(0, name.find(','))));
    } else {
        name = folder;
        for (char& c : name)
            c = c == '_' ? ' ' : c;
    }
    if (auto good = checkClassName(name); !good)
        return Failure(std::move(good.error()).in("class folder '" + printable(folder) + "'"));
    return name;
}

} // namespace clwb::data
