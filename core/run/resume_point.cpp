// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/resume_point.h"

#include "core/run/checkpoint_store.h"

namespace clwb::run
{

Result<std::optional<ResumePoint>> findResumePoint(const std::filesystem::path& runFolder)
{
    const CheckpointStore checkpoints(runFolder);
    if (checkpoints.isEmpty())
        return std::nullopt;
    CLWB_ASSIGN(const CheckpointState state, checkpoints.newestState());
    return ResumePoint{state.cursor.step, state.finishedSessions};
}

} // namespace clwb::run
