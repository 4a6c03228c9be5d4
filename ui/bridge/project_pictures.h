// SPDX-License-Identifier: GPL-3.0-or-later
// The thumbnails that a project keeps, as pictures of a grid.
#pragma once

#include "ui/bridge/picture_source.h"

namespace clwb::ui
{

/// By image_id, from a read-only connection of its own that the first picture, or prepare(), opens:
/// the window's reader stays free, and a damaged thumbnail is told where it would be seen.
std::shared_ptr<const PictureSource> projectPictures(std::filesystem::path project);

} // namespace clwb::ui
