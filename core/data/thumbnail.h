// SPDX-License-Identifier: GPL-3.0-or-later
// Small JPEG pictures for lists and grids.
#pragma once

#include <cstdint>
#include <string>

namespace clwb::data
{

/// Longer side of a thumbnail, pixels.
inline constexpr int kThumbnailSide = 160;
/// libjpeg's quality. Measured with tests/bench/details_size on photographs: 160 px take 2 to 3 kB,
/// and block edges stay below what shows at that size.
inline constexpr int kThumbnailQuality = 40;

/// A square picture of `side` pixels (uint8 [side, side, 3]), as the image tower gets it, scaled to
/// `target` pixels (never up) and packed as JPEG. Empty in a build without OpenCV.
std::string encodeThumbnail(const uint8_t* pixels, int side, int target);

} // namespace clwb::data
