// SPDX-License-Identifier: GPL-3.0-or-later
// A plain 8-bit RGB picture: what every layer may see of an image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clwb
{

/// Rows top to bottom, 3 bytes a pixel (R, G, B), no padding: pixels.size() == 3·width·height.
struct Image
{
    int width = 0;
    int height = 0;
    std::vector<uint8_t> pixels;

    [[nodiscard]] bool isEmpty() const { return width <= 0 || height <= 0; }
    [[nodiscard]] const uint8_t* at(int x, int y) const
    {
        return pixels.data() +
               3 * (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x));
    }
};

/// Half-open pixel box inside an image; x1 > x0 and y1 > y0 unless it means "the whole image".
struct PixelBox
{
    int x0 = 0;
    int y0 = 0;
    int x1 = 0;
    int y1 = 0;

    [[nodiscard]] bool isWholeImage() const { return x1 == 0 && y1 == 0; }
    bool operator==(const PixelBox&) const = default;
};

} // namespace clwb
