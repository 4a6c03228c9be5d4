// SPDX-License-Identifier: GPL-3.0-or-later
// Affine placing of drawings, shadows and camera effects in fixed-point arithmetic.
#include "core/demo/compositor.h"

#include "core/base/check.h"
#include "core/demo/fixed_point.h"

#include <algorithm>
#include <cstdlib>

namespace clwb::demo
{
namespace
{

// From picture to source: source = offset + x·(ux, vx) + y·(uy, vy), 16 fractional bits.
struct InverseMap
{
    int64_t u0 = 0, v0 = 0;
    int ux = 0, uy = 0, vx = 0, vy = 0;
};

struct Region
{
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// @param extent longer side of the thing in the source, 1/256 source pixel
/// @param centre its centre in the source, 16 fractional bits
InverseMap inverseOf(const Placement& placement, int64_t extent, int64_t centre)
{
    const int64_t scale = extent * kOne / placement.size; // source pixels a picture pixel
    const int64_t cosine = fixedCos(placement.angle);
    const int64_t sine = fixedSin(placement.angle);
    InverseMap map;
    // Turn back, undo the lean, then undo the stretch (and the mirror) along x.
    int64_t ux = cosine * scale >> 16;
    int64_t uy = -sine * scale >> 16;
    const int64_t vx = sine * scale >> 16;
    const int64_t vy = cosine * scale >> 16;
    ux -= vx * placement.shear / 256;
    uy -= vy * placement.shear / 256;
    ux = ux * 256 / placement.stretch * (placement.mirrored ? -1 : 1);
    uy = uy * 256 / placement.stretch * (placement.mirrored ? -1 : 1);
    map.ux = static_cast<int>(ux);
    map.uy = static_cast<int>(uy);
    map.vx = static_cast<int>(vx);
    map.vy = static_cast<int>(vy);
    // Pixel (x, y) is sampled at its middle, a texel too: hence the two halves.
    const int64_t middleX = 128 - placement.centreX;
    const int64_t middleY = 128 - placement.centreY;
    map.u0 = centre - kOne / 2 + ((ux * middleX + uy * middleY) >> 8);
    map.v0 = centre - kOne / 2 + ((vx * middleX + vy * middleY) >> 8);
    return map;
}

// Every pixel that the thing can touch: half the diagonal of its square, lean and stretch included.
Region reachOf(const Image& image, const Placement& placement, int factor)
{
    const int64_t wide = static_cast<int64_t>(placement.size) * std::max(placement.stretch, 256) /
                         256 * (256 + std::abs(placement.shear)) / 256;
    const int reach = static_cast<int>(wide * factor * 182 / 256 / 256) + 512;
    return {std::clamp((placement.centreX - reach) >> 8, 0, image.width),
            std::clamp((placement.centreY - reach) >> 8, 0, image.height),
            std::clamp(((placement.centreX + reach) >> 8) + 1, 0, image.width),
            std::clamp(((placement.centreY + reach) >> 8) + 1, 0, image.height)};
}

// The smallest size that still holds enough detail.
const Drawing::Level& levelFor(const Drawing& drawing, int size)
{
    const std::vector<Drawing::Level>& levels = drawing.levels();
    size_t best = 0;
    while (best + 1 < levels.size() && 4 * levels[best].extent > 5 * size)
        ++best;
    return levels[best];
}

// Two channels at once in one word: 0x00RR00BB arithmetic with 8-bit weights.
inline uint32_t mixed(uint32_t a, uint32_t b, uint32_t weight)
{
    constexpr uint32_t mask = 0x00ff00ff;
    const uint32_t even = ((a & mask) * (256 - weight) + (b & mask) * weight) >> 8;
    const uint32_t odd = ((a >> 8) & mask) * (256 - weight) + ((b >> 8) & mask) * weight;
    return (even & mask) | (odd & ~mask);
}

inline uint32_t sampled(const Drawing::Level& level, int u, int v)
{
    const uint32_t* row = level.pixels.data() +
                          static_cast<size_t>(v >> 16) * static_cast<size_t>(level.side) +
                          static_cast<size_t>(u >> 16);
    const uint32_t weightX = static_cast<uint32_t>(u >> 8) & 0xff;
    const uint32_t weightY = static_cast<uint32_t>(v >> 8) & 0xff;
    return mixed(mixed(row[0], row[1], weightX),
                 mixed(row[level.side], row[level.side + 1], weightX), weightY);
}

struct Lighting
{
    std::array<int, 3> gain;
    int greyness;
};

// Premultiplied over: what covers, plus what still shows through.
inline void coverPixel(uint8_t* pixel, uint32_t source, const Lighting& light)
{
    const int alpha = static_cast<int>(source >> 24);
    if (alpha == 0)
        return;
    std::array<int, 3> value{static_cast<int>(source & 0xff), static_cast<int>(source >> 8 & 0xff),
                             static_cast<int>(source >> 16 & 0xff)};
    if (light.greyness > 0) {
        const int grey = (77 * value[0] + 150 * value[1] + 29 * value[2]) >> 8;
        for (int& channel : value)
            channel = blended(channel, grey, light.greyness);
    }
    const int through = 256 - alpha - (alpha >> 7);
    for (size_t channel = 0; channel < 3; ++channel) {
        const int lit = std::min(scaled(value[channel], light.gain[channel]), alpha);
        pixel[channel] = toByte(lit + scaled(pixel[channel], through));
    }
}

uint8_t* pixelOf(Image& image, int x, int y)
{
    return image.pixels.data() +
           3 * (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x));
}

bool isDrawable(const Placement& placement)
{
    return placement.size >= 256 && placement.stretch >= 64;
}

} // namespace

Image blankImage(int width, int height)
{
    CLWB_CHECK(width > 0 && height > 0 && width <= 8192 && height <= 8192);
    Image image{width, height, {}};
    image.pixels.assign(3 * static_cast<size_t>(width) * static_cast<size_t>(height), 255);
    return image;
}

void place(Image& image, const Drawing& drawing, const Placement& placement)
{
    if (!isDrawable(placement))
        return;
    const Drawing::Level& level = levelFor(drawing, placement.size);
    const InverseMap map = inverseOf(placement, level.extent, int64_t{level.side} * kOne / 2);
    const Region region = reachOf(image, placement, 256);
    const Lighting light{placement.gain, placement.greyness};
    const auto limit = static_cast<uint64_t>(level.side - 1) * kOne;
    for (int y = region.y0; y < region.y1; ++y) {
        int64_t u = map.u0 + int64_t{map.ux} * region.x0 + int64_t{map.uy} * y;
        int64_t v = map.v0 + int64_t{map.vx} * region.x0 + int64_t{map.vy} * y;
        uint8_t* pixel = pixelOf(image, region.x0, y);
        for (int x = region.x0; x < region.x1; ++x, u += map.ux, v += map.vx, pixel += 3) {
            // A negative coordinate becomes huge: one comparison a side.
            if (static_cast<uint64_t>(u) < limit && static_cast<uint64_t>(v) < limit)
                coverPixel(pixel, sampled(level, static_cast<int>(u), static_cast<int>(v)), light);
        }
    }
}

void placeShadow(Image& image, const Drawing& drawing, const Placement& placement, int shiftX,
                 int shiftY, int strength)
{
    if (!isDrawable(placement))
        return;
    constexpr int side = Drawing::kShadowSide;
    Placement moved = placement;
    moved.centreX += shiftX;
    moved.centreY += shiftY;
    const InverseMap map = inverseOf(moved, int64_t{side} / 2 * 256, int64_t{side} * kOne / 2);
    const Region region = reachOf(image, moved, 512);
    const auto limit = static_cast<uint64_t>(side - 1) * kOne;
    for (int y = region.y0; y < region.y1; ++y) {
        int64_t u = map.u0 + int64_t{map.ux} * region.x0 + int64_t{map.uy} * y;
        int64_t v = map.v0 + int64_t{map.vx} * region.x0 + int64_t{map.vy} * y;
        uint8_t* pixel = pixelOf(image, region.x0, y);
        for (int x = region.x0; x < region.x1; ++x, u += map.ux, v += map.vx, pixel += 3) {
            if (static_cast<uint64_t>(u) >= limit || static_cast<uint64_t>(v) >= limit)
                continue;
            const uint8_t* row = drawing.shadow().data() + (v >> 16) * side + (u >> 16);
            const int weightX = static_cast<int>(u >> 8) & 0xff;
            const int weightY = static_cast<int>(v >> 8) & 0xff;
            const int dark = blended(blended(row[0], row[1], weightX),
                                     blended(row[side], row[side + 1], weightX), weightY);
            const int keep = 256 - scaled(dark, strength);
            for (int channel = 0; channel < 3; ++channel)
                pixel[channel] = toByte(scaled(pixel[channel], keep));
        }
    }
}

void darkenEllipse(Image& image, const Ellipse& ellipse, int strength)
{
    if (ellipse.radiusX < 256 || ellipse.radiusY < 128)
        return;
    const int x0 = std::clamp((ellipse.centreX - ellipse.radiusX) >> 8, 0, image.width);
    const int x1 = std::clamp(((ellipse.centreX + ellipse.radiusX) >> 8) + 1, 0, image.width);
    const int y0 = std::clamp((ellipse.centreY - ellipse.radiusY) >> 8, 0, image.height);
    const int y1 = std::clamp(((ellipse.centreY + ellipse.radiusY) >> 8) + 1, 0, image.height);
    for (int y = y0; y < y1; ++y) {
        const int64_t dy = (256 * y + 128 - ellipse.centreY) * 256LL / ellipse.radiusY;
        for (int x = x0; x < x1; ++x) {
            const int64_t dx = (256 * x + 128 - ellipse.centreX) * 256LL / ellipse.radiusX;
            const int64_t inside = 256 - (dx * dx + dy * dy) / 256;
            if (inside <= 0)
                continue;
            const int keep = 256 - scaled(eased(static_cast<int>(inside)), strength);
            uint8_t* pixel = pixelOf(image, x, y);
            for (int channel = 0; channel < 3; ++channel)
                pixel[channel] = toByte(scaled(pixel[channel], keep));
        }
    }
}

void applyCamera(Image& image, const CameraEffects& effects)
{
    uint32_t state = static_cast<uint32_t>(effects.noiseSeed >> 32) | 1;
    std::array<int, 3> gain{};
    for (size_t channel = 0; channel < 3; ++channel)
        gain[channel] = scaled(effects.tint[channel], effects.contrast);
    const int lift = 128 - effects.contrast / 2 + effects.brightness;
    uint8_t* pixel = image.pixels.data();
    for (int y = 0; y < image.height; ++y) {
        const int dy = (512 * y + 256) / image.height - 256; // −256 … 256 over the picture
        for (int x = 0; x < image.width; ++x, pixel += 3) {
            const int dx = (512 * x + 256) / image.width - 256;
            const int corner = (dx * dx + dy * dy) >> 9; // 256 in the corners
            const int light =
                std::max(0, 256 + scaled(effects.lightX, dx) + scaled(effects.lightY, dy) -
                                scaled(effects.vignette, corner));
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            for (size_t channel = 0; channel < 3; ++channel) {
                const int lit = (pixel[channel] * light) >> 8;
                // The difference of two bytes is a triangle around 0, much like a sensor's noise.
                const uint32_t bits = state >> (8 * channel);
                const int grain = static_cast<int>(bits & 0xff) -
                                  static_cast<int>((bits >> 5 ^ state >> 3) & 0xff);
                pixel[channel] = toByte(((lit * gain[channel]) >> 8) + lift +
                                        ((grain * effects.noise + 128) >> 8));
            }
        }
    }
}

} // namespace clwb::demo
