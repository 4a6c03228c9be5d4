// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_decode.h"

#include "core/data/byte_source.h"
#include "core/data/image_probe.h"

#include <cstring>
#include <optional>
#include <string>

#ifdef CLWB_WITH_OPENCV
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#endif

namespace clwb::data
{
namespace
{

Image emptyImage(int width, int height)
{
    Image image;
    image.width = width;
    image.height = height;
    image.pixels.resize(3 * static_cast<size_t>(width) * static_cast<size_t>(height));
    return image;
}

/// Uncompressed 24- and 32-bit BMP, so that small worlds need no decoder; nothing for the others.
/// The probe made sure that all rows are there.
std::optional<Image> decodePlainBmp(std::span<const uint8_t> content, const ImageHeader& header)
{
    const bool isPlain = little(content, 14, 4) >= 40 && little(content, 30, 4) == 0;
    const size_t bits = little(content, 28, 2);
    if (!isPlain || (bits != 24 && bits != 32))
        return std::nullopt;
    const bool isTopDown = static_cast<int32_t>(little(content, 22, 4)) < 0;
    const size_t width = static_cast<size_t>(header.width);
    const size_t height = static_cast<size_t>(header.height);
    const size_t step = bits / 8;
    const size_t rowBytes = (width * bits + 31) / 32 * 4;
    const size_t offset = little(content, 10, 4);
    Image image = emptyImage(header.width, header.height);
    for (size_t y = 0; y < height; ++y) {
        const uint8_t* row = content.data() + offset + rowBytes * (isTopDown ? y : height - 1 - y);
        uint8_t* out = image.pixels.data() + 3 * width * y;
        for (size_t x = 0; x < width; ++x) {
            out[3 * x] = row[step * x + 2];
            out[3 * x + 1] = row[step * x + 1];
            out[3 * x + 2] = row[step * x];
        }
    }
    return image;
}

#ifdef CLWB_WITH_OPENCV
Result<Image> decodeWithLibrary(std::span<const uint8_t> content, const ImageHeader& header)
{
    try {
        const cv::Mat bytes(1, static_cast<int>(content.size()), CV_8UC1,
                            const_cast<uint8_t*>(content.data())); // only read
        const cv::Mat decoded =
            cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
        if (decoded.empty() || decoded.type() != CV_8UC3)
            return fail(ErrorCode::Data, "damaged image data");
        if (decoded.cols != header.width || decoded.rows != header.height)
            return fail(ErrorCode::Data, "image data of another size than its header says");
        Image image = emptyImage(decoded.cols, decoded.rows);
        cv::Mat target(image.height, image.width, CV_8UC3, image.pixels.data());
        cv::cvtColor(decoded, target, cv::COLOR_BGR2RGB);
        return image;
    } catch (const cv::Exception& exception) {
        return fail(ErrorCode::Data, "damaged image data: " + exception.err);
    }
}
#else
Result<Image> decodeWithLibrary(std::span<const uint8_t> /*content*/, const ImageHeader& /*header*/)
{
    return fail(ErrorCode::Data, "not in the picture cache, and this build has no image decoder",
                "fill the cache once with a build that has OpenCV, then use the same folder here");
}
#endif

} // namespace

Orientation orientationFromText(std::string_view text)
{
    return text == "apply" ? Orientation::Apply : Orientation::Ignore;
}

bool hasImageDecoder()
{
#ifdef CLWB_WITH_OPENCV
    return true;
#else
    return false;
#endif
}

Image oriented(Image image, int orientation)
{
    if (orientation < 2 || orientation > 8)
        return image;
    const bool isSwapped = orientation >= 5;
    const int width = isSwapped ? image.height : image.width;
    const int height = isSwapped ? image.width : image.height;
    const bool mirrorsX =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool mirrorsY =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    Image turned = emptyImage(width, height);
    uint8_t* out = turned.pixels.data();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x, out += 3) {
            int fromX = isSwapped ? y : x;
            int fromY = isSwapped ? x : y;
            if (mirrorsX)
                fromX = image.width - 1 - fromX;
            if (mirrorsY)
                fromY = image.height - 1 - fromY;
            std::memcpy(out, image.at(fromX, fromY), 3);
        }
    }
    return turned;
}

Result<Image> decodeImage(std::span<const uint8_t> content, Orientation orientation)
{
    CLWB_ASSIGN(const ImageHeader header, probeImage(content));
    std::optional<Image> plain;
    if (header.format == ImageFormat::Bmp)
        plain = decodePlainBmp(content, header);
    Result<Image> image =
        plain ? Result<Image>(std::move(*plain)) : decodeWithLibrary(content, header);
    if (image && orientation == Orientation::Apply)
        *image = oriented(std::move(*image), header.orientation);
    return image;
}

Result<Image> decodeImageFile(const std::filesystem::path& file, Orientation orientation)
{
    CLWB_ASSIGN(const std::vector<uint8_t> content, readImageBytes(file));
    return decodeImage(content, orientation);
}

} // namespace clwb::data
