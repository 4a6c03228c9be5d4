// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with the run that trains: pause, continue, stop now or later; and export.
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void LivePage::trigger(const QString& actionId)
{
    RunQueue& queue = state().queue();
    if (m_stored) {
        m_stored.reset();
        m_storedWanted.reset();
        scheduleUpdate({true, true, true, true});
    }
    if (actionId == "live.stop"_L1)
        queue.stop();
    else if (actionId == "live.stopEpoch"_L1)
        queue.stop(StopPoint::Epoch);
    else if (actionId == "live.stopSession"_L1)
        queue.stop(StopPoint::Session);
    else if (actionId == "live.stopNow"_L1)
        queue.stop(StopPoint::Now);
    else if (actionId == "live.pause"_L1 && queue.state() == RunQueue::State::Paused)
        queue.resume();
    else if (actionId == "live.pause"_L1)
        queue.pause();
}

bool LivePage::isActionEnabled(const QString& actionId) const
{
    const RunQueue::State now = state().queue().state();
    const bool canPause = now == RunQueue::State::Running || now == RunQueue::State::Paused;
    if (actionId == "live.pause"_L1)
        return canPause;
    if (actionId == "live.stopEpoch"_L1 || actionId == "live.stopSession"_L1)
        return now == RunQueue::State::Running;
    if (actionId == "live.stopNow"_L1)
        return now == RunQueue::State::Running ||
               (now == RunQueue::State::Stopping && state().queue().stopPoint() != StopPoint::Now);
    const bool endsLater =
        now == RunQueue::State::Stopping && state().queue().stopPoint() > StopPoint::Batch;
    return canPause || now == RunQueue::State::Pausing || endsLater;
}

void LivePage::exportShown()
{
    if (shown().runId)
        askAndExportTable(state(), {u"curves"_s, std::vector<int64_t>{*shown().runId}}, this);
}

} // namespace clwb::ui
