// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a study for people to look at, within the limits of the readers that training uses.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace clwb::run
{

/// A file, or a box of it, as pixels. Known by content, never by name: JPEG, PNG, WebP and BMP up
/// to 64 million pixels, 32 768 a side and 50 MB; the header is judged before anything is decoded.
/// Only regular files are opened. Of several large pictures one is decoded at a time.
/// Thread: any. @param exifOrientation ignore | apply
/// Errors: Data, the reason alone.
Result<Image> loadPicture(const std::filesystem::path& file, const PixelBox& box,
                          std::string_view exifOrientation);
/// Likewise from bytes, with the same limits. Errors: Data, the reason alone.
Result<Image> decodePicture(std::span<const uint8_t> content);

} // namespace clwb::run
