// SPDX-License-Identifier: GPL-3.0-or-later
// Reads every source against rules.txt: includes, licence line, size, machine paths, link lines.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace
{

constexpr size_t kMaxLines = 400;

struct Rule
{
    std::set<std::string> folders;
    std::set<std::string> libraries;
    std::set<std::string> sourceLibraries;
};

struct Rules
{
    std::map<std::string, Rule> folders;
    std::vector<std::pair<std::string, std::string>> libraries; // prefix, name
    std::vector<std::string> system;
};

int findings = 0;

void report(const std::string& file, size_t line, const std::string& text)
{
    std::printf("%s:%zu: %s\n", file.c_str(), line, text.c_str());
    ++findings;
}

std::vector<std::string> wordsOf(const std::string& text)
{
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        if (word != "-")
            words.push_back(word);
    }
    return words;
}

bool startsWith(const std::string& text, const std::string& prefix)
{
    return text.compare(0, prefix.size(), prefix) == 0;
}

std::vector<std::string> linesOf(const fs::path& path)
{
    std::ifstream stream(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void addFolderRule(const std::string& line, Rules& rules)
{
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '|');)
        cells.push_back(cell);
    cells.resize(4);
    const auto setOf = [](const std::string& cell) {
        const std::vector<std::string> words = wordsOf(cell);
        return std::set<std::string>(words.begin(), words.end());
    };
    rules.folders[wordsOf(cells[0]).at(0)] = {setOf(cells[1]), setOf(cells[2]), setOf(cells[3])};
}

Rules readRules(const fs::path& path)
{
    Rules rules;
    for (const std::string& line : linesOf(path)) {
        const std::vector<std::string> words = wordsOf(line);
        if (words.empty() || line[0] == '#')
            continue;
        if (words[0] == "library") {
            for (size_t i = 2; i < words.size(); ++i)
                rules.libraries.emplace_back(words[i], words[1]);
        } else if (words[0] == "system") {
            rules.system.assign(words.begin() + 1, words.end());
        } else {
            addFolderRule(line, rules);
        }
    }
    return rules;
}

// The rule of a file: its own, that of its folder's headers, or that of its folder.
const Rule* ruleOf(const std::string& file, const Rules& rules)
{
    const auto own = rules.folders.find(file);
    if (own != rules.folders.end())
        return &own->second;
    const Rule* found = nullptr;
    size_t length = 0;
    for (const auto& [key, rule] : rules.folders) {
        const bool headersOnly = key.ends_with(".h");
        const std::string folder = headersOnly ? key.substr(0, key.size() - 2) : key;
        if (startsWith(file, folder + "/") && (!headersOnly || file.ends_with(".h")) &&
            key.size() > length) {
            found = &rule;
            length = key.size();
        }
    }
    return found;
}

std::string layerOf(const std::string& file, const Rules& rules)
{
    for (const auto& [key, rule] : rules.folders) {
        if (!key.ends_with(".h") && startsWith(file, key + "/"))
            return key;
    }
    return {};
}

void checkOwnInclude(const std::string& file, size_t line, const std::string& target,
                     const Rules& rules)
{
    const std::string from = layerOf(file, rules);
    const std::string to = layerOf(target, rules);
    if (to.empty()) {
        // Files made in the build folder have no layer of their own.
        if (target.find('/') != std::string::npos && !startsWith(target, "generated/"))
            report(file, line, "include of an unknown folder: " + target);
        return;
    }
    const auto own = rules.folders.find(target);
    const bool internal = own != rules.folders.end() && own->second.folders.contains("internal");
    const std::set<std::string>& allowed = ruleOf(file, rules)->folders;
    if (to != from && (internal || !(allowed.contains(to) || allowed.contains(target))))
        report(file, line, from + " may not include " + to + " (" + target + ")");
    // An open header that includes an internal one would hand it on.
    if (to == from && internal && file.ends_with(".h") &&
        !ruleOf(file, rules)->folders.contains("internal"))
        report(file, line, "an open header may not include the internal " + target);
}

void checkLibraryInclude(const std::string& file, size_t line, const std::string& target,
                         const Rules& rules)
{
    const Rule& rule = *ruleOf(file, rules);
    for (const auto& [prefix, name] : rules.libraries) {
        if (!startsWith(target, prefix))
            continue;
        const bool allowed = rule.libraries.contains(name) ||
                             (!file.ends_with(".h") && rule.sourceLibraries.contains(name));
        if (!allowed)
            report(file, line, "library " + name + " is not allowed here: <" + target + ">");
        return;
    }
    const bool system = target.find('/') == std::string::npos ||
                        std::any_of(rules.system.begin(), rules.system.end(),
                                    [&](const std::string& p) { return startsWith(target, p); });
    if (!system)
        report(file, line, "include of an unknown library: <" + target + ">");
}

/// Nothing here talks to other machines: neither the programs nor their tests.
void checkNetworkInclude(const std::string& file, size_t line, const std::string& target,
                         const Rules& rules)
{
    for (const auto& [prefix, name] : rules.libraries) {
        if (name == "network" && startsWith(target, prefix))
            report(file, line, "the network is not allowed here: <" + target + ">");
    }
}

