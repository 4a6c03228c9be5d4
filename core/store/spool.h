// SPDX-License-Identifier: GPL-3.0-or-later
// `run-<id>.spool`: items of a run that could not be written yet, one line each with a CRC, merged
// once the project can be written again (also by the next program after a kill).
#pragma once

#include "core/base/error.h"
#include "core/store/run_items.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

/// Appends items; the file is made with a first line naming the run's uid. Synced before it
/// returns. Errors: DiskFull, Data.
Result<void> appendToSpool(const std::filesystem::path& file, const std::string& uid,
                           const std::vector<RunItem>& items, size_t firstItem);

struct SpoolContent
{
    std::string uid;
    std::vector<RunItem> items;
    int badLines = 0; ///< cut off or damaged: left out
};

/// Errors: Data when the file cannot be read.
Result<SpoolContent> readSpool(const std::filesystem::path& file);

/// The run whose spool a file is by its name.
std::optional<int64_t> runOfSpool(const std::filesystem::path& file);

/// Merges the spools beside a project whose runs have no living owner, then removes them. A spool
/// of another project's run stays, and so does one that cannot be written now (locked, disk full).
/// Errors: Corrupt.
Result<void> mergeSpools(Database& database, const std::filesystem::path& project);

} // namespace clwb::store
