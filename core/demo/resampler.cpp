// SPDX-License-Identifier: GPL-3.0-or-later
// Separable smooth resizing with integer weights.
#include "core/base/check.h"
#include "core/demo/compositor.h"
#include "core/demo/fixed_point.h"

#include <algorithm>
#include <cstdlib>

namespace clwb::demo
{
namespace
{

// Weights of one output position; they sum to 1 << 14.
struct Taps
{
    int first = 0;
    int count = 0;
    size_t begin = 0; ///< into Kernel::weights
};

struct Kernel
{
    std::vector<Taps> taps;
    std::vector<int> weights;
};

constexpr int kWeightOne = 1 << 14;

// The cubic of Mitchell and Netravali with B = C = 1/3, times 18; distance in 1/256.
int64_t cubic(int64_t distance)
{
    const int64_t t = std::abs(distance);
    const int64_t t2 = t * t;
    if (t < 256)
        return 21 * t2 * t - 36 * t2 * 256 + 16LL * 256 * 256 * 256;
    if (t < 512)
        return -7 * t2 * t + 36 * t2 * 256 - 60 * t * 256 * 256 + 32LL * 256 * 256 * 256;
    return 0;
}

Kernel kernelFor(int from, int to)
{
    Kernel kernel;
    // A shrinking kernel is widened so that every source pixel counts.
    const int64_t widening = std::max<int64_t>(256, int64_t{256} * from / to);
    const int64_t reach = 2 * widening;
    for (int position = 0; position < to; ++position) {
        const int64_t centre = (int64_t{2} * position + 1) * from * 128 / to; // 1/256 pixel
        Taps taps;
        taps.first = static_cast<int>(std::max<int64_t>(0, (centre - reach) >> 8));
        const int last = static_cast<int>(std::min<int64_t>(from - 1, (centre + reach) >> 8));
        taps.count = last - taps.first + 1;
        taps.begin = kernel.weights.size();
        std::vector<int64_t> raw;
        int64_t sum = 0;
        for (int source = taps.first; source <= last; ++source) {
            raw.push_back(cubic((int64_t{256} * source + 128 - centre) * 256 / widening));
            sum += raw.back();
        }
        int rest = kWeightOne;
        for (const int64_t weight : raw) {
            kernel.weights.push_back(static_cast<int>(weight * kWeightOne / sum));
            rest -= kernel.weights.back();
        }
        kernel.weights[taps.begin + static_cast<size_t>(taps.count) / 2] += rest;
        kernel.taps.push_back(taps);
    }
    return kernel;
}

// Resizes rows of `stride` samples: `lines` lines, each position is `step` samples apart.
struct Pass
{
    size_t lines = 0;
    size_t fromLine = 0; ///< samples from one line to the next in the source
    size_t toLine = 0;
    size_t step = 0; ///< samples from one position to the next, both sides
};

void runPass(const std::vector<uint8_t>& from, std::vector<uint8_t>& to, const Kernel& kernel,
             const Pass& pass)
{
    for (size_t line = 0; line < pass.lines; ++line) {
        for (size_t position = 0; position < kernel.taps.size(); ++position) {
            const Taps& taps = kernel.taps[position];
            const uint8_t* source =
                from.data() + line * pass.fromLine + static_cast<size_t>(taps.first) * pass.step;
            const int* weights = kernel.weights.data() + taps.begin;
            std::array<int, 3> sum{kWeightOne / 2, kWeightOne / 2, kWeightOne / 2};
            for (int tap = 0; tap < taps.count; ++tap, source += pass.step) {
                for (size_t channel = 0; channel < 3; ++channel)
                    sum[channel] += weights[tap] * source[channel];
            }
            uint8_t* target = to.data() + line * pass.toLine + position * pass.step;
            for (size_t channel = 0; channel < 3; ++channel)
                target[channel] = toByte(sum[channel] >> 14);
        }
    }
}

} // namespace

Image resized(const Image& image, int width, int height)
{
    CLWB_CHECK(!image.isEmpty() && width > 0 && height > 0 && width <= 8192 && height <= 8192);
    const auto oldWidth = static_cast<size_t>(image.width);
    const auto oldHeight = static_cast<size_t>(image.height);
    const auto newWidth = static_cast<size_t>(width);
    std::vector<uint8_t> wide(3 * newWidth * oldHeight);
    runPass(image.pixels, wide, kernelFor(image.width, width),
            {oldHeight, 3 * oldWidth, 3 * newWidth, 3});
    Image result = blankImage(width, height);
    runPass(wide, result.pixels, kernelFor(image.height, height), {newWidth, 3, 3, 3 * newWidth});
    return result;
}

} // namespace clwb::demo
