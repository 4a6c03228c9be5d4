// SPDX-License-Identifier: GPL-3.0-or-later
// Paints pictures out of drawings: placing, shadows and the way a camera spoils them. Integer
// arithmetic only, so the bytes are the same on every machine.
#pragma once

#include "core/base/image.h"
#include "core/demo/dice.h"
#include "core/demo/drawing.h"

#include <array>
#include <cstdint>

namespace clwb::demo
{

using Colour = std::array<uint8_t, 3>;

/// Where and how one drawing lies on the picture. Lengths in 1/256 pixel.
struct Placement
{
    int centreX = 0;
    int centreY = 0;
    int size = 0;  ///< longer side of the drawing
    int angle = 0; ///< counter-clockwise, kTurn is a full turn
    bool mirrored = false;
    int stretch = 256;                      ///< width over height, 256 = as drawn
    int shear = 0;                          ///< sideways lean a height, 256 = 45°
    std::array<int, 3> gain{256, 256, 256}; ///< colour of the light on it, 256 = as drawn
    int greyness = 0;                       ///< 0 = colours as drawn, 256 = grey
};

/// A white picture.
Image blankImage(int width, int height);

/// Lays the drawing over the picture; smooth resampling, soft edges, clipped at the rim.
void place(Image& image, const Drawing& drawing, const Placement& placement);

/// Darkens the picture where the blurred outline of a placed drawing falls.
/// @param shiftX,shiftY from the drawing to its shadow, 1/256 pixel
/// @param strength      0 … 256
void placeShadow(Image& image, const Drawing& drawing, const Placement& placement, int shiftX,
                 int shiftY, int strength);

/// Darkens a soft ellipse, as under a thing that stands on the ground. Lengths in 1/256 pixel.
struct Ellipse
{
    int centreX = 0;
    int centreY = 0;
    int radiusX = 0;
    int radiusY = 0;
};
void darkenEllipse(Image& image, const Ellipse& ellipse, int strength);

/// What lens, light and sensor do to a picture; the defaults change nothing.
struct CameraEffects
{
    std::array<int, 3> tint{256, 256, 256}; ///< gain of each channel, 256 = 1
    int lightX = 0;     ///< brightness change from the centre to the right rim, 256 = doubled
    int lightY = 0;     ///< the same to the lower rim
    int vignette = 0;   ///< darkening at the corners, 256 = black
    int contrast = 256; ///< 256 = 1
    int brightness = 0; ///< levels added
    int noise = 0;      ///< largest noise in levels
    uint64_t noiseSeed = 0;
};
void applyCamera(Image& image, const CameraEffects& effects);

/// Smooth enlargement or reduction (cubic B-spline/Catmull-Rom mix; means where it shrinks).
Image resized(const Image& image, int width, int height);

} // namespace clwb::demo
