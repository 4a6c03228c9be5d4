// SPDX-License-Identifier: GPL-3.0-or-later
// Where the pictures of a grid come from: files with boxes, or stored JPEG bytes.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"

#include <QImage>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace clwb::ui
{

/// Thread: load() is called from several threads at a time.
class PictureSource
{
public:
    virtual ~PictureSource() = default;
    /// The picture with its longer side at most `side` pixels, never enlarged.
    /// Errors: Data, the reason alone.
    [[nodiscard]] virtual Result<QImage> load(int64_t id, int side) const = 0;
    /// What the first load() would otherwise wait for, such as opening a file.
    virtual void prepare() const {}
};

struct PictureFile
{
    std::filesystem::path file;
    PixelBox box; ///< of the whole image when empty
};

/// Files on disk, untrusted: read within the limits of run::loadPicture().
/// @param fileOf          thread-safe; owns what it needs
/// @param exifOrientation ignore | apply, as the study says
std::shared_ptr<const PictureSource> filePictures(std::function<PictureFile(int64_t id)> fileOf,
                                                  std::string exifOrientation);
/// Encoded pictures (JPEG) from a function, such as thumbnails of the project file.
/// @param bytesOf thread-safe; owns what it needs @param prepare likewise; empty: nothing to do
std::shared_ptr<const PictureSource>
storedPictures(std::function<Result<std::vector<uint8_t>>(int64_t id)> bytesOf,
               std::function<void()> prepare = {});

} // namespace clwb::ui
