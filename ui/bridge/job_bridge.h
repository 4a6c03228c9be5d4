// SPDX-License-Identifier: GPL-3.0-or-later
// Brings the events of the training thread to the window: drained every 33 ms, never per event.
#pragma once

#include "core/run/job.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>
#include <vector>

namespace clwb::ui
{

/// Thread: GUI thread only; the wake call from the training thread is queued.
class JobBridge : public QObject
{
    Q_OBJECT

public:
    explicit JobBridge(QObject* parent = nullptr);
    /// Asks a running job to stop and waits for it.
    ~JobBridge() override;

    /// CHECK: nothing is running.
    void start(run::Job::Work work, run::RunRequest request);
    void requestStop(StopPoint point = StopPoint::Batch);
    [[nodiscard]] bool isRunning() const { return m_job != nullptr; }

Q_SIGNALS:
    /// All events since the last time, in order.
    void eventsArrived(const std::vector<clwb::run::Event>& events);
    /// After the last event was delivered and the thread has ended.
    void finished(const clwb::run::Finished& result);

private:
    void drain();
    QTimer m_timer;
    std::atomic<bool> m_isWoken{false}; ///< one queued wake call at most, however many events
    std::unique_ptr<run::Job> m_job;
};

} // namespace clwb::ui
