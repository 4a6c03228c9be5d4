// SPDX-License-Identifier: GPL-3.0-or-later
// One run on a thread of its own; its events lie in a mailbox until somebody takes them.
#pragma once

#include "core/base/mailbox.h"
#include "core/run/runner.h"

#include <atomic>
#include <functional>
#include <thread>

namespace clwb::run
{

/// Owns the training thread. Destroying a running job asks it to stop and joins.
class Job
{
public:
    using Work = std::function<Result<RunSummary>(const RunRequest&, const EventSink&)>;
    /// @param wake called from the training thread after an event was put into an empty box
    explicit Job(std::function<void()> wake = {}, Work work = executeRun);
    ~Job();
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    /// CHECK: not running. `extraSink` (for the store) is called on the training thread too.
    void start(RunRequest request, EventSink extraSink = {});
    void requestStop(StopPoint point = StopPoint::Batch);
    [[nodiscard]] bool isRunning() const { return m_running.load(); }
    /// All events since the last call; the last one of a run is always Finished.
    std::vector<Event> takeEvents();
    void join();

private:
    void post(Event event);
    std::function<void()> m_wake;
    Work m_work;
    Mailbox<Event> m_box;
    StopSource m_stop;
    std::atomic<bool> m_running{false};
    std::thread m_thread;
};

} // namespace clwb::run
