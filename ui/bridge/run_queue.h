// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that wait, one after another on one training thread; pause is stop and continue.
#pragma once

#include "ui/bridge/engine.h"
#include "ui/bridge/job_bridge.h"

#include <QObject>

#include <deque>
#include <functional>
#include <set>
#include <vector>

namespace clwb::ui
{

/// Performs one order on the training thread. `rowKnown` tells the number of the run in the
/// project as soon as it has one.
using Launcher = std::function<Result<run::RunSummary>(
    const RunOrder& order, const run::RunRequest& request, const run::EventSink& sink,
    const std::function<void(int64_t runId)>& rowKnown)>;

class RunQueue : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Running, Pausing, Paused, Stopping };
    Q_ENUM(State)

    explicit RunQueue(Launcher launcher, QObject* parent = nullptr);

    /// After all waiting orders; the first starts at once when the worker is idle.
    void enqueue(std::vector<RunOrder> orders);
    /// Before all waiting orders, in their own order.
    void enqueueFirst(std::vector<RunOrder> orders);
    /// Ends the current run at this point, with a checkpoint, and goes on with the queue. May be
    /// asked again with a nearer point.
    void stop(StopPoint point = StopPoint::Batch);
    /// Where the run ends that is being stopped.
    [[nodiscard]] StopPoint stopPoint() const { return m_stopPoint; }
    /// Ends it likewise, keeps the queue waiting and remembers the run for resume().
    void pause();
    void resume();
    /// Drops what waits; the current run goes on.
    void clearWaiting();
    /// Drops those of what waits that `isDropped` holds for. @returns how many they were
    size_t dropWaiting(const std::function<bool(const RunOrder&)>& isDropped);
    /// Puts the orders of `after` in the place of those of `before`, both as waiting() was or shall
    /// be: orders that have begun since stay out, orders given since keep waiting at the end. The
    /// arguments exchanged take the edit back.
    void rearrange(const std::deque<RunOrder>& before, const std::deque<RunOrder>& after);
    /// The current run goes on; those that wait do not begin until release().
    void hold();
    void release();
    [[nodiscard]] bool isHeld() const { return m_isHeld; }

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isBusy() const { return m_bridge.isRunning(); }
    [[nodiscard]] const std::deque<RunOrder>& waiting() const { return m_waiting; }
    [[nodiscard]] const RunOrder& current() const { return m_current; }
    /// Number of the current or last run in the project; nothing until known.
    [[nodiscard]] std::optional<int64_t> currentRun() const { return m_runId; }

Q_SIGNALS:
    void changed(); ///< state or waiting orders
    void started(const QString& title);
    void runKnown(qint64 runId);
    void eventsArrived(const std::vector<clwb::run::Event>& events);
    void ended(const clwb::run::Finished& result);

private:
    void insert(const std::deque<RunOrder>::const_iterator& before, std::vector<RunOrder> orders);
    void startNext();
    void begin(RunOrder order);
    void setState(State state);
    void onFinished(const run::Finished& result);

    Launcher m_launcher;
    std::deque<RunOrder> m_waiting;
    RunOrder m_current;
    std::optional<int64_t> m_runId;
    std::set<uint64_t> m_begun; ///< numbers of orders that wait no more
    uint64_t m_lastNumber = 0;
    bool m_isHeld = false;
    StopPoint m_stopPoint = StopPoint::Batch;
    State m_state = State::Idle;
    JobBridge m_bridge; ///< last: its thread ends before the members above go
};

} // namespace clwb::ui
