// SPDX-License-Identifier: GPL-3.0-or-later
// Trims, premultiplies and halves drawings; reads them from PNG files.
#include "core/demo/drawing.h"

#include "core/base/file.h"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <array>

namespace clwb::demo
{
namespace
{

constexpr int kVisibleAlpha = 24;
constexpr int kSmallestContent = 8;

struct Bounds
{
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

Bounds visibleBounds(int width, int height, std::span<const uint8_t> rgba)
{
    Bounds box{width, height, 0, 0};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const size_t at =
                4 * (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x));
            if (rgba[at + 3] < kVisibleAlpha)
                continue;
            box.x0 = std::min(box.x0, x);
            box.y0 = std::min(box.y0, y);
            box.x1 = std::max(box.x1, x + 1);
            box.y1 = std::max(box.y1, y + 1);
        }
    }
    return box;
}

uint32_t premultiplied(const uint8_t* pixel)
{
    const uint32_t alpha = pixel[3];
    uint32_t packed = alpha << 24;
    for (int channel = 0; channel < 3; ++channel)
        packed |= ((pixel[channel] * alpha + 127) / 255) << (8 * channel);
    return packed;
}

// The content square rounded up to even, so that every halving keeps the centre.
Drawing::Level trimmedLevel(int width, std::span<const uint8_t> rgba, const Bounds& box)
{
    const int longer = std::max(box.x1 - box.x0, box.y1 - box.y0);
    Drawing::Level level;
    level.side = (longer + 1) / 2 * 2 + 2;
    level.extent = 256 * longer;
    level.pixels.assign(static_cast<size_t>(level.side) * static_cast<size_t>(level.side), 0);
    const int left = (level.side - (box.x1 - box.x0)) / 2;
    const int top = (level.side - (box.y1 - box.y0)) / 2;
    for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x) {
            const size_t from =
                4 * (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x));
            const size_t to =
                static_cast<size_t>(y - box.y0 + top) * static_cast<size_t>(level.side) +
                static_cast<size_t>(x - box.x0 + left);
            level.pixels[to] = premultiplied(&rgba[from]);
        }
    }
    return level;
}

uint32_t pixelAt(const Drawing::Level& level, int x, int y)
{
    if (x < 0 || y < 0 || x >= level.side || y >= level.side)
        return 0;
    return level
        .pixels[static_cast<size_t>(y) * static_cast<size_t>(level.side) + static_cast<size_t>(x)];
}

// Means of 2×2 pixels; a content side that isn't a multiple of 4 gains a transparent rim.
Drawing::Level halved(const Drawing::Level& level)
{
    Drawing::Level half;
    half.side = (level.contentSide() + 3) / 4 * 2 + 2;
    half.extent = level.extent / 2;
    half.pixels.assign(static_cast<size_t>(half.side) * static_cast<size_t>(half.side), 0);
    const int shift = (2 * half.contentSide() - level.contentSide()) / 2;
    for (int y = 1; y + 1 < half.side; ++y) {
        for (int x = 1; x + 1 < half.side; ++x) {
            std::array<uint32_t, 4> sum{2, 2, 2, 2};
            for (int part = 0; part < 4; ++part) {
                const uint32_t pixel = pixelAt(level, 2 * (x - 1) + (part & 1) + 1 - shift,
                                               2 * (y - 1) + (part >> 1) + 1 - shift);
                for (size_t channel = 0; channel < 4; ++channel)
                    sum[channel] += (pixel >> (8 * channel)) & 0xff;
            }
            uint32_t packed = 0;
            for (size_t channel = 0; channel < 4; ++channel)
                packed |= (sum[channel] / 4) << (8 * channel);
            half.pixels[static_cast<size_t>(y) * static_cast<size_t>(half.side) +
                        static_cast<size_t>(x)] = packed;
        }
    }
    return half;
}

