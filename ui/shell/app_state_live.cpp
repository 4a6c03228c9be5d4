// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker tells: its events become the live run, its silence a message.
#include "core/store/stop_request.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/shell/app_state.h"

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kEarlierTries = 5;

} // namespace

void AppState::connectQueue()
{
    connect(&m_queue, &RunQueue::started, this, &AppState::onSound);
    connect(&m_queue, &RunQueue::eventsArrived, this, &AppState::onSound);
    connect(&m_queue, &RunQueue::changed, this, &AppState::onSound);
    connect(&m_queue, &RunQueue::started, this, [this](const QString& title) {
        // A trial whose result is there already is only taken over: what was seen last stays.
        m_mayTakeOver = m_queue.current().sweep && m_live.phase == LiveRun::Phase::Ended;
        if (!m_mayTakeOver)
            beginLive(title);
    });
    connect(&m_queue, &RunQueue::runKnown, this, [this](qint64 runId) {
        if (!m_mayTakeOver)
            m_live.runId = runId;
        refresh();
        Q_EMIT liveChanged({.header = true});
    });
    connect(&m_queue, &RunQueue::eventsArrived, this, &AppState::onEvents);
    connect(&m_queue, &RunQueue::ended, this, [this](const run::Finished& result) {
        const auto sweep = m_queue.current().sweep;
        if (result.status != "failed" || !sweep || sweep->onFailure != spec::OnFailure::Stop)
            return;
        if (m_queue.dropWaiting([&](const RunOrder& order) { return order.sweep == sweep; }) == 0)
            return;
        reportProblem(tr("The sweep %1 stops").arg(toQt(sweep->definition.name)),
                      tr("A trial has failed, and its file says to stop then. Continue it on the "
                         "page Sweeps."));
    });
    // Before the next one begins, which would only fail: its results have no place.
    connect(&m_queue, &RunQueue::ended, this, [this] {
        const bool isGone = m_isOpen && !(store::identityOf(toPath(m_projectFile)) == m_identity);
        if (isGone && !m_queue.waiting().empty() && !m_queue.isHeld()) {
            m_queue.hold();
            reportProblem(tr("The queue is held"),
                          tr("The project's file is not where it was: the waiting runs begin when "
                             "it is back and you continue the queue in Run ▸ Queue."));
        }
    });
    connect(this, &AppState::runsChanged, this, &AppState::readEarlier);
    connect(this, &AppState::runsChanged, this, &AppState::forgetAsked);
    connect(this, &AppState::projectChanged, this, [this] { m_asked.clear(); });
    connect(&m_queue, &RunQueue::changed, this, [this] {
        const bool isEnding = m_queue.state() == RunQueue::State::Stopping ||
                              m_queue.state() == RunQueue::State::Pausing;
        if (isEnding && !m_mayTakeOver)
            m_live.phase = LiveRun::Phase::Stopping;
        Q_EMIT liveChanged({.header = true});
    });
    connect(&m_queue, &RunQueue::ended, this, [this](const run::Finished& result) {
        const std::optional<int64_t> run = m_queue.currentRun();
        const bool goesOn = !m_queue.waiting().empty() && !m_queue.isHeld();
        if (result.status == "stopped" && run && goesOn && !m_queue.current().sweep &&
            m_queue.state() == RunQueue::State::Idle) // Live shows the next one now
            reportDone((m_queue.stopPoint() == StopPoint::Now
                            ? tr("%1 is stopped; the next one begins")
                            : tr("%1 is stopped and saved; the next one begins"))
                           .arg(m_queue.current().title),
                       {}, {tr("Continue It Afterwards"), [this, run] { continueRun(*run); }});
        if (result.status == "failed")
            reportProblem(tr("%1 failed").arg(m_queue.current().title), toQt(result.message));
        refresh();
    });
}

void AppState::beginLive(const QString& title)
{
    const bool continues =
        m_queue.current().continueRun.has_value() && m_live.runId == m_queue.current().continueRun;
    if (!continues)
        m_live.begin(title);
    m_live.phase = LiveRun::Phase::Preparing;
    m_live.status.clear();
    Q_EMIT liveStarted();
    Q_EMIT liveChanged({true, true, true, true});
}

