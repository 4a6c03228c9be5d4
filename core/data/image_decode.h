// SPDX-License-Identifier: GPL-3.0-or-later
// Image files to RGB pixels as Pillow's convert("RGB") gives them, within the limits of
// image_probe.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace clwb::data
{

/// What to do with the EXIF orientation: `ignore` is the reference pipeline's way.
enum class Orientation { Ignore, Apply };

/// ignore | apply, as studies write it.
Orientation orientationFromText(std::string_view text);

/// True when JPEG, PNG and WebP can be decoded; plain BMP always can.
bool hasImageDecoder();

/// Alpha is dropped, grey and palette are converted, 16-bit values keep their high byte, CMYK is
/// within 1 level of Pillow. A file that is not whole is not decoded at all.
/// Errors: Data, the message is the reason alone.
Result<Image> decodeImage(std::span<const uint8_t> content, Orientation orientation);
/// Errors: Data, reason alone.
Result<Image> decodeImageFile(const std::filesystem::path& file, Orientation orientation);

/// Turns and mirrors pixels as an EXIF orientation 1–8 says.
Image oriented(Image image, int orientation);

} // namespace clwb::data
