// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_probe.h"

#include "core/data/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace clwb::data
{
namespace
{

using Bytes = std::span<const uint8_t>;

/// How the end of a JPEG is looked for.
enum class JpegEnd {
    Walk,   ///< over all scans
    Tail,   ///< in the last bytes, where a JPEG has one scan
    Nowhere ///< only its header counts
};

constexpr const char* kCutJpeg = "JPEG without its end marker (cut off)";

uint32_t big(Bytes bytes, size_t at, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; ++i)
        value = (value << 8) | bytes[at + i];
    return value;
}

bool startsWith(Bytes bytes, std::string_view text, size_t at = 0)
{
    return bytes.size() >= at + text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char c, uint8_t b) { return static_cast<uint8_t>(c) == b; });
}

Failure bad(std::string reason)
{
    return fail(ErrorCode::Data, std::move(reason));
}

/// Orientation out of a TIFF structure (the body of an EXIF block); 1 when it has none.
int orientationOf(Bytes tiff)
{
    if (tiff.size() < 8)
        return 1;
    const bool isLittle = startsWith(tiff, "II");
    if (!isLittle && !startsWith(tiff, "MM"))
        return 1;
    const auto number = [&](size_t at, size_t count) {
        return isLittle ? little(tiff, at, count) : big(tiff, at, count);
    };
    const size_t directory = number(4, 4);
    if (directory > tiff.size() - 2)
        return 1;
    const size_t entries = number(directory, 2);
    for (size_t i = 0; i < entries; ++i) {
        const size_t at = directory + 2 + 12 * i;
        if (at + 12 > tiff.size())
            return 1;
        if (number(at, 2) != 0x0112 || number(at + 2, 2) != 3)
            continue;
        const uint32_t value = number(at + 8, 2);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

/// Walks the scans of a JPEG up to its end marker. @param at where the first scan's data start
Result<void> walkScans(ByteSource& source, uint64_t at)
{
    int scans = 1;
    bool markerOpen = false; // the last byte was 0xFF
    for (Bytes chunk = source.some(at); !chunk.empty(); chunk = source.some(at)) {
        size_t i = 0;
        while (i < chunk.size()) {
            if (!markerOpen) {
                const void* found = std::memchr(chunk.data() + i, 0xFF, chunk.size() - i);
                if (!found)
                    break;
                i = static_cast<size_t>(static_cast<const uint8_t*>(found) - chunk.data()) + 1;
                markerOpen = true;
                continue;
            }
            const uint8_t code = chunk[i++];
            if (code == 0xFF)
                continue;
            markerOpen = false;
            if (code == 0xD9)
                return {};
            if (code <= 0x01 || (code >= 0xD0 && code <= 0xD8))
                continue;
            // Each scan goes over all pixels, however few its bytes are.
            if (code == 0xDA && ++scans > kMaxJpegScans)
                return bad("JPEG of more than " + std::to_string(kMaxJpegScans) +
                           " scans, which could take hours to decode: save it anew");
            const Bytes length = source.at(at + i, 2); // a table or scan between the scans
            if (length.empty())
                return bad(kCutJpeg);
            at += i + std::max<uint32_t>(big(length, 0, 2), 2);
            chunk = {};
            i = 0;
        }
        at += chunk.size();
    }
    return bad(kCutJpeg);
}

/// @param hasOneScan of whatever follows nothing is decoded: a file is not read to its end then
Result<void> checkScans(ByteSource& source, uint64_t scanStart, JpegEnd end, bool hasOneScan)
{
    if (end == JpegEnd::Nowhere)
        return {};
    if (end == JpegEnd::Tail && hasOneScan) {
        const Bytes tail = source.at(source.size() - 2, 2);
        if (!tail.empty() && tail[0] == 0xFF && tail[1] == 0xD9)
            return {};
    }
    return walkScans(source, scanStart);
}

Result<ImageHeader> probeJpeg(ByteSource& source, JpegEnd end)
{
    ImageHeader header;
    bool hasExif = false;
    bool isProgressive = false;
    uint8_t components = 0;
    uint64_t at = 2;
    for (;;) {
        Bytes marker = source.at(at, 2);
        if (marker.empty())
            return bad("JPEG that ends inside its header");
        if (marker[0] != 0xFF) {
            ++at; // libjpeg skips stray bytes between segments, too
            continue;
        }
        const uint8_t code = marker[1];
        if (code == 0xFF) {
            ++at;
            continue;
        }
        if (code <= 0x01 || (code >= 0xD0 && code <= 0xD8)) {
            at += 2;
            continue;
        }
        if (code == 0xD9)
            return bad("JPEG without a picture");
        const Bytes lengthBytes = source.at(at + 2, 2);
        const uint32_t length = lengthBytes.empty() ? 0 : big(lengthBytes, 0, 2);
        if (length < 2)
            return bad("JPEG with a damaged header");
        const bool isFrame =
            code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
        if (isFrame) {
            const Bytes frame = source.at(at + 4, 6);
            if (frame.empty())
                return bad("JPEG that ends inside its header");
            components = frame[5];
            header.isCmyk = components == 4;
            isProgressive = code == 0xC2 || code == 0xCA; // Huffman and arithmetic coding
            header.height = static_cast<int>(big(frame, 1, 2));
            header.width = static_cast<int>(big(frame, 3, 2));
        } else if (code == 0xE1 && !hasExif && length > 8) {
            const Bytes block = source.at(at + 4, length - 2);
            if (startsWith(block, std::string_view("Exif\0\0", 6))) {
                header.orientation = orientationOf(block.subspan(6));
                hasExif = true;
            }
        } else if (code == 0xDA) {
            if (header.width == 0 || header.height == 0)
                return bad("JPEG without a size in its header");
            const Bytes inScan = source.at(at + 4, 1);
            const bool isWhole = !inScan.empty() && inScan[0] == components;
            CLWB_TRY(checkScans(source, at + 2 + length, end, isWhole && !isProgressive));
            return header;
        }
        at += 2 + length;
    }
}

Result<ImageHeader> probePng(ByteSource& source)
{
    ImageHeader header;
    header.format = ImageFormat::Png;
    uint64_t at = 8;
    for (bool first = true;; first = false) {
        const Bytes chunk = source.at(at, 8);
        if (chunk.empty())
            return bad("PNG without its end chunk (cut off)");
        const uint64_t length = big(chunk, 0, 4);
        const bool isHeader = startsWith(chunk, "IHDR", 4);
        const bool isEnd = startsWith(chunk, "IEND", 4);
        const bool isExif = startsWith(chunk, "eXIf", 4);
        if (first != isHeader || (isHeader && length != 13))
            return bad("PNG with a damaged header");
        if (at + 12 + length > source.size())
            return bad("PNG without its end chunk (cut off)");
        if (isHeader) {
            const Bytes body = source.at(at + 8, 9);
            if (body.empty() || body[0] > 0x7F || body[4] > 0x7F)
                return bad("PNG with a damaged header");
            header.width = static_cast<int>(big(body, 0, 4));
            header.height = static_cast<int>(big(body, 4, 4));
            header.has16Bits = body[8] == 16;
        } else if (startsWith(chunk, "acTL", 4) && length == 8) {
            const Bytes frames = source.at(at + 8, 4);
            header.isAnimated = !frames.empty() && big(frames, 0, 4) > 1;
        } else if (isExif && length <= ByteSource::kWindow) {
            header.orientation = orientationOf(source.at(at + 8, static_cast<size_t>(length)));
        } else if (isEnd) {
            return header;
        }
        at += 12 + length;
    }
}

/// Orientation of a WebP's EXIF chunk, searched from the first chunk on.
int webpOrientation(ByteSource& source, uint64_t end)
{
    for (uint64_t at = 12; at + 8 <= end;) {
        const Bytes chunk = source.at(at, 8);
        if (chunk.empty())
            return 1;
        const uint64_t length = little(chunk, 4, 4);
        if (startsWith(chunk, "EXIF") && length > 8 && length <= ByteSource::kWindow) {
            Bytes block = source.at(at + 8, static_cast<size_t>(length));
            if (startsWith(block, std::string_view("Exif\0\0", 6)))
                block = block.subspan(6);
            return orientationOf(block);
        }
        at += 8 + length + (length & 1);
    }
    return 1;
}

Result<ImageHeader> probeWebP(ByteSource& source)
{
    const Bytes head = source.at(0, 30);
    if (head.empty())
        return bad("WebP that ends inside its header");
    ImageHeader header;
    header.format = ImageFormat::WebP;
    const uint64_t end = 8 + uint64_t(little(head, 4, 4));
    if (end > source.size())
        return bad("WebP shorter than it says (cut off)");
    if (startsWith(head, "VP8X", 12)) {
        const bool isAnimated = (head[20] & 0x02) != 0;
        const bool hasExif = (head[20] & 0x08) != 0;
        if (isAnimated)
            return bad("animated WebP");
        header.width = 1 + static_cast<int>(little(head, 24, 3));
        header.height = 1 + static_cast<int>(little(head, 27, 3));
        if (hasExif)
            header.orientation = webpOrientation(source, end);
    } else if (startsWith(head, "VP8L", 12) && head[20] == 0x2F) {
        const uint32_t bits = little(head, 21, 4);
        header.width = 1 + static_cast<int>(bits & 0x3FFF);
        header.height = 1 + static_cast<int>((bits >> 14) & 0x3FFF);
    } else if (startsWith(head, "VP8 ", 12) && startsWith(head, "\x9d\x01\x2a", 23)) {
        header.width = static_cast<int>(little(head, 26, 2) & 0x3FFF);
        header.height = static_cast<int>(little(head, 28, 2) & 0x3FFF);
    } else {
        return bad("WebP with a damaged header");
    }
    return header;
}

Result<ImageHeader> probeBmp(ByteSource& source)
{
    const Bytes head = source.at(0, 34);
    if (head.empty())
        return bad("BMP that ends inside its header");
    ImageHeader header;
    header.format = ImageFormat::Bmp;
    const uint64_t offset = little(head, 10, 4);
    const bool isOld = little(head, 14, 4) == 12;
    const auto width = isOld ? static_cast<int32_t>(little(head, 18, 2))
                             : static_cast<int32_t>(little(head, 18, 4));
    const auto height = isOld ? static_cast<int32_t>(little(head, 20, 2))
                              : static_cast<int32_t>(little(head, 22, 4));
    const uint64_t bits = isOld ? little(head, 24, 2) : little(head, 28, 2);
    const bool isPlain = isOld || little(head, 30, 4) == 0;
    if (width <= 0 || height == 0 || height == INT32_MIN || bits == 0 || bits > 32)
        return bad("BMP with a damaged header");
    header.width = width;
    header.height = std::abs(height);
    const uint64_t rowBytes = (static_cast<uint64_t>(width) * bits + 31) / 32 * 4;
    if (isPlain && offset + rowBytes * static_cast<uint64_t>(header.height) > source.size())
        return bad("BMP shorter than it says (cut off)");
    return header;
}

Result<ImageHeader> probeAny(ByteSource& source, JpegEnd end)
{
    if (source.size() == 0)
        return bad("empty file");
    if (source.size() > kMaxImageBytes) {
        return bad("file of " + std::to_string(source.size()) + " bytes, at most " +
                   std::to_string(kMaxImageBytes) + " are read");
    }
    const Bytes head = source.at(0, static_cast<size_t>(std::min<uint64_t>(12, source.size())));
    Result<ImageHeader> header = bad("not a JPEG, PNG, WebP or BMP image");
    if (startsWith(head, "\xFF\xD8\xFF"))
        header = probeJpeg(source, end);
    else if (startsWith(head, "\x89PNG\r\n\x1a\n"))
        header = probePng(source);
    else if (startsWith(head, "RIFF") && startsWith(head, "WEBP", 8))
        header = probeWebP(source);
    else if (startsWith(head, "BM"))
        header = probeBmp(source);
    if (!header)
        return header;
    const std::string shown = std::to_string(header->width) + "×" + std::to_string(header->height);
    if (header->width < 1 || header->height < 1)
        return bad("image of " + shown + " pixels");
    if (header->width > kMaxImageSide || header->height > kMaxImageSide)
        return bad("image of " + shown + " pixels, at most 32768 a side are read");
    if (int64_t(header->width) * header->height > kMaxImagePixels)
        return bad("image of " + shown + " pixels, at most 64 million are read");
    return header;
}

} // namespace

Result<ImageHeader> probeImage(Bytes content)
{
    ByteSource source(content);
    return probeAny(source, JpegEnd::Walk);
}

Result<ImageHeader> probeImageFile(const std::filesystem::path& file, Wholeness wholeness)
{
    CLWB_ASSIGN(ByteSource source, ByteSource::open(file));
    return probeAny(source, wholeness == Wholeness::Check ? JpegEnd::Tail : JpegEnd::Nowhere);
}

Result<std::vector<uint8_t>> readImageBytes(const std::filesystem::path& file)
{
    CLWB_ASSIGN(ByteSource source, ByteSource::open(file));
    if (source.size() > kMaxImageBytes)
        return bad("file of " + std::to_string(source.size()) + " bytes is larger than allowed");
    std::vector<uint8_t> content(static_cast<size_t>(source.size()));
    for (size_t done = 0; done < content.size();) {
        const Bytes part = source.some(done);
        if (part.empty())
            return bad("read error");
        std::copy(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(done));
        done += part.size();
    }
    return content;
}

Result<FileStamp> stampOf(const std::filesystem::path& file)
{
    struct stat info = {};
    if (::stat(file.c_str(), &info) != 0)
        return bad(errno == ENOENT ? "missing" : std::strerror(errno));
    if (!S_ISREG(info.st_mode))
        return bad("not a regular file");
    return FileStamp{static_cast<uint64_t>(info.st_size),
                     int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec};
}

} // namespace clwb::data
