// SPDX-License-Identifier: GPL-3.0-or-later
// Looks while a run trains whether another program asks it to stop.
#include "core/run/stop_watch.h"

#include "core/base/log.h"
#include "core/store/stop_request.h"

#include <exception>
#include <string>
#include <system_error>
#include <utility>

namespace clwb::run
{

StopRequestWatch::StopRequestWatch(std::filesystem::path runFolder,
                                   std::chrono::milliseconds interval)
    : m_folder(std::move(runFolder))
    , m_interval(interval)
{
    try {
        m_thread = std::thread([this] { watch(); });
    } catch (const std::system_error& problem) {
        // The run can be stopped by its own program all the same.
        logWarning(std::string("other programs cannot stop this run: ") + problem.what());
    }
}

StopRequestWatch::~StopRequestWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void StopRequestWatch::watch()
{
    try {
        std::unique_lock lock(m_mutex);
        while (!m_wake.wait_for(lock, m_interval, [this] { return m_ends; })) {
            lock.unlock();
            if (const auto point = store::stopRequest(m_folder))
                m_source.requestStop(*point);
            lock.lock();
        }
        lock.unlock();
        store::dropStopRequest(m_folder);
    } catch (const std::exception& exception) {
        // Thread boundary: nothing may leave it.
        logWarning(std::string("other programs cannot stop this run: ") + exception.what());
    }
}

} // namespace clwb::run
