// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with the run that trains: pause, continue, stop now or later, or ask its program to;
// and export.
#include "ui/models/run_owner.h"
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"

#include <QMessageBox>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Where an action ends the run; of others nothing.
std::optional<StopPoint> stopPointOf(const QString& actionId)
{
    if (actionId == "live.stop"_L1)
        return StopPoint::Batch;
    if (actionId == "live.stopEpoch"_L1)
        return StopPoint::Epoch;
    if (actionId == "live.stopSession"_L1)
        return StopPoint::Session;
    return actionId == "live.stopNow"_L1 ? std::optional(StopPoint::Now) : std::nullopt;
}

} // namespace

void LivePage::trigger(const QString& actionId)
{
    RunQueue& queue = state().queue();
    const store::RunRow* other = actionId == "live.pause"_L1 ? nullptr : toBeAsked();
    if (other && !canAsk(*other, actionId))
        return;
    if (!other && m_stored) {
        showOwn();
        scheduleUpdate({true, true, true, true});
    }
    const std::optional<StopPoint> point = stopPointOf(actionId);
    if (point == StopPoint::Now || (point == StopPoint::Batch && isSaving(other)))
        askToStopNow(other ? std::optional(other->runId) : std::nullopt);
    else if (point && other)
        state().askToStop(other->runId, *point);
    else if (point)
        queue.stop(*point);
    else if (actionId == "live.pause"_L1 && queue.state() == RunQueue::State::Paused)
        queue.resume();
    else if (actionId == "live.pause"_L1)
        queue.pause();
}

bool LivePage::isSaving(const store::RunRow* other) const
{
    if (other)
        return state().askedToStop(other->runId) == StopPoint::Batch;
    const RunQueue& queue = state().queue();
    return queue.state() == RunQueue::State::Stopping && queue.stopPoint() == StopPoint::Batch;
}

const store::RunRow* LivePage::toBeAsked() const
{
    // From another page nobody sees which run is shown here.
    return isHidden() ? nullptr : shownElsewhere();
}

bool LivePage::canAsk(const store::RunRow& run, const QString& actionId) const
{
    const auto asked = state().askedToStop(run.runId);
    if (actionId == "live.stopEpoch"_L1 || actionId == "live.stopSession"_L1)
        return !asked || asked == StopPoint::Epoch || asked == StopPoint::Session;
    // A request may be lost, or its program hang: the last one can be made again.
    return actionId == "live.stopNow"_L1 || asked != StopPoint::Now;
}

QString LivePage::askedText(StopPoint point) const
{
    switch (point) {
    case StopPoint::Epoch:
        return tr("asked to stop after this epoch");
    case StopPoint::Session:
        return tr("asked to stop after this session");
    case StopPoint::Now:
        return tr("asked to stop without saving");
    case StopPoint::Batch:
        break;
    }
    return tr("asked to stop");
}

void LivePage::askToStopNow(std::optional<int64_t> other)
{
    auto* box = new QMessageBox(
        QMessageBox::Question, tr("Stop Without Saving?"),
        tr("The run ends at once. It can go on from its last checkpoint; what it did since then is "
           "done again."),
        QMessageBox::NoButton, this);
    box->setObjectName(u"live.stopNowBox"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* stop = box->addButton(tr("Stop Without Saving"), QMessageBox::DestructiveRole);
    stop->setObjectName(u"live.stopNowYes"_s);
    box->setDefaultButton(box->addButton(tr("Keep It Running"), QMessageBox::RejectRole));
    // The run may end by itself while this is asked.
    if (other) {
        connect(&state(), &AppState::runsChanged, box, [this, box, other] {
            const store::RunRow* run = state().findRun(*other);
            if (!run || !isTrainedElsewhere(*run))
                box->close();
        });
    } else {
        connect(&state().queue(), &RunQueue::ended, box, &QWidget::close);
    }
    connect(stop, &QPushButton::clicked, this, [this, other] {
        if (other)
            state().askToStop(*other, StopPoint::Now);
        else
            state().queue().stop(StopPoint::Now);
    });
    box->open();
}

bool LivePage::isActionEnabled(const QString& actionId) const
{
    if (const store::RunRow* other = toBeAsked(); other && actionId != "live.pause"_L1)
        return canAsk(*other, actionId);
    const RunQueue::State now = state().queue().state();
    const bool canPause = now == RunQueue::State::Running || now == RunQueue::State::Paused;
    if (actionId == "live.pause"_L1)
        return canPause;
    if (actionId == "live.stopEpoch"_L1 || actionId == "live.stopSession"_L1)
        return now == RunQueue::State::Running;
    if (actionId == "live.stopNow"_L1)
        return now == RunQueue::State::Running ||
               (now == RunQueue::State::Stopping && state().queue().stopPoint() != StopPoint::Now);
    // Stopping already, a second Stop asks whether to save at all.
    const bool canBeHurried =
        now == RunQueue::State::Stopping && state().queue().stopPoint() != StopPoint::Now;
    return canPause || now == RunQueue::State::Pausing || canBeHurried;
}

void LivePage::exportShown()
{
    if (shown().runId)
        askAndExportTable(state(), {u"curves"_s, std::vector<int64_t>{*shown().runId}}, this);
}

} // namespace clwb::ui
