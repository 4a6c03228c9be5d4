// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that a study holds twice: the same file content, or nearly the same picture.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace clwb::data
{

/// A picture to compare.
struct ComparedPicture
{
    std::filesystem::path file;
    PixelBox box;
};

struct DuplicatePair
{
    size_t first = 0; ///< positions among the pictures, first < second
    size_t second = 0;
    bool isExact = false; ///< the same bytes; otherwise it only looks the same
};

/// What a picture looks like, small enough to keep one for each of a million.
struct PictureLook
{
    uint64_t hash = 0;     ///< whether each of 8×8 places is darker than its right neighbour
    uint8_t grey[64] = {}; ///< mean brightness of 8×8 places
};

/// Nothing for a picture without contrast (span of brightness below 16): all of those look alike.
std::optional<PictureLook> lookOf(const Image& image, const PixelBox& box);
/// Hashes at most 3 bits apart and brightness that differs by 6 of 255 levels or less on average.
bool looksTheSame(const PictureLook& a, const PictureLook& b);

/// Whole files with the same bytes; only files of equal size are read. A group of n copies gives
/// n − 1 pairs with its first. Files that can't be read are left out. Errors: Stopped.
Result<std::vector<DuplicatePair>> findCopies(const std::vector<ComparedPicture>& pictures,
                                              const StopToken& stop);

/// Pictures that look the same, copies included; decodes every file once.
/// @param progress files done and all of them; from the calling thread
/// Errors: Stopped.
Result<std::vector<DuplicatePair>>
findLookalikes(const std::vector<ComparedPicture>& pictures,
               const std::function<void(int64_t done, int64_t total)>& progress,
               const StopToken& stop);

} // namespace clwb::data