void checkIncludes(const std::string& file, const std::vector<std::string>& lines,
                   const Rules& rules)
{
    const bool isTest = startsWith(file, "tests/");
    if (!isTest && !ruleOf(file, rules)) {
        report(file, 1, "no rule for this folder in tests/layers/rules.txt");
        return;
    }
    for (size_t i = 0; i < lines.size(); ++i) {
        std::string text = lines[i];
        text.erase(0, text.find_first_not_of(" \t"));
        if (!startsWith(text, "#include"))
            continue;
        const size_t open = text.find_first_of("<\"");
        const size_t close = open == std::string::npos ? open : text.find_first_of(">\"", open + 1);
        if (close == std::string::npos)
            continue;
        const std::string target = text.substr(open + 1, close - open - 1);
        if (isTest)
            checkNetworkInclude(file, i + 1, target, rules);
        else if (text[open] == '"')
            checkOwnInclude(file, i + 1, target, rules);
        else
            checkLibraryInclude(file, i + 1, target, rules);
    }
}

// A source that begins with its header has its purpose there.
bool saysPurpose(const std::string& file, const std::string& line)
{
    return startsWith(line, "// ") || (file.ends_with(".cpp") && startsWith(line, "#include \""));
}

void checkHead(const std::string& file, const std::vector<std::string>& lines)
{
    const std::string licence = "SPDX-License-Identifier: GPL-3.0-or-later";
    if (lines.empty() || lines[0] != "// " + licence)
        report(file, 1, "the first line must be // " + licence);
    if (lines.size() < 2 || !saysPurpose(file, lines[1]))
        report(file, 2, "the second line must say what the file is for");
}

void checkSize(const std::string& file, size_t count,
               const std::map<std::string, size_t>& exceptions)
{
    const auto found = exceptions.find(file);
    const size_t limit = found == exceptions.end() ? kMaxLines : found->second;
    if (count > limit)
        report(file, count, "more than " + std::to_string(limit) + " lines");
}

// A path of somebody's machine in a shipped file works nowhere else.
void checkMachinePaths(const std::string& file, const std::vector<std::string>& lines)
{
    static const std::vector<std::string> kRoots{"/work"
                                                 "/",
                                                 "/root"
                                                 "/",
                                                 "/home"
                                                 "/",
                                                 "/opt"
                                                 "/"};
    for (size_t i = 0; i < lines.size(); ++i) {
        for (const std::string& root : kRoots) {
            const size_t at = lines[i].find(root);
            // Only whole first components: "frame/work/" is no machine path.
            const bool start =
                at != std::string::npos &&
                (at == 0 || std::string("\"'= (:").find(lines[i][at - 1]) != std::string::npos);
            if (start)
                report(file, i + 1, "path of one machine: " + root);
        }
    }
}

bool isNetworkLibrary(const std::string& name)
{
    for (const char* prefix : {"Qt6::Network", "Qt6::Web", "Qt6::Http", "Qt6::Grpc", "CURL", "curl",
                               "OpenSSL::SSL", "Boost::asio"}) {
        if (startsWith(name, prefix))
            return true;
    }
    return false;
}

// `target: library library …` a line, written by CMake: no engine target links Qt, no widget torch,
// and none what reaches the network.
void checkLinkLines(const fs::path& path)
{
    const std::vector<std::string> lines = linesOf(path);
    if (lines.empty())
        report(path.string(), 1, "no link lines found");
    for (size_t i = 0; i < lines.size(); ++i) {
        const bool ui = startsWith(lines[i], "clwb_ui") || startsWith(lines[i], "clwb-gui:");
        const std::vector<std::string> words = wordsOf(lines[i]);
        for (size_t w = 1; w < words.size(); ++w) {
            const bool qt = startsWith(words[w], "Qt6") || startsWith(words[w], "QCustomPlot");
            const bool engine = words[w] == "clwb_torch" || words[w] == "clwb_model" ||
                                startsWith(words[w], "opencv") || startsWith(words[w], "SQLite");
            if ((ui ? engine : qt) || isNetworkLibrary(words[w]))
                report(path.string(), i + 1, words[0] + " may not link " + words[w]);
        }
    }
}

std::map<std::string, size_t> readExceptions(const fs::path& path)
{
    std::map<std::string, size_t> exceptions;
    for (const std::string& line : linesOf(path)) {
        const std::vector<std::string> words = wordsOf(line);
        if (words.size() > 2 && line[0] != '#')
            exceptions[words[0]] = std::stoul(words[1]);
    }
    return exceptions;
}

} // namespace

// usage: layers ROOT RULES [LINK_LINES]
int main(int argc, char** argv)
{
    if (argc < 3)
        return 2;
    const fs::path root = argv[1];
    const fs::path rulesFile = argv[2];
    const Rules rules = readRules(rulesFile);
    const auto exceptions = readExceptions(rulesFile.parent_path() / "size_exceptions.txt");
    size_t files = 0;
    for (const char* top : {"core", "ui", "app", "tests", "packaging"}) {
        if (!fs::exists(root / top))
            continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string file = fs::relative(entry.path(), root).generic_string();
            const std::string extension = entry.path().extension().string();
            if (!entry.is_regular_file() || startsWith(file, "tests/layers/bad/"))
                continue;
            const std::vector<std::string> lines = linesOf(entry.path());
            const bool source = extension == ".cpp" || extension == ".h";
            if (source || extension == ".txt" || extension == ".cmake" || extension == ".sh" ||
                extension == ".py" || extension == ".md")
                checkMachinePaths(file, lines);
            if (!source)
                continue;
            ++files;
            checkHead(file, lines);
            checkSize(file, lines.size(), exceptions);
            checkIncludes(file, lines, rules);
        }
    }
    if (argc > 3)
        checkLinkLines(argv[3]);
    std::printf("%zu sources read, %d findings\n", files, findings);
    return findings == 0 && files > 0 ? 0 : 1;
}
