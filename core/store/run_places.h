// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what a run needs lies where it is expected, looked at before the run is begun.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>

namespace clwb::store
{

class Project;
struct RunRow;

/// Whether a folder can be written to, or be made. Nothing is changed.
/// Errors: Data: something else has its name; Locked: no permission.
Result<void> checkFolderForWriting(const std::filesystem::path& folder);

/// Whether new runs of a project can write their files. Errors: as above.
Result<void> checkRunFolders(const std::filesystem::path& project);

/// Whether at least one of the resume states that the project knows of is in the run's folder; also
/// when it knows of none. Errors: Data, saying where they were expected and what to do.
Result<void> checkResumeStates(const Project& project, const RunRow& run);

/// Whether a run can be continued from where it stopped: that, its study, its model, and that its
/// folder can be written to. Errors: likewise; Locked; those of reading the project.
Result<void> checkContinuation(const Project& project, int64_t runId);

} // namespace clwb::store
