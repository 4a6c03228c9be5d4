// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/project_access.h"

#include <algorithm>

namespace clwb::cli
{

std::filesystem::path projectFile(const Arguments& arguments)
{
    return std::filesystem::absolute(arguments.valueOr("--db", "clwb.db")).lexically_normal();
}

Result<store::Project> openProject(const Arguments& arguments, store::OpenMode mode)
{
    CLWB_ASSIGN(store::Project project, store::Project::open(projectFile(arguments), mode));
    if (mode != store::OpenMode::ReadOnly && project.isReadOnly())
        return fail(ErrorCode::Locked,
                    "project " + project.file().string() +
                        " is read-only: " + project.readOnlyReason(),
                    "Name another project with --db, or make this one writable.");
    return project;
}

Result<std::vector<int64_t>> findRuns(const store::Project& project,
                                      const std::vector<std::string>& words)
{
    std::vector<int64_t> ids;
    for (const std::string& word : words) {
        CLWB_ASSIGN(const int64_t id, project.findRun(word));
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(id);
    }
    return ids;
}

Result<std::vector<store::RunRow>> selectRuns(const store::Project& project,
                                              const Arguments& arguments)
{
    CLWB_ASSIGN(std::vector<store::RunRow> rows, project.runs());
    const auto wanted = arguments.value("--runs");
    std::vector<int64_t> ids;
    if (wanted) {
        CLWB_ASSIGN(ids, findRuns(project, splitList(*wanted)));
    }
    const std::string origin = arguments.valueOr("--origin", "all");
    std::erase_if(rows, [&](const store::RunRow& row) {
        const bool named = !wanted || std::find(ids.begin(), ids.end(), row.runId) != ids.end();
        return !named || (origin != "all" && row.origin != origin);
    });
    return rows;
}

std::vector<std::string> splitList(const std::string& text)
{
    std::vector<std::string> parts;
    for (size_t start = 0; start <= text.size();) {
        const size_t end = std::min(text.find(',', start), text.size());
        if (end > start)
            parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

} // namespace clwb::cli
