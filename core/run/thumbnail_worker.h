// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the thumbnails of evaluated pictures beside the run, from the pictures already prepared.
#pragma once

#include "core/base/stop_token.h"
#include "core/base/work_queue.h"
#include "core/data/batch_loader.h"
#include "core/metrics/evaluation_details.h"
#include "core/run/runner.h"

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace clwb::run
{

/// One thread of the lowest priority. A picture that cannot be read has no thumbnail; nothing here
/// is an error of the run.
class ThumbnailWorker
{
public:
    /// @param place must outlive the worker
    explicit ThumbnailWorker(const ThumbnailPlace& place);
    /// Leaves undone what is left.
    ~ThumbnailWorker();
    ThumbnailWorker(const ThumbnailWorker&) = delete;
    ThumbnailWorker& operator=(const ThumbnailWorker&) = delete;

    /// The pictures of a list, in its order; both must outlive the worker. A list that was added
    /// before is left out.
    void add(std::shared_ptr<const metrics::HashedList> list, const std::vector<data::Item>& items,
             data::PictureCache& pictures);
    /// Waits until all are made and handed over, or the token asks to stop.
    void finish(const StopToken& stop);

private:
    struct Task
    {
        std::shared_ptr<const metrics::HashedList> list;
        const std::vector<data::Item>* items = nullptr;
        data::PictureCache* pictures = nullptr;
    };
    void work();
    void make(const Task& task);

    const ThumbnailPlace& m_place;
    WorkQueue<Task> m_tasks{1024};
    std::set<std::string> m_known; ///< hashes of lists added; used by the adding thread only
    std::atomic<bool> m_abandon{false};
    std::atomic<int64_t> m_open{0}; ///< tasks not done
    std::thread m_thread;           // last: the others exist when it starts
};

} // namespace clwb::run
