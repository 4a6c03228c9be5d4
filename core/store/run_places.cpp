// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_places.h"

#include "core/store/project_private.h"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

Failure missing(const RunRow& run, const std::string& what, const fs::path& place,
                const std::string& advice)
{
    return fail(ErrorCode::Data,
                "run " + std::to_string(run.runId) + " cannot go on: " + what +
                    " is not where it was: " + place.string(),
                advice);
}

} // namespace

Result<void> checkFolderForWriting(const fs::path& folder)
{
    fs::path existing = fs::absolute(folder);
    std::error_code failure;
    while (!fs::exists(existing, failure) && existing != existing.parent_path())
        existing = existing.parent_path();
    if (!fs::is_directory(existing, failure))
        return fail(ErrorCode::Data, existing.string() + " is in the way: it is no folder",
                    "move it, or give it another name");
    if (::faccessat(AT_FDCWD, existing.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return fail(ErrorCode::Locked, "you may not write to the folder " + existing.string(),
                    "ask its owner for permission, or choose another place");
    return {};
}

Result<void> checkRunFolders(const fs::path& project)
{
    return checkFolderForWriting(filesFolder(project));
}

Result<void> checkResumeStates(const Project& project, const RunRow& run)
{
    CLWB_ASSIGN(const std::vector<CheckpointRow> states, project.checkpoints(run.runId));
    const fs::path folder = run.folder;
    std::error_code failure;
    const auto isThere = [&](const CheckpointRow& state) {
        return fs::exists(folder / state.folder, failure);
    };
    // Without them it would begin again, and what it had reached would be deleted.
    if (!states.empty() && std::none_of(states.begin(), states.end(), isThere))
        return missing(run, "its folder with the resume states", folder,
                       "put the folder back there; to train from the beginning, start a new run of "
                       "the same settings");
    return {};
}

Result<void> checkContinuation(const Project& project, int64_t runId)
{
    CLWB_ASSIGN(const RunRow run, project.run(runId));
    std::error_code failure;
    if (!fs::exists(run.study, failure))
        return missing(run, "its study", run.study,
                       "put the file back there, or leave a link to where it is now");
    if (!fs::exists(run.model, failure))
        return missing(run, "its model", run.model,
                       "put the model back there, or leave a link to where it is now");
    CLWB_TRY(checkResumeStates(project, run));
    return checkFolderForWriting(run.folder);
}

} // namespace clwb::store
