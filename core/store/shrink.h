// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a project smaller: details of runs and thumbnails go, metrics and curves stay.
#pragma once

#include "core/store/project.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace clwb::store
{

struct ShrinkRequest
{
    std::vector<int64_t> runs;             ///< whose predictions and ranks are dropped
    bool thumbnails = false;               ///< all of them; the next evaluation makes them again
    std::optional<int64_t> thumbnailLimit; ///< bytes that they may take from now on; 0: none
};

struct ShrinkReport
{
    int64_t results = 0;    ///< predictions and retrieval results that went
    int64_t thumbnails = 0; ///< that went
    uint64_t bytesBefore = 0;
    uint64_t bytesAfter = 0; ///< of the project file
};

/// Drops what is asked for and what no run uses, in one transaction, then gives the space back to
/// the file system. Errors: Usage (no such run), Locked (read-only, a chosen run is running,
/// another program is writing: what was dropped is dropped then, its space is used again), DiskFull
/// (giving back needs room for a copy), Corrupt.
Result<ShrinkReport> shrinkDetails(Project& project, const ShrinkRequest& request);

} // namespace clwb::store
