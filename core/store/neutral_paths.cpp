// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/neutral_paths.h"

#include "core/store/project.h"
#include "core/store/run_rows.h"
#include "core/store/sqlite.h"

#include <algorithm>
#include <string_view>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

std::string neutralName(const fs::path& path, const fs::path& root)
{
    const fs::path inside = root.empty() ? fs::path() : path.lexically_relative(root);
    if (!inside.empty() && *inside.begin() != "..")
        return inside.string();
    return (path.parent_path().filename() / path.filename()).string();
}

void replaceAll(std::string& text, const std::string& from, const std::string& to)
{
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// Whether a character stands before or behind paths. A colon does not: "https://".
bool isOutside(char c)
{
    return std::string_view(" \t\n'\"=(),;[]").find(c) != std::string_view::npos;
}

/// Leaves the last part of every absolute path.
void shortenPaths(std::string& text)
{
    for (size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 1)) {
        if (at > 0 && !isOutside(text[at - 1]))
            continue;
        size_t end = at;
        while (end < text.size() && !isOutside(text[end]))
            ++end;
        if (end == at + 1)
            continue; // "3 / 4"
        const size_t last = text.rfind('/', end - 1);
        text.erase(at, last + 1 - at);
    }
}

Json neutralJson(const Json& value, const PathNames& names)
{
    if (value.is_string())
        return neutralText(value.get<std::string>(), names);
    Json result = value;
    if (value.is_structured()) {
        for (auto& child : result)
            child = neutralJson(child, names);
    }
    return result;
}

struct RunTexts
{
    int64_t id = 0;
    Json spec, environment;
    std::string message, notes;
};

Result<std::vector<RunTexts>> readTexts(Database& database)
{
    CLWB_ASSIGN(Statement rows,
                database.prepare("SELECT run_id, spec, environment, message, notes FROM run "
                                 "WHERE origin <> 'paper'"));
    std::vector<RunTexts> runs;
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return runs;
        RunTexts run;
        run.id = rows.integer(0);
        CLWB_ASSIGN(run.spec, parseJson(rows.text(1), "spec"));
        CLWB_ASSIGN(run.environment, parseJson(rows.text(2), "environment"));
        run.message = rows.text(3);
        run.notes = rows.text(4);
        runs.push_back(std::move(run));
    }
}

Result<void> hideWarnings(Database& database, int64_t runId, const PathNames& names)
{
    std::vector<std::pair<int64_t, std::string>> warnings;
    {
        CLWB_ASSIGN(Statement rows,
                    database.prepare("SELECT number, text FROM warning WHERE run_id = ?"));
        rows.bindAll(runId);
        while (true) {
            CLWB_ASSIGN(const bool found, rows.step());
            if (!found)
                break;
            warnings.emplace_back(rows.integer(0), rows.text(1));
        }
    }
    for (const auto& [number, text] : warnings)
        CLWB_TRY(database.run("UPDATE warning SET text = ?3 WHERE run_id = ?1 AND number = ?2",
                              runId, number, neutralText(text, names)));
    return {};
}

} // namespace

PathNames neutralNames(const Json& spec, const fs::path& root)
{
    PathNames names;
    const auto add = [&](const fs::path& path) {
        if (path.is_absolute() && path.has_filename())
            names.emplace_back(path.string(), neutralName(path, root));
    };
    const fs::path study = spec.value("study", std::string());
    add(study);
    add(spec.value("model", std::string()));
    if (!names.empty() && study.is_absolute()) {
        const fs::path folder = study.parent_path();
        names.emplace_back(folder.string(), folder.filename().string());
    }
    if (root.is_absolute())
        names.emplace_back(root.string(), ".");
    // A file before the folder that holds it.
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    return names;
}

std::string neutralText(std::string text, const PathNames& names)
{
    for (const auto& [path, name] : names)
        replaceAll(text, path, name);
    shortenPaths(text);
    return text;
}

Result<void> hideMachine(const fs::path& project, const fs::path& root)
{
    CLWB_ASSIGN(const Project opened, Project::open(project, OpenMode::ReadWrite));
    Database& database = opened.database();
    CLWB_ASSIGN(const std::vector<RunTexts> runs, readTexts(database));
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    for (const RunTexts& run : runs) {
        const PathNames names = neutralNames(run.spec, root);
        Json environment = neutralJson(run.environment, names);
        environment.erase("host");
        CLWB_TRY(writeSpec(database, run.id, neutralJson(run.spec, names)));
        CLWB_TRY(database.run("UPDATE run SET environment = ?2, message = ?3, notes = ?4, "
                              "folder = NULL WHERE run_id = ?1",
                              run.id, environment.dump(), neutralText(run.message, names),
                              neutralText(run.notes, names)));
        CLWB_TRY(hideWarnings(database, run.id, names));
    }
    return transaction.commit();
}

} // namespace clwb::store
