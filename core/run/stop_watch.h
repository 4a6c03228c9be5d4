// SPDX-License-Identifier: GPL-3.0-or-later
// Looks while a run trains whether another program asks it to stop.
#pragma once

#include "core/base/stop_token.h"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace clwb::run
{

/// A thread of its own, so that a slow disk does not hold up the training; it reads the folder's
/// stop request (core/store/stop_request.h) and passes it on to a token.
class StopRequestWatch
{
public:
    static constexpr std::chrono::milliseconds kInterval{500};

    /// Also hears what was asked before it: store::RunWriter has dropped the request of an earlier
    /// run in this folder before the row of this one said that it is in training.
    explicit StopRequestWatch(std::filesystem::path runFolder,
                              std::chrono::milliseconds interval = kInterval);
    /// Its thread drops the request. Waits for that thread, so for the disk: on one that does not
    /// answer, the end of the run waits as long as the look at the folder does.
    ~StopRequestWatch();
    StopRequestWatch(const StopRequestWatch&) = delete;
    StopRequestWatch& operator=(const StopRequestWatch&) = delete;

    [[nodiscard]] StopToken token() const { return m_source.token(); }

private:
    void watch();

    std::filesystem::path m_folder;
    std::chrono::milliseconds m_interval;
    StopSource m_source;
    std::mutex m_mutex; // guards m_ends
    std::condition_variable m_wake;
    bool m_ends = false;
    std::thread m_thread; ///< last; none where the machine has no more to give
};

} // namespace clwb::run
