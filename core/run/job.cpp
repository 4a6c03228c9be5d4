// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/job.h"

#include "core/base/check.h"

#include <exception>
#include <pthread.h>

namespace clwb::run
{
namespace
{

/// A newer position replaces an older one while the window is busy.
bool mergeProgress(Event& last, const Event& next)
{
    if (!std::holds_alternative<Progress>(last) || !std::holds_alternative<Progress>(next))
        return false;
    last = next;
    return true;
}

Finished finishedFrom(const Result<RunSummary>& result)
{
    if (result)
        return {result->status, {}, result->steps};
    return {"failed", toText(result.error()), 0};
}

} // namespace

Job::Job(std::function<void()> wake, Work work)
    : m_wake(std::move(wake))
    , m_work(std::move(work))
    , m_box(1, mergeProgress)
{}

Job::~Job()
{
    requestStop();
    join();
}

void Job::start(RunRequest request, EventSink extraSink)
{
    CLWB_CHECK(!isRunning(), "a job runs one thing at a time");
    join();
    m_stop = StopSource();
    request.stop = m_stop.token();
    m_running = true;
    m_thread = std::thread([this, request = std::move(request), sink = std::move(extraSink)] {
        pthread_setname_np(pthread_self(), "clwb-train");
        Finished finished{"failed", "unknown exception on the training thread", 0};
        bool reported = false;
        try {
            const auto forward = [&](const Event& event) {
                if (sink)
                    sink(event);
                reported = reported || std::holds_alternative<Finished>(event);
                post(event);
            };
            finished = finishedFrom(m_work(request, forward));
            if (!reported && sink)
                sink(finished);
        } catch (const std::exception& exception) {
            finished.message = exception.what();
            if (!reported && sink)
                sink(finished);
        } catch (...) {
            if (!reported && sink)
                sink(finished);
        }
        // Not running any more once the last event is there to be taken.
        m_running = false;
        if (!reported)
            post(finished);
        else if (m_wake)
            m_wake();
    });
}

void Job::post(Event event)
{
    m_box.push(std::move(event));
    if (m_wake)
        m_wake();
}

void Job::requestStop(StopPoint point)
{
    m_stop.requestStop(point);
}

std::vector<Event> Job::takeEvents()
{
    return m_box.takeAll();
}

void Job::join()
{
    if (m_thread.joinable())
        m_thread.join();
}

} // namespace clwb::run
