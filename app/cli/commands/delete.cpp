// SPDX-License-Identifier: GPL-3.0-or-later
// clwb delete: runs into the trash, out of it, or away for ever.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"

namespace clwb::cli
{
namespace
{

// Among the runs in the trash.
Result<int64_t> findTrashed(const store::Project& project, const std::string& word)
{
    CLWB_ASSIGN(const auto rows, project.trashedRuns());
    for (const store::RunRow& row : rows) {
        if (std::to_string(row.runId) == word || (!word.empty() && row.name == word))
            return row.runId;
    }
    return fail(ErrorCode::Usage,
                "there is no run '" + word + "' in the trash of " + project.file().string());
}

Result<void> deleteOne(store::Project& project, const std::string& word, bool purge)
{
    const auto present = project.findRun(word);
    if (!purge) {
        CLWB_ASSIGN(const int64_t id, present);
        CLWB_TRY(project.moveToTrash(id));
        writeNote("run " + std::to_string(id) +
                  " is in the trash; --restore brings it back, "
                  "--purge removes it and its files");
        return {};
    }
    CLWB_ASSIGN(const int64_t id, present ? present : findTrashed(project, word));
    CLWB_TRY(project.purge(id));
    writeNote("run " + std::to_string(id) + " and its files are gone");
    return {};
}

Result<int> runDelete(const Arguments& arguments)
{
    if (arguments.has("--purge") && arguments.has("--restore"))
        return fail(ErrorCode::Usage, "clwb delete: --purge and --restore exclude each other");
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    for (const std::string& word : arguments.positionals()) {
        if (!arguments.has("--restore")) {
            CLWB_TRY(deleteOne(project, word, arguments.has("--purge")));
            continue;
        }
        CLWB_ASSIGN(const int64_t id, findTrashed(project, word));
        CLWB_TRY(project.restoreFromTrash(id));
        writeNote("run " + std::to_string(id) + " is back");
    }
    return 0;
}

} // namespace

Command describe_delete()
{
    return {130,
            "delete",
            "Moves runs into the trash",
            {{"RUN", true, true}},
            {dbOption(),
             {"--purge", "", "remove the runs and their files for ever", false, {}},
             {"--restore", "", "take the runs out of the trash", false, {}}},
            "RUN is a run number or a unique name. Running runs are refused.",
            "clwb delete 3 --db clwb.db",
            runDelete};
}

} // namespace clwb::cli
