// SPDX-License-Identifier: GPL-3.0-or-later
// Small JPEG pictures for lists and grids.
#pragma once

#include <cstdint>
#include <string>

namespace clwb::data
{

/// Longer side of a thumbnail, pixels.
inline constexpr int kThumbnailSide = 160;
/// libjpeg's quality, measured on COCO's photos at 160 pixels: 17 takes 1.9 kB (26.6 dB), 20 takes
/// 2.1 kB (27.0 dB), 40 takes 3.1 kB (28.9 dB). The 75 000 pictures of a paper-sized study, crops of
/// half that size among them, must fit into some 120 MB of the file: 20 misses that by a tenth.
inline constexpr int kThumbnailQuality = 17;

/// A square picture of `side` pixels (uint8 [side, side, 3]), as the image tower gets it, scaled to
/// `target` pixels (never up) and packed as JPEG. Empty in a build without OpenCV.
std::string encodeThumbnail(const uint8_t* pixels, int side, int target);

} // namespace clwb::data
