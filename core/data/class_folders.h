// SPDX-License-Identifier: GPL-3.0-or-later
// A folder a class, image files directly inside: tiered-ImageNet's layout and own data.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::data
{

/// More entries in one folder are no class folder that somebody meant to choose.
inline constexpr size_t kMostFolderEntries = 2'000'000;

/// What ends the listing of a folder before its last entry.
struct ListLimits
{
    StopToken stop = {};
    size_t most = kMostFolderEntries; ///< entries
};

/// Names of the folders directly below `root`, bytewise sorted, hidden ones left out.
/// Errors: Data when root is not a readable folder or holds more entries than allowed (the message
/// names the limit); Stopped.
Result<std::vector<std::string>> listClassFolders(const std::filesystem::path& root,
                                                  const ListLimits& limits = {});

/// What lies directly in a folder beside other folders; hidden files are left out.
struct FolderFiles
{
    std::vector<std::string> images; ///< .jpg .jpeg .png .webp .bmp in any case, bytewise sorted
    int64_t others = 0;              ///< files of other endings
    std::string other;               ///< bytewise first of them
};

/// Errors: as listClassFolders().
Result<FolderFiles> listFiles(const std::filesystem::path& folder, const ListLimits& limits = {});

/// The images of listFiles() alone.
Result<std::vector<std::string>> listImageFiles(const std::filesystem::path& folder,
                                                const ListLimits& limits = {});

/// `count` of `total` positions, drawn without replacement by the stream (seed, name), in
/// rising order. All of them when count is 0 or not smaller than total.
std::vector<size_t> samplePositions(size_t total, size_t count, uint64_t seed,
                                    std::string_view streamName);

} // namespace clwb::data
