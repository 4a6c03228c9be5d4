// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/project_pictures.h"

#include "core/store/details.h"

#include <mutex>
#include <optional>

namespace clwb::ui
{
namespace
{

/// The connection, opened once; threads take turns.
struct ThumbnailFile
{
    std::filesystem::path file;
    std::mutex mutex;
    std::optional<Result<store::Project>> project; // guarded by mutex

    void open()
    {
        const std::lock_guard lock(mutex);
        openLocked();
    }

    Result<std::vector<uint8_t>> read(int64_t id)
    {
        const std::lock_guard lock(mutex);
        openLocked();
        if (!*project)
            return Failure(project->error());
        const auto jpeg = store::thumbnail(**project, id);
        if (!jpeg && jpeg.error().code == ErrorCode::Corrupt)
            return fail(ErrorCode::Data, "the thumbnail in the project is damaged");
        if (!jpeg)
            return Failure(jpeg.error());
        if (jpeg->empty())
            return fail(ErrorCode::Data, "the project has no thumbnail of it");
        return std::vector<uint8_t>(jpeg->begin(), jpeg->end());
    }

private:
    /// With the mutex held. What failed is tried again.
    void openLocked()
    {
        if (!project || !*project)
            project.emplace(store::Project::open(file, store::OpenMode::ReadOnly));
    }
};

} // namespace

std::shared_ptr<const PictureSource> projectPictures(std::filesystem::path project)
{
    auto shared = std::make_shared<ThumbnailFile>();
    shared->file = std::move(project);
    return storedPictures([shared](int64_t id) { return shared->read(id); },
                          [shared] { shared->open(); });
}

} // namespace clwb::ui