void AppState::onEvents(const std::vector<run::Event>& events)
{
    if (m_mayTakeOver) {
        const bool trains = std::any_of(events.begin(), events.end(), [](const run::Event& event) {
            const auto* end = std::get_if<run::Finished>(&event);
            return end ? end->status == "failed" : !std::holds_alternative<run::Progress>(event);
        });
        if (!trains)
            return;
        m_mayTakeOver = false;
        beginLive(m_queue.current().title);
        m_live.runId = m_queue.currentRun();
    }
    LiveChanges changes;
    for (const run::Event& event : events)
        changes |= m_live.apply(event);
    if (m_queue.state() == RunQueue::State::Stopping ||
        m_queue.state() == RunQueue::State::Pausing) {
        if (m_live.phase != LiveRun::Phase::Ended)
            m_live.phase = LiveRun::Phase::Stopping;
    }
    Q_EMIT liveChanged(changes);
    if (changes.metrics)
        refresh();
    const bool goesOn = std::any_of(events.begin(), events.end(), [](const run::Event& event) {
        const auto* started = std::get_if<run::RunStarted>(&event);
        return started && started->firstStep > 0;
    });
    if (goesOn) {
        m_earlierTries = kEarlierTries;
        readEarlier();
    }
}

void AppState::readEarlier()
{
    if (m_earlierTries == 0 || !m_queue.currentRun() || !reader())
        return;
    --m_earlierTries;
    const int64_t runId = *m_queue.currentRun();
    reader()->ask(
        this,
        [runId](store::Project& project) {
            return readStoredRun(project, runId, StoredParts::Everything);
        },
        [this, runId](const Result<StoredRun>& stored) {
            // What cannot be read now is missing from the picture only; the run goes on.
            if (!stored || m_queue.currentRun() != runId)
                return;
            if (!stored->records.empty()) // else its writer has not come to them: with the list
                m_earlierTries = 0;
            Q_EMIT liveChanged(m_live.addEarlier(liveRunOf(*stored)));
        });
}

void AppState::askToStop(int64_t runId, StopPoint point)
{
    const store::RunRow* run = findRun(runId);
    if (!run || !reader())
        return;
    const auto ask = [runId, point](store::Project& project) {
        return store::askToStop(project, runId, point);
    };
    const auto answer = [this, runId, point, owner = run->owner,
                         title = runTitle(*run)](const Result<void>& asked) {
        if (asked) {
            m_asked[runId] = {point, owner, std::chrono::steady_clock::now()};
            forgetAsked(); // its end may have been told before this answer
        } else if (asked.error().code != ErrorCode::Usage) {
            reportProblem(tr("%1 could not be asked to stop").arg(title), errorText(asked.error()));
        } else {
            refresh(); // it has ended by itself
        }
        Q_EMIT liveChanged({.header = true});
    };
    reader()->ask(this, ask, answer);
}

std::optional<StopPoint> AppState::askedToStop(int64_t runId) const
{
    const auto asked = m_asked.find(runId);
    return asked == m_asked.end() ? std::nullopt : std::optional(asked->second.point);
}

bool AppState::hasNotReacted(int64_t runId) const
{
    const auto asked = m_asked.find(runId);
    if (asked == m_asked.end())
        return false;
    // The end of an epoch or a session may be far away.
    const StopPoint point = asked->second.point;
    return (point == StopPoint::Batch || point == StopPoint::Now) &&
           std::chrono::steady_clock::now() - asked->second.at >= m_silence.intervalAsDuration();
}

void AppState::forgetAsked()
{
    std::erase_if(m_asked, [this](const auto& asked) {
        const store::RunRow* run = findRun(asked.first);
        return !run || run->status != "running" || run->owner != asked.second.owner;
    });
}

void AppState::onSound()
{
    if (m_queue.isBusy())
        m_silence.start();
    else
        m_silence.stop();
    if (!m_silenceTold.isEmpty())
        Q_EMIT problemSolved(std::exchange(m_silenceTold, {}));
}

void AppState::onSilence()
{
    m_silenceTold = tr("No progress for %1").arg(durationText(m_silence.interval() / 1000.0));
    reportProblem(m_silenceTold,
                  tr("%1 has told nothing since: a slow or absent disk, or a fault. Wait, or stop "
                     "the run; nothing is ended by itself.")
                      .arg(m_queue.current().title),
                  {tr("Stop the Run"), [this] { m_queue.stop(StopPoint::Batch); }});
}

} // namespace clwb::ui
