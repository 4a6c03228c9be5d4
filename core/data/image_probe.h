// SPDX-License-Identifier: GPL-3.0-or-later
// What an image file says about itself, read from a few bytes and judged before anything is
// decoded.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace clwb::data
{

enum class ImageFormat { Jpeg, Png, WebP, Bmp };

/// Limits that keep a decompression bomb from being decoded.
inline constexpr int64_t kMaxImagePixels = 64'000'000;
inline constexpr int kMaxImageSide = 32'768;
inline constexpr uint64_t kMaxImageBytes = 50'000'000;
/// Encoders write some ten; thousands in a small file are made to keep a decoder busy.
inline constexpr int kMaxJpegScans = 200;

struct ImageHeader
{
    ImageFormat format = ImageFormat::Jpeg;
    int width = 0; ///< as stored, before `orientation`
    int height = 0;
    int orientation = 1; ///< EXIF 1–8; 5–8 swap width and height
    bool isCmyk = false;
    bool has16Bits = false;  ///< a channel
    bool isAnimated = false; ///< PNG with frames: its first picture is decoded
};

/// Identity of a file's content without reading it.
struct FileStamp
{
    uint64_t size = 0;
    int64_t modifiedNs = 0;
    bool operator==(const FileStamp&) const = default;
};

/// Recognises JPEG, PNG, WebP and BMP by content (never by name), checks the limits above and that
/// the file ends as its format says: a JPEG without its end marker is not whole, one of too many
/// scans would hold up everything.
/// Errors: Data; the message is the reason alone, without the file.
Result<ImageHeader> probeImage(std::span<const uint8_t> content);

/// Whether a look at a JPEG goes beyond its header.
enum class Wholeness {
    Check, ///< its end, too; one in several scans is read to there
    Skip   ///< for who wants the size of a picture that is checked elsewhere
};

/// The same on a file, reading no more than that takes. Only regular files are opened for reading:
/// a FIFO, device or folder is refused at once. Errors: Data, reason alone.
Result<ImageHeader> probeImageFile(const std::filesystem::path& file,
                                   Wholeness wholeness = Wholeness::Check);

/// Whole content of a regular file of at most kMaxImageBytes. Errors: Data, reason alone.
Result<std::vector<uint8_t>> readImageBytes(const std::filesystem::path& file);

/// Size and modification time of a regular file. Errors: Data, reason alone.
Result<FileStamp> stampOf(const std::filesystem::path& file);

} // namespace clwb::data
