// SPDX-License-Identifier: GPL-3.0-or-later
// Pillow's antialiased bicubic resize, bit for bit, and CLIP's resize and centre crop on top of it
// (algorithms.md 9.4).
#pragma once

#include "core/base/image.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clwb::data
{

/// RGB pixels that belong to somebody else; row y starts at pixels + y·rowBytes.
struct PixelView
{
    const uint8_t* pixels = nullptr;
    int width = 0;
    int height = 0;
    size_t rowBytes = 0;
};

/// The part of a picture under a box; the whole picture for an empty box. CHECK: inside.
PixelView viewOf(const Image& image, const PixelBox& box);

/// A resized picture of which only a window is computed: a 1×600 box that becomes 224×134400 costs
/// no more than the 224×224 that are kept.
struct ResizeTarget
{
    int width = 0;
    int height = 0;
    PixelBox window; ///< kept part of width × height
};

/// Writes the window's rows, `outRowBytes` apart. Equal to Pillow's Image.resize(…, BICUBIC):
/// filter a = −0.5, weights rounded to 22 bits, horizontal pass first, 8 bits between the passes.
/// CHECK: sizes positive, window inside.
void resizeBicubic(const PixelView& source, const ResizeTarget& target, uint8_t* out,
                   size_t outRowBytes);

/// A box of an image as a side×side picture (uint8 [side, side, 3]).
/// @param geometry clip: shorter side to `side`, longer to ⌊side·long/short⌋, centre crop at the
///        offset rounded half to even; pad: longer side to `side`, centred on black; squash: both
///        sides to `side`
void preparePicture(const Image& image, const PixelBox& box, int side, std::string_view geometry,
                    uint8_t* out);

/// (size − kept)/2 rounded half to even, as torchvision's CenterCrop places it.
int centreOffset(int size, int kept);

} // namespace clwb::data
