// SPDX-License-Identifier: GPL-3.0-or-later
// COCO's instances_*.json: images, boxes and categories, read as a stream (algorithms.md 9.1).
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/stop_token.h"
#include "core/spec/study.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::data
{

struct CocoImage
{
    int64_t id = 0;
    int width = 0;
    int height = 0;
    std::string fileName;
};

struct CocoAnnotation
{
    int64_t id = 0;
    int64_t imageId = 0;
    int64_t categoryId = 0;
    double x = 0, y = 0, width = 0, height = 0; ///< pixels; NaN when the file has no proper box
    bool isCrowd = false;
};

struct CocoCategory
{
    int64_t id = 0;
    std::string name;
};

struct CocoInstances
{
    std::vector<CocoImage> images;
    std::vector<CocoAnnotation> annotations;
    std::vector<CocoCategory> categories;
};

/// Errors: Data for malformed JSON, a missing section, an entry without id (naming its number);
/// Stopped.
Result<CocoInstances> readCocoInstances(const std::filesystem::path& file, const StopToken& stop);

/// The pixels a box covers under a rule, cut to the image; nothing when fewer than `minSide` are
/// left on a side. Default rule: ⌊x⌋, ⌊y⌋, ⌊x+w⌋, ⌊y+h⌋ (register row A26).
std::optional<PixelBox> cropBox(const CocoAnnotation& annotation, int imageWidth, int imageHeight,
                                const spec::CropRule& rule);

} // namespace clwb::data