// Three running means in each direction come close to a Gaussian.
std::vector<uint8_t> blurredOutline(const Drawing::Level& level)
{
    constexpr int side = Drawing::kShadowSide;
    constexpr int content = side / 2;
    constexpr int radius = 2;
    std::vector<int> alpha(size_t{side} * side, 0);
    for (int y = 0; y < content; ++y) {
        for (int x = 0; x < content; ++x) {
            const uint32_t pixel = pixelAt(level, 1 + (2 * x + 1) * level.contentSide() / side,
                                           1 + (2 * y + 1) * level.contentSide() / side);
            alpha[size_t{side} * static_cast<size_t>(y + content / 2) +
                  static_cast<size_t>(x + content / 2)] = static_cast<int>(pixel >> 24);
        }
    }
    for (int pass = 0; pass < 6; ++pass) {
        const int step = pass % 2 == 0 ? 1 : side;
        const std::vector<int> source = alpha;
        for (int at = 0; at < side * side; ++at) {
            const int position = step == 1 ? at % side : at / side;
            int sum = 0;
            for (int offset = -radius; offset <= radius; ++offset) {
                if (position + offset >= 0 && position + offset < side)
                    sum += source[static_cast<size_t>(at + ptrdiff_t{offset} * step)];
            }
            alpha[static_cast<size_t>(at)] = sum / (2 * radius + 1);
        }
    }
    return {alpha.begin(), alpha.end()};
}

} // namespace

Result<Drawing> Drawing::fromRgba(int width, int height, std::span<const uint8_t> rgba)
{
    if (width < 1 || height < 1 || width > 4096 || height > 4096 ||
        rgba.size() != 4 * static_cast<size_t>(width) * static_cast<size_t>(height))
        return fail(ErrorCode::Data, "drawing: expected RGBA pixels of 1 to 4096 a side, got " +
                                         std::to_string(width) + "×" + std::to_string(height));
    const Bounds box = visibleBounds(width, height, rgba);
    if (box.x1 <= box.x0)
        return fail(ErrorCode::Data, "drawing: expected something visible, got only transparency");
    Drawing drawing;
    drawing.m_levels.push_back(trimmedLevel(width, rgba, box));
    while (drawing.m_levels.back().contentSide() >= 2 * kSmallestContent)
        drawing.m_levels.push_back(halved(drawing.m_levels.back()));
    size_t coarse = 0;
    while (coarse + 1 < drawing.m_levels.size() &&
           drawing.m_levels[coarse + 1].contentSide() >= kShadowSide / 2)
        ++coarse;
    drawing.m_shadow = blurredOutline(drawing.m_levels[coarse]);
    return drawing;
}

Result<Drawing> Drawing::fromPng(const std::filesystem::path& path)
{
    CLWB_ASSIGN(const std::string bytes, readFile(path, 16u << 20));
    constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
    if (!bytes.starts_with(signature))
        return fail(ErrorCode::Data, "drawing: " + path.string() + ": expected a PNG file");
    cv::Mat decoded;
    try {
        const std::vector<uint8_t> buffer(bytes.begin(), bytes.end());
        decoded = cv::imdecode(buffer, cv::IMREAD_UNCHANGED);
    } catch (const cv::Exception&) {
        decoded.release();
    }
    if (decoded.empty() || decoded.type() != CV_8UC4)
        return fail(ErrorCode::Data,
                    "drawing: " + path.string() + ": expected a PNG with 8-bit RGBA pixels");
    std::vector<uint8_t> rgba(4 * decoded.total());
    for (int y = 0; y < decoded.rows; ++y) {
        const uint8_t* row = decoded.ptr<uint8_t>(y);
        uint8_t* to = rgba.data() + 4 * static_cast<size_t>(y) * static_cast<size_t>(decoded.cols);
        for (int x = 0; x < decoded.cols; ++x, row += 4, to += 4) {
            to[0] = row[2]; // OpenCV keeps blue first
            to[1] = row[1];
            to[2] = row[0];
            to[3] = row[3];
        }
    }
    auto drawing = fromRgba(decoded.cols, decoded.rows, rgba);
    if (!drawing)
        return Failure(std::move(drawing).error().in(path.string()));
    return drawing;
}

} // namespace clwb::demo
