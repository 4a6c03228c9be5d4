// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/disk_use.h"

#include "core/store/project_private.h"
#include "core/store/run_lock.h"

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

/// The folder of resume states that may go; empty when nothing may.
fs::path spareFolder(const Project& project, const RunRow& run)
{
    std::error_code failure;
    const bool isOurs = run.status == "finished" && run.folder == project.runFolder(run.runId);
    const fs::path states = fs::path(run.folder) / "checkpoint";
    // A link leads to files that are not this run's.
    if (!isOurs || fs::is_symlink(run.folder, failure) || fs::is_symlink(states, failure) ||
        !fs::is_directory(states, failure))
        return {};
    return states;
}

} // namespace

uint64_t bytesBelow(const fs::path& folder)
{
    uint64_t bytes = 0;
    std::error_code failure;
    fs::recursive_directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
        std::error_code ignored;
        if (entry->is_symlink(ignored) || !entry->is_regular_file(ignored))
            continue;
        if (const uintmax_t size = entry->file_size(ignored); !ignored)
            bytes += size;
    }
    return bytes;
}

DiskUse diskUse(const Project& project, const RunRow& run)
{
    if (run.folder.empty())
        return {};
    const fs::path spare = spareFolder(project, run);
    return {bytesBelow(run.folder), spare.empty() ? 0 : bytesBelow(spare)};
}

Result<uint64_t> removeSpareStates(Project& project, const std::vector<int64_t>& runs)
{
    CLWB_TRY(requireWritable(project));
    uint64_t freed = 0;
    for (const int64_t runId : runs) {
        CLWB_ASSIGN(const RunRow run, project.run(runId));
        const fs::path spare = spareFolder(project, run);
        if (spare.empty())
            continue;
        // A copy of the project may be continuing the run from these states.
        CLWB_ASSIGN(const RunLock lock, RunLock::take(run.folder));
        const uint64_t bytes = bytesBelow(spare);
        // Rows first: a state without a row is only waste, a row without its state is a lie.
        CLWB_TRY(project.database().run("DELETE FROM checkpoint WHERE run_id = ?", runId));
        std::error_code failure;
        fs::remove_all(spare, failure);
        if (failure)
            return fail(ErrorCode::Data,
                        "the resume states of run " + std::to_string(runId) + " in " +
                            spare.string() + " cannot be removed: " + failure.message(),
                        "remove the folder by hand");
        freed += bytes;
    }
    return freed;
}

} // namespace clwb::store
