// SPDX-License-Identifier: GPL-3.0-or-later
// Grounds for the demo world's pictures: plain, smooth colour fields, rooms, blurred lights.
#pragma once

#include "core/demo/compositor.h"

namespace clwb::demo
{

enum class Ground {
    White,
    Plain,
    Gradient,
    ColourField,
    Room,  ///< a wall and a floor with a soft edge between them
    Bokeh, ///< a colour field with large blurred lights
};

/// Fills the whole picture.
/// @param vividness 0 = pale, 256 = any colour
void paintGround(Image& image, Ground ground, int vividness, Dice& dice);

/// Adds a soft random relief: `cells` hills along the longer side, `amplitude` levels high.
void addTexture(Image& image, int cells, int amplitude, Dice& dice);

/// Any colour at full vividness, mixed with a light grey below it.
Colour randomColour(int vividness, Dice& dice);

} // namespace clwb::demo
