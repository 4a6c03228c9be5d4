// SPDX-License-Identifier: GPL-3.0-or-later
// Small JPEG pictures for lists and grids.
#pragma once

#include <cstdint>
#include <string>

namespace clwb::data
{

/// Longer side of a thumbnail, pixels.
inline constexpr int kThumbnailSide = 160;
/// libjpeg's quality. Measured with tests/bench/details_size on COCO's photos: at 40 a photo takes
/// 3.2 kB and a crop 1.5 kB, the 75 000 pictures of a paper-sized study 180 MB; a project may grow
/// by 150 MB, so it has to be less.
inline constexpr int kThumbnailQuality = 20;

/// A square picture of `side` pixels (uint8 [side, side, 3]), as the image tower gets it, scaled to
/// `target` pixels (never up) and packed as JPEG. Empty in a build without OpenCV.
std::string encodeThumbnail(const uint8_t* pixels, int side, int target);

} // namespace clwb::data
