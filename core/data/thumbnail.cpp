// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/thumbnail.h"

#include "core/data/resample.h"

#include <algorithm>
#include <vector>

#ifdef CLWB_WITH_OPENCV
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#endif

namespace clwb::data
{

#ifdef CLWB_WITH_OPENCV
std::string encodeThumbnail(const uint8_t* pixels, int side, int target)
{
    const int size = std::clamp(target, 1, side);
    std::vector<uint8_t> small(3 * static_cast<size_t>(size) * static_cast<size_t>(size));
    const auto rowBytes = [](int width) { return 3 * static_cast<size_t>(width); };
    resizeBicubic({pixels, side, side, rowBytes(side)}, {size, size, {0, 0, size, size}},
                  small.data(), rowBytes(size));
    try {
        const cv::Mat rgb(size, size, CV_8UC3, small.data());
        cv::Mat blueFirst;
        cv::cvtColor(rgb, blueFirst, cv::COLOR_RGB2BGR);
        std::vector<uint8_t> bytes;
        // Optimised tables: the usual ones alone would take a fifth of so small a file.
        if (!cv::imencode(
                ".jpg", blueFirst, bytes,
                {cv::IMWRITE_JPEG_QUALITY, kThumbnailQuality, cv::IMWRITE_JPEG_OPTIMIZE, 1}))
            return {};
        return {bytes.begin(), bytes.end()};
    } catch (const cv::Exception&) {
        return {};
    }
}
#else
std::string encodeThumbnail(const uint8_t* /*pixels*/, int /*side*/, int /*target*/)
{
    return {};
}
#endif

} // namespace clwb::data
