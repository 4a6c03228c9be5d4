// SPDX-License-Identifier: GPL-3.0-or-later
// Where that is kept which can be made again: prepared pictures, and which images looked whole.
#pragma once

#include <filesystem>

namespace clwb::run
{

/// $CLWB_CACHE, else $XDG_CACHE_HOME/clwb, else ~/.cache/clwb; empty without any of them.
std::filesystem::path cacheFolder();
/// The file that remembers checked images (data::DataNeeds::checkMemory); empty: none.
std::filesystem::path checkedImagesFile();

} // namespace clwb::run
