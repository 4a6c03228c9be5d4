// SPDX-License-Identifier: GPL-3.0-or-later
// What runs take on disk, and removing the resume states that no run needs.
#pragma once

#include "core/store/project.h"

namespace clwb::store
{

struct DiskUse
{
    uint64_t bytes = 0; ///< of the whole run folder
    uint64_t spare = 0; ///< of resume states of a finished run: it never goes on
};

/// Bytes of the files below a folder; links are not followed, what can't be read counts 0.
uint64_t bytesBelow(const std::filesystem::path& folder);

/// Only a finished run of this project's own folder has something to spare: of a run that can go
/// on both states stay (the older one is what is left when the newer is damaged), and models kept
/// after sessions are results.
DiskUse diskUse(const Project& project, const RunRow& run);

/// Removes the spare resume states of these runs, rows first; returns the bytes that became free.
/// Errors: Locked (read-only project), Usage (no such run), Data (a folder can't be removed).
Result<uint64_t> removeSpareStates(Project& project, const std::vector<int64_t>& runs);

} // namespace clwb::store
