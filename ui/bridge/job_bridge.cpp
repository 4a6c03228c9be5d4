// SPDX-License-Identifier: GPL-3.0-or-later
// Timer-driven draining of a job's mailbox.
#include "ui/bridge/job_bridge.h"

#include "core/base/check.h"

#include <optional>

namespace clwb::ui
{

namespace
{

constexpr int kDrainMs = 33;

} // namespace

JobBridge::JobBridge(QObject* parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDrainMs);
    connect(&m_timer, &QTimer::timeout, this, &JobBridge::drain);
}

JobBridge::~JobBridge() = default;

void JobBridge::start(run::Job::Work work, run::RunRequest request)
{
    CLWB_CHECK(!m_job, "a job is running already");
    const auto wake = [this] {
        // On the training thread: the job is a member and joins before this object goes.
        if (m_isWoken.exchange(true))
            return;
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_timer.isActive())
                    m_timer.start();
            },
            Qt::QueuedConnection);
    };
    m_job = std::make_unique<run::Job>(wake, std::move(work));
    m_job->start(std::move(request));
}

void JobBridge::requestStop(StopPoint point)
{
    if (m_job)
        m_job->requestStop(point);
}

void JobBridge::drain()
{
    if (!m_job)
        return;
    m_isWoken = false; // before taking, so that no later event goes unnoticed
    const std::vector<run::Event> events = m_job->takeEvents();
    if (events.empty())
        return;
    std::optional<run::Finished> end;
    if (const auto* last = std::get_if<run::Finished>(&events.back())) {
        end = *last;
        m_job->join();
        m_job.reset();
    }
    Q_EMIT eventsArrived(events);
    if (end)
        Q_EMIT finished(*end);
}

} // namespace clwb::ui
