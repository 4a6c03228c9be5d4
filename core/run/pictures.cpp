// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pictures.h"

#include "core/data/image_decode.h"
#include "core/data/image_probe.h"

#include <algorithm>
#include <mutex>

namespace clwb::run
{
namespace
{

constexpr int64_t kLargePixels = 12'000'000; // 36 MB of pixels, as much again in the decoder

std::mutex& largePictures()
{
    static std::mutex mutex; // held while a large picture is in memory
    return mutex;
}

Image cut(Image image, const PixelBox& box)
{
    if (box.isWholeImage())
        return image;
    Image part;
    part.width = box.x1 - box.x0;
    part.height = box.y1 - box.y0;
    part.pixels.reserve(3 * static_cast<size_t>(part.width) * static_cast<size_t>(part.height));
    for (int y = box.y0; y < box.y1; ++y) {
        const uint8_t* row = image.at(box.x0, y);
        part.pixels.insert(part.pixels.end(), row, row + 3 * static_cast<size_t>(part.width));
    }
    return part;
}

} // namespace

Result<Image> loadPicture(const std::filesystem::path& file, const PixelBox& box,
                          std::string_view exifOrientation)
{
    try {
        CLWB_ASSIGN(const data::ImageHeader header,
                    data::probeImageFile(file, data::Wholeness::Skip)); // decoding checks the rest
        std::unique_lock large(largePictures(), std::defer_lock);
        if (int64_t(header.width) * header.height > kLargePixels)
            large.lock();
        CLWB_ASSIGN(Image image,
                    data::decodeImageFile(file, data::orientationFromText(exifOrientation)));
        const bool isInside = box.isWholeImage() ||
                              (box.x0 >= 0 && box.y0 >= 0 && box.x1 > box.x0 && box.y1 > box.y0 &&
                               box.x1 <= image.width && box.y1 <= image.height);
        if (!isInside) {
            return fail(ErrorCode::Data, "the image is " + std::to_string(image.width) + "×" +
                                             std::to_string(image.height) +
                                             ", smaller than the box");
        }
        return cut(std::move(image), box);
    } catch (const std::exception& exception) { // a decoder out of memory, say
        return fail(ErrorCode::Data, exception.what());
    }
}

Result<Image> decodePicture(std::span<const uint8_t> content)
{
    try {
        return data::decodeImage(content, data::Orientation::Ignore);
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Data, exception.what());
    }
}

} // namespace clwb::run
