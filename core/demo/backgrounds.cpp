// SPDX-License-Identifier: GPL-3.0-or-later
// Smooth random fields and what is made of them.
#include "core/demo/backgrounds.h"

#include "core/demo/fixed_point.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace clwb::demo
{
namespace
{

// A small grid of colours enlarged by the cubic kernel: soft, and without the grid showing.
void paintField(Image& image, int columns, int rows, const std::vector<Colour>& nodes)
{
    Image grid = blankImage(columns, rows);
    for (size_t node = 0; node < nodes.size(); ++node)
        std::copy(nodes[node].begin(), nodes[node].end(),
                  grid.pixels.begin() + static_cast<std::ptrdiff_t>(3 * node));
    image = resized(grid, image.width, image.height);
}

Colour mixedColour(const Colour& from, const Colour& to, int t256)
{
    Colour mixed{};
    for (size_t channel = 0; channel < 3; ++channel)
        mixed[channel] = toByte(blended(from[channel], to[channel], t256));
    return mixed;
}

Colour varied(const Colour& colour, int amplitude, Dice& dice)
{
    const int shade = dice.around(amplitude);
    Colour result{};
    for (size_t channel = 0; channel < 3; ++channel)
        result[channel] = toByte(colour[channel] + shade + dice.around(amplitude / 3));
    return result;
}

void paintGradient(Image& image, int vividness, Dice& dice)
{
    const Colour first = randomColour(vividness, dice);
    const Colour last = mixedColour(first, randomColour(vividness, dice), dice.between(60, 200));
    const Colour between = mixedColour(first, last, 128);
    if (dice.chance(50))
        paintField(image, 2, 2, {first, between, between, last});
    else
        paintField(image, 2, 2, {between, first, last, between});
}

// Neighbouring colours come from a few parents, as in an out-of-focus photograph.
void paintColourField(Image& image, int vividness, Dice& dice)
{
    const int columns = dice.between(2, 5);
    const int rows = dice.between(2, 5);
    const std::vector<Colour> parents{randomColour(vividness, dice), randomColour(vividness, dice),
                                      randomColour(vividness, dice)};
    std::vector<Colour> nodes(static_cast<size_t>(columns) * static_cast<size_t>(rows));
    for (Colour& node : nodes)
        node = varied(mixedColour(dice.pick(parents), dice.pick(parents), dice.between(0, 256)), 40,
                      dice);
    paintField(image, columns, rows, nodes);
}

void paintRoom(Image& image, int vividness, Dice& dice)
{
    const Colour wall = randomColour(vividness, dice);
    const Colour floor = randomColour(vividness, dice);
    Image lower = image;
    paintField(image, 3, 2,
               {varied(wall, 24, dice), varied(wall, 12, dice), varied(wall, 24, dice),
                varied(wall, 30, dice), varied(wall, 30, dice), varied(wall, 30, dice)});
    paintField(lower, 3, 2,
               {varied(floor, 30, dice), varied(floor, 30, dice), varied(floor, 30, dice),
                varied(floor, 24, dice), varied(floor, 12, dice), varied(floor, 24, dice)});
    const int edge = image.height * dice.between(110, 200); // 1/256 pixel from the top
    const int softness = std::max(256, image.height * dice.between(4, 40));
    const size_t stride = 3 * static_cast<size_t>(image.width);
    for (int y = 0; y < image.height; ++y) {
        const int way = eased(std::clamp((256 * y - edge) * 256 / softness + 128, 0, 256));
        for (size_t at = static_cast<size_t>(y) * stride; at < static_cast<size_t>(y + 1) * stride;
             ++at)
            image.pixels[at] = toByte(blended(image.pixels[at], lower.pixels[at], way));
    }
}

void paintDisc(Image& image, int centreX, int centreY, int radius, const Colour& colour,
               int strength)
{
    const int reach = radius * radius;
    const int rim = std::max(1, reach / 4);
    for (int y = std::max(0, centreY - radius); y < std::min(image.height, centreY + radius); ++y) {
        for (int x = std::max(0, centreX - radius); x < std::min(image.width, centreX + radius);
             ++x) {
            const int distance = (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY);
            const int inside = std::clamp((reach - distance) * 256 / rim, 0, 256);
            if (inside == 0)
                continue;
            uint8_t* pixel = image.pixels.data() +
                             3 * (static_cast<size_t>(y) * static_cast<size_t>(image.width) +
                                  static_cast<size_t>(x));
            const int cover = scaled(eased(inside), strength);
            for (size_t channel = 0; channel < 3; ++channel)
                pixel[channel] = toByte(blended(pixel[channel], colour[channel], cover));
        }
    }
}

void paintBokeh(Image& image, int vividness, Dice& dice)
{
    paintColourField(image, vividness, dice);
    const int longer = std::max(image.width, image.height);
    const Colour light = randomColour(vividness, dice);
    const int count = dice.between(5, 12);
    for (int i = 0; i < count; ++i) {
        const Colour colour =
            mixedColour(varied(light, 40, dice), {255, 255, 255}, dice.between(0, 128));
        paintDisc(image, dice.between(0, image.width), dice.between(0, image.height),
                  std::max(2, longer * dice.between(4, 14) / 100), colour, dice.between(40, 130));
    }
}

} // namespace

Colour randomColour(int vividness, Dice& dice)
{
    const uint64_t bits = dice.bits();
    const int pale = 200 + static_cast<int>(bits >> 24 & 0x1f);
    std::array<int, 3> any{};
    for (size_t channel = 0; channel < 3; ++channel)
        any[channel] = static_cast<int>(bits >> (8 * channel + 32) & 0xff);
    // The world is seldom neon: colours are drawn towards their own grey, some a lot.
    const int grey = (77 * any[0] + 150 * any[1] + 29 * any[2]) >> 8;
    const int dullness = static_cast<int>(bits >> 8 & 0x7f) + 64;
    Colour colour{};
    for (size_t channel = 0; channel < 3; ++channel)
        colour[channel] = toByte(blended(pale, blended(any[channel], grey, dullness), vividness));
    return colour;
}

void addTexture(Image& image, int cells, int amplitude, Dice& dice)
{
    const int longer = std::max(image.width, image.height);
    Image relief = blankImage(std::max(2, cells * image.width / longer),
                              std::max(2, cells * image.height / longer));
    for (size_t at = 0; at < relief.pixels.size(); at += 3) {
        const uint8_t height = toByte(128 + dice.around(amplitude));
        std::fill_n(relief.pixels.begin() + static_cast<std::ptrdiff_t>(at), 3, height);
    }
    relief = resized(relief, image.width, image.height);
    for (size_t at = 0; at < image.pixels.size(); ++at)
        image.pixels[at] = toByte(image.pixels[at] + relief.pixels[at] - 128);
}

void paintGround(Image& image, Ground ground, int vividness, Dice& dice)
{
    switch (ground) {
    case Ground::White:
        std::fill(image.pixels.begin(), image.pixels.end(), uint8_t{255});
        return;
    case Ground::Plain: {
        const Colour colour = randomColour(vividness, dice);
        return paintField(image, 1, 1, {colour});
    }
    case Ground::Gradient:
        return paintGradient(image, vividness, dice);
    case Ground::ColourField:
        return paintColourField(image, vividness, dice);
    case Ground::Room:
        return paintRoom(image, vividness, dice);
    case Ground::Bokeh:
        return paintBokeh(image, vividness, dice);
    }
}

} // namespace clwb::demo
