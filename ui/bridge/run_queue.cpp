// SPDX-License-Identifier: GPL-3.0-or-later
// The queue's state machine.
#include "ui/bridge/run_queue.h"

#include <algorithm>

namespace clwb::ui
{

RunQueue::RunQueue(Launcher launcher, QObject* parent)
    : QObject(parent)
    , m_launcher(std::move(launcher))
{
    connect(&m_bridge, &JobBridge::eventsArrived, this, &RunQueue::eventsArrived);
    connect(&m_bridge, &JobBridge::finished, this, &RunQueue::onFinished);
}

void RunQueue::enqueue(std::vector<RunOrder> orders)
{
    insert(m_waiting.cend(), std::move(orders));
}

void RunQueue::enqueueFirst(std::vector<RunOrder> orders)
{
    insert(m_waiting.cbegin(), std::move(orders));
}

void RunQueue::insert(const std::deque<RunOrder>::const_iterator& before,
                      std::vector<RunOrder> orders)
{
    for (RunOrder& order : orders)
        order.number = ++m_lastNumber;
    m_waiting.insert(before, std::make_move_iterator(orders.begin()),
                     std::make_move_iterator(orders.end()));
    Q_EMIT changed();
    if (m_state == State::Idle)
        startNext();
}

void RunQueue::rearrange(const std::deque<RunOrder>& before, const std::deque<RunOrder>& after)
{
    std::deque<RunOrder> orders;
    for (const RunOrder& order : after) {
        if (!m_begun.contains(order.number))
            orders.push_back(order);
    }
    for (const RunOrder& order : m_waiting) {
        const auto isSame = [&](const RunOrder& other) { return other.number == order.number; };
        if (std::none_of(before.begin(), before.end(), isSame) &&
            std::none_of(after.begin(), after.end(), isSame))
            orders.push_back(order);
    }
    m_waiting = std::move(orders);
    Q_EMIT changed();
    if (m_state == State::Idle)
        startNext();
}

void RunQueue::hold()
{
    m_isHeld = true;
    Q_EMIT changed();
}

void RunQueue::release()
{
    m_isHeld = false;
    Q_EMIT changed();
    if (m_state == State::Idle)
        startNext();
}

void RunQueue::stop(StopPoint point)
{
    const bool isNearer = m_state == State::Stopping && point < m_stopPoint;
    if (m_state == State::Running || m_state == State::Pausing || isNearer) {
        m_stopPoint = point;
        m_bridge.requestStop(point);
        setState(State::Stopping);
    } else if (m_state == State::Paused) {
        setState(State::Idle);
        startNext();
    }
}

void RunQueue::pause()
{
    // One that would stop later may also pause now.
    const bool stopsLater = m_state == State::Stopping && m_stopPoint > StopPoint::Batch;
    if (m_state != State::Running && !stopsLater)
        return;
    m_bridge.requestStop();
    setState(State::Pausing);
}

void RunQueue::resume()
{
    if (m_state != State::Paused)
        return;
    RunOrder order = m_current;
    if (!order.sweep) // which finds its run by itself
        order.continueRun = m_runId ? m_runId : order.continueRun;
    m_state = State::Idle;
    begin(std::move(order)); // a queue that is held keeps only those back that have not begun
}

void RunQueue::clearWaiting()
{
    m_waiting.clear();
    Q_EMIT changed();
}

size_t RunQueue::dropWaiting(const std::function<bool(const RunOrder&)>& isDropped)
{
    const size_t dropped = std::erase_if(m_waiting, isDropped);
    if (dropped > 0)
        Q_EMIT changed();
    return dropped;
}

void RunQueue::startNext()
{
    if (m_isHeld || m_waiting.empty() || m_bridge.isRunning())
        return;
    RunOrder order = std::move(m_waiting.front());
    m_waiting.pop_front();
    begin(std::move(order));
}

void RunQueue::begin(RunOrder order)
{
    m_current = std::move(order);
    m_begun.insert(m_current.number);
    m_runId = m_current.continueRun;
    const auto rowKnown = [this](int64_t runId) {
        QMetaObject::invokeMethod(
            this,
            [this, runId] {
                m_runId = runId;
                Q_EMIT runKnown(runId);
            },
            Qt::QueuedConnection);
    };
    m_bridge.start(
        [launcher = m_launcher, order = m_current, rowKnown](const run::RunRequest& request,
                                                             const run::EventSink& sink) {
            return launcher(order, request, sink, rowKnown);
        },
        run::RunRequest{});
    setState(State::Running);
    Q_EMIT started(m_current.title);
    if (m_runId)
        Q_EMIT runKnown(*m_runId);
}

void RunQueue::setState(State state)
{
    m_state = state;
    Q_EMIT changed();
}

void RunQueue::onFinished(const run::Finished& result)
{
    // A run that ended by itself while a pause was asked for is not paused.
    const bool paused = m_state == State::Pausing && result.status == "stopped";
    setState(paused ? State::Paused : State::Idle);
    Q_EMIT ended(result);
    if (m_state == State::Idle)
        startNext();
}

} // namespace clwb::ui
