// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/resample.h"

#include "core/base/check.h"
#include "core/data/resample_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

namespace clwb::data
{
namespace
{

/// Keys' cubic with a = −0.5.
double cubic(double x)
{
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    if (x < 2.0)
        return (((x - 5) * x + 8) * x - 4) * a;
    return 0.0;
}

/// Owns what ResampleTaps points to, for the result pixels [from, to).
struct Taps
{
    std::vector<int> first;
    std::vector<int> count;
    std::vector<int32_t> weights;
    int stride = 0;

    Taps(int sourceSize, int targetSize, int from, int to);
    [[nodiscard]] ResampleTaps view() const
    {
        return {first.data(), count.data(), weights.data(), stride, static_cast<int>(first.size())};
    }
    [[nodiscard]] int lastSource() const
    {
        int last = 0;
        for (size_t i = 0; i < first.size(); ++i)
            last = std::max(last, first[i] + count[i]);
        return last;
    }
};

Taps::Taps(int sourceSize, int targetSize, int from, int to)
{
    const double scale = static_cast<double>(sourceSize) / targetSize;
    const double filterScale = std::max(scale, 1.0);
    const double support = 2.0 * filterScale;
    stride = (static_cast<int>(std::ceil(support)) * 2 + 2) & ~1;
    const auto size = static_cast<size_t>(to - from);
    first.resize(size);
    count.resize(size);
    weights.assign(size * static_cast<size_t>(stride), 0);
    std::vector<double> exact(static_cast<size_t>(stride));
    const double factor = 1.0 / filterScale;
    for (size_t i = 0; i < size; ++i) {
        const double centre = (static_cast<double>(from) + static_cast<double>(i) + 0.5) * scale;
        const int begin = std::max(0, static_cast<int>(centre - support + 0.5));
        const int end = std::min(sourceSize, static_cast<int>(centre + support + 0.5));
        double sum = 0;
        for (int k = 0; k < end - begin; ++k) {
            exact[static_cast<size_t>(k)] = cubic((k + begin - centre + 0.5) * factor);
            sum += exact[static_cast<size_t>(k)];
        }
        int32_t* target = weights.data() + i * static_cast<size_t>(stride);
        for (int k = 0; k < end - begin; ++k) {
            const double weight =
                (sum != 0.0 ? exact[static_cast<size_t>(k)] / sum : exact[static_cast<size_t>(k)]) *
                (1 << kWeightBits);
            target[k] = static_cast<int32_t>(weight < 0 ? weight - 0.5 : weight + 0.5);
        }
        first[i] = begin;
        count[i] = end - begin;
    }
}

/// Copies a window of unchanged pixels.
void copyWindow(const PixelView& source, const PixelBox& window, uint8_t* out, size_t outRowBytes)
{
    const size_t bytes = 3 * static_cast<size_t>(window.x1 - window.x0);
    for (int y = window.y0; y < window.y1; ++y, out += outRowBytes) {
        std::memcpy(out,
                    source.pixels + static_cast<size_t>(y) * source.rowBytes +
                        3 * static_cast<size_t>(window.x0),
                    bytes);
    }
}

/// Rows [from, to) of the source resampled in x.
std::vector<uint8_t> horizontalPass(const PixelView& source, const Taps& taps, int from, int to,
                                    HorizontalKernel kernel)
{
    const size_t outBytes = 3 * taps.first.size();
    std::vector<uint8_t> result(outBytes * static_cast<size_t>(to - from));
    // The kernels read a little past a row: the last rows go through a padded copy.
    const size_t rowBytes = 3 * static_cast<size_t>(source.width);
    std::vector<uint8_t> padded(rowBytes + 16);
    const int rowsWithSlack =
        source.height - 1 - static_cast<int>(16 / std::max<size_t>(source.rowBytes, 1));
    for (int y = from; y < to; ++y) {
        const uint8_t* row = source.pixels + static_cast<size_t>(y) * source.rowBytes;
        if (y >= rowsWithSlack) {
            std::memcpy(padded.data(), row, rowBytes);
            row = padded.data();
        }
        kernel(row, taps.view(), result.data() + outBytes * static_cast<size_t>(y - from));
    }
    return result;
}

} // namespace

PixelView viewOf(const Image& image, const PixelBox& box)
{
    const PixelBox whole{0, 0, image.width, image.height};
    const PixelBox part = box.isWholeImage() ? whole : box;
    CLWB_CHECK(part.x0 >= 0 && part.y0 >= 0 && part.x1 <= image.width && part.y1 <= image.height &&
               part.x1 > part.x0 && part.y1 > part.y0);
    return {image.at(part.x0, part.y0), part.x1 - part.x0, part.y1 - part.y0,
            3 * static_cast<size_t>(image.width)};
}

void resizeBicubic(const PixelView& source, const ResizeTarget& target, uint8_t* out,
                   size_t outRowBytes)
{
    const PixelBox& window = target.window;
    CLWB_CHECK(source.width > 0 && source.height > 0 && window.x0 >= 0 && window.y0 >= 0 &&
               window.x1 > window.x0 && window.y1 > window.y0 && window.x1 <= target.width &&
               window.y1 <= target.height);
    const ResampleKernels kernels = bestKernels();
    const bool isWide = target.width != source.width;
    const bool isTall = target.height != source.height;
    if (!isWide && !isTall)
        return copyWindow(source, window, out, outRowBytes);

    const int kept = window.x1 - window.x0;
    int firstRow = window.y0;
    int lastRow = window.y1;
    std::optional<Taps> vertical;
    if (isTall) {
        vertical.emplace(source.height, target.height, window.y0, window.y1);
        firstRow = vertical->first.front();
        lastRow = vertical->lastSource();
    }
    PixelView rows{source.pixels + static_cast<size_t>(firstRow) * source.rowBytes +
                       3 * static_cast<size_t>(window.x0),
                   kept, lastRow - firstRow, source.rowBytes};
    std::vector<uint8_t> resampled;
    if (isWide) {
        const Taps horizontal(source.width, target.width, window.x0, window.x1);
        resampled = horizontalPass(source, horizontal, firstRow, lastRow, kernels.horizontal);
        rows = {resampled.data(), kept, lastRow - firstRow, 3 * static_cast<size_t>(kept)};
    }
    if (!isTall)
        return copyWindow(rows, {0, 0, kept, rows.height}, out, outRowBytes);
    for (size_t y = 0; y < vertical->first.size(); ++y) {
        kernels.vertical(
            rows.pixels + static_cast<size_t>(vertical->first[y] - firstRow) * rows.rowBytes,
            rows.rowBytes, vertical->weights.data() + y * static_cast<size_t>(vertical->stride),
            vertical->count[y], out + y * outRowBytes, 3 * static_cast<size_t>(kept));
    }
}

int centreOffset(int size, int kept)
{
    const int difference = size - kept;
    const int half = difference / 2;
    return difference % 2 == 0 ? half : half + (half & 1);
}

void preparePicture(const Image& image, const PixelBox& box, int side, std::string_view geometry,
                    uint8_t* out)
{
    const PixelView source = viewOf(image, box);
    const size_t rowBytes = 3 * static_cast<size_t>(side);
    if (geometry == "squash")
        return resizeBicubic(source, {side, side, {0, 0, side, side}}, out, rowBytes);
    const bool isWide = source.width > source.height;
    const int64_t longSide = std::max(source.width, source.height);
    const int64_t shortSide = std::min(source.width, source.height);
    if (geometry == "pad") {
        const int other = static_cast<int>(std::max<int64_t>(1, side * shortSide / longSide));
        const int width = isWide ? side : other;
        const int height = isWide ? other : side;
        std::fill_n(out, rowBytes * static_cast<size_t>(side), uint8_t(0));
        const auto x = static_cast<size_t>(centreOffset(side, width));
        const auto y = static_cast<size_t>(centreOffset(side, height));
        return resizeBicubic(source, {width, height, {0, 0, width, height}},
                             out + y * rowBytes + 3 * x, rowBytes);
    }
    CLWB_CHECK(geometry == "clip", geometry);
    const int other = static_cast<int>(side * longSide / shortSide);
    const int width = isWide ? other : side;
    const int height = isWide ? side : other;
    const int x = centreOffset(width, side);
    const int y = centreOffset(height, side);
    resizeBicubic(source, {width, height, {x, y, x + side, y + side}}, out, rowBytes);
}

} // namespace clwb::data
