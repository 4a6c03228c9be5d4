// SPDX-License-Identifier: GPL-3.0-or-later
// clwb delete: runs into the trash, out of it, or away for ever.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"

namespace clwb::cli
{
namespace
{

Result<int> runDelete(const Arguments& arguments)
{
    if (arguments.has("--purge") && arguments.has("--restore"))
        return fail(ErrorCode::Usage, "clwb delete: --purge and --restore exclude each other");
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    CLWB_ASSIGN(const auto ids, findRuns(project, arguments.positionals()));
    for (const int64_t id : ids) {
        if (arguments.has("--purge")) {
            CLWB_TRY(project.purge(id));
            writeNote("run " + std::to_string(id) + " and its files are gone");
        } else if (arguments.has("--restore")) {
            CLWB_TRY(project.restoreFromTrash(id));
            writeNote("run " + std::to_string(id) + " is back");
        } else {
            CLWB_TRY(project.moveToTrash(id));
            writeNote("run " + std::to_string(id) + " is in the trash; --restore brings it back, "
                                                    "--purge removes it and its files");
        }
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
