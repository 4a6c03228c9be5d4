// SPDX-License-Identifier: GPL-3.0-or-later
// Random resized crop of training pictures (register row A23).
#pragma once

#include "core/data/batch_loader.h"

#include <string_view>

namespace clwb::data
{

/// The part of a side×side picture that is enlarged again: area 0.9–1, aspect ratio 3/4–4/3 as
/// torchvision draws them (10 tries, then the whole picture).
/// Determinism: stream "augmentation" of (seed, session, epoch, item id).
PixelBox augmentationBox(const Augmentation& augmentation, std::string_view itemId, int side);

/// Replaces a picture [side, side, 3] by that part, resized to side×side.
void augmentPicture(const Augmentation& augmentation, std::string_view itemId, int side,
                    uint8_t* picture);

} // namespace clwb::data
