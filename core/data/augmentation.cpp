// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augmentation.h"

#include "core/base/random_stream.h"
#include "core/data/resample.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace clwb::data
{

PixelBox augmentationBox(const Augmentation& augmentation, std::string_view itemId, int side)
{
    RandomStream stream =
        RandomStream::named(augmentation.seed, "augmentation/" + std::string(itemId),
                            {augmentation.session, augmentation.epoch});
    const double area = static_cast<double>(side) * side;
    for (int attempt = 0; attempt < 10; ++attempt) {
        const double wanted = area * (0.9 + 0.1 * stream.uniform());
        const double limit = std::log(4.0 / 3.0);
        const double ratio = std::exp(limit * (2 * stream.uniform() - 1));
        const int width = static_cast<int>(std::lround(std::sqrt(wanted * ratio)));
        const int height = static_cast<int>(std::lround(std::sqrt(wanted / ratio)));
        if (width < 1 || height < 1 || width > side || height > side)
            continue;
        const int x = static_cast<int>(stream.below(static_cast<uint64_t>(side - width) + 1));
        const int y = static_cast<int>(stream.below(static_cast<uint64_t>(side - height) + 1));
        return {x, y, x + width, y + height};
    }
    return {0, 0, side, side};
}

void augmentPicture(const Augmentation& augmentation, std::string_view itemId, int side,
                    uint8_t* picture)
{
    const PixelBox box = augmentationBox(augmentation, itemId, side);
    const size_t rowBytes = 3 * static_cast<size_t>(side);
    Image whole{side, side, {picture, picture + rowBytes * static_cast<size_t>(side)}};
    resizeBicubic(viewOf(whole, box), {side, side, {0, 0, side, side}}, picture, rowBytes);
}

} // namespace clwb::data
