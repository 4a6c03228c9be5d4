// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/thumbnail_worker.h"

#include "core/base/log.h"
#include "core/data/image_probe.h"
#include "core/data/thumbnail.h"

#include <algorithm>
#include <chrono>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace clwb::run
{
namespace
{

constexpr size_t kBatch = 128;
constexpr int kLowestPriority = 19;
constexpr std::chrono::milliseconds kPollInterval{20};

/// On Linux a thread has a priority of its own.
void lowerPriority()
{
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    (void)::setpriority(PRIO_PROCESS, thread, kLowestPriority); // a courtesy, not a need
}

metrics::Thumbnail thumbnailOf(const metrics::DetailImage& image, const data::Item& item,
                               data::PictureCache& pictures, std::vector<uint8_t>& buffer)
{
    metrics::Thumbnail thumbnail;
    thumbnail.image = image;
    if (item.box.isWholeImage()) {
        if (const auto header = data::probeImageFile(item.file, data::Wholeness::Skip)) {
            thumbnail.width = header->width;
            thumbnail.height = header->height;
        }
    } else {
        thumbnail.width = item.box.x1 - item.box.x0;
        thumbnail.height = item.box.y1 - item.box.y0;
    }
    const int side = pictures.side();
    buffer.resize(3 * static_cast<size_t>(side) * static_cast<size_t>(side));
    if (!pictures.fetch(item, buffer.data()))
        return thumbnail;
    const int longer = std::max(thumbnail.width, thumbnail.height);
    const int target = longer > 0 ? std::min(longer, data::kThumbnailSide) : data::kThumbnailSide;
    thumbnail.jpeg = data::encodeThumbnail(buffer.data(), side, target);
    return thumbnail;
}

} // namespace

ThumbnailWorker::ThumbnailWorker(const ThumbnailPlace& place)
    : m_place(place)
    , m_thread([this] { work(); })
{}

ThumbnailWorker::~ThumbnailWorker()
{
    m_abandon = true;
    m_tasks.close();
    m_thread.join();
}

void ThumbnailWorker::add(std::shared_ptr<const metrics::HashedList> list,
                          const std::vector<data::Item>& items, data::PictureCache& pictures)
{
    if (!m_known.insert(list->sha256).second)
        return;
    ++m_open;
    m_tasks.push({std::move(list), &items, &pictures});
}

void ThumbnailWorker::finish(const StopToken& stop)
{
    while (m_open > 0 && !stop.stopRequested())
        std::this_thread::sleep_for(kPollInterval);
    m_abandon = m_open > 0;
}

void ThumbnailWorker::work()
{
    lowerPriority();
    while (auto task = m_tasks.pop()) {
        try {
            make(*task);
        } catch (const std::exception& exception) {
            // Thread boundary: nothing may leave it.
            logWarning(std::string("thumbnails: ") + exception.what());
        }
        --m_open;
    }
}

void ThumbnailWorker::make(const Task& task)
{
    if (m_abandon)
        return;
    const auto missing = m_place.missing(*task.list);
    if (!missing) {
        logWarning("thumbnails are left out: " + toText(missing.error()));
        return;
    }
    std::vector<metrics::Thumbnail> batch;
    std::vector<uint8_t> buffer;
    for (const int64_t position : *missing) {
        if (m_abandon)
            break;
        const auto place = static_cast<size_t>(position);
        batch.push_back(thumbnailOf(task.list->list.images[place], (*task.items)[place],
                                    *task.pictures, buffer));
        if (batch.size() >= kBatch)
            m_place.keep(std::exchange(batch, {}));
    }
    if (!batch.empty())
        m_place.keep(std::move(batch));
}

} // namespace clwb::run
