// SPDX-License-Identifier: GPL-3.0-or-later
// A folder a class, image files directly inside: tiered-ImageNet's layout and own data.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::data
{

/// Names of the folders directly below `root`, bytewise sorted, hidden ones left out.
/// Errors: Data when root is not a readable folder.
Result<std::vector<std::string>> listClassFolders(const std::filesystem::path& root);

/// Names of the image files (.jpg .jpeg .png .webp .bmp in any case) directly in `folder`, bytewise
/// sorted, hidden ones left out. Errors: Data when it is not a readable folder.
Result<std::vector<std::string>> listImageFiles(const std::filesystem::path& folder);

/// `count` of `total` positions, drawn without replacement by the stream (seed, name), in
/// rising order. All of them when count is 0 or not smaller than total.
std::vector<size_t> samplePositions(size_t total, size_t count, uint64_t seed,
                                    std::string_view streamName);

} // namespace clwb::data
