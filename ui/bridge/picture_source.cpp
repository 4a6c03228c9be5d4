// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/picture_source.h"

#include "core/run/pictures.h"

#include <algorithm>
#include <utility>

namespace clwb::ui
{
namespace
{

/// A copy with the longer side at most `side` pixels; a sliver keeps one pixel of its shorter side.
QImage shrunkTo(int side, const Image& image)
{
    const QImage view(image.pixels.data(), image.width, image.height,
                      static_cast<qsizetype>(3) * image.width, QImage::Format_RGB888);
    if (std::max(image.width, image.height) <= side)
        return view.convertToFormat(QImage::Format_RGB32); // a copy: `image` ends
    const QSize target = view.size().scaled(side, side, Qt::KeepAspectRatio);
    return view.scaled(target.expandedTo({1, 1}), Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_RGB32);
}

class FilePictures : public PictureSource
{
public:
    FilePictures(std::function<PictureFile(int64_t)> fileOf, std::string exifOrientation)
        : m_fileOf(std::move(fileOf))
        , m_exifOrientation(std::move(exifOrientation))
    {}

    [[nodiscard]] Result<QImage> load(int64_t id, int side) const override
    {
        const PictureFile picture = m_fileOf(id);
        CLWB_ASSIGN(const Image image,
                    run::loadPicture(picture.file, picture.box, m_exifOrientation));
        return shrunkTo(side, image);
    }

private:
    std::function<PictureFile(int64_t)> m_fileOf;
    std::string m_exifOrientation;
};

class StoredPictures : public PictureSource
{
public:
    StoredPictures(std::function<Result<std::vector<uint8_t>>(int64_t)> bytesOf,
                   std::function<void()> prepare)
        : m_bytesOf(std::move(bytesOf))
        , m_prepare(std::move(prepare))
    {}

    void prepare() const override
    {
        if (m_prepare)
            m_prepare();
    }

    [[nodiscard]] Result<QImage> load(int64_t id, int side) const override
    {
        CLWB_ASSIGN(const std::vector<uint8_t> bytes, m_bytesOf(id));
        CLWB_ASSIGN(const Image image, run::decodePicture(bytes));
        return shrunkTo(side, image);
    }

private:
    std::function<Result<std::vector<uint8_t>>(int64_t)> m_bytesOf;
    std::function<void()> m_prepare;
};

} // namespace

std::shared_ptr<const PictureSource> filePictures(std::function<PictureFile(int64_t)> fileOf,
                                                  std::string exifOrientation)
{
    return std::make_shared<FilePictures>(std::move(fileOf), std::move(exifOrientation));
}

std::shared_ptr<const PictureSource>
storedPictures(std::function<Result<std::vector<uint8_t>>(int64_t)> bytesOf,
               std::function<void()> prepare)
{
    return std::make_shared<StoredPictures>(std::move(bytesOf), std::move(prepare));
}

} // namespace clwb::ui
