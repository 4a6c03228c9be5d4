// SPDX-License-Identifier: GPL-3.0-or-later
// Which run the Live page shows: the window's own, one that another program trains, a stored one.
#include "ui/bridge/qt_text.h"
#include "ui/models/run_columns.h"
#include "ui/models/run_name.h"
#include "ui/models/run_owner.h"
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"

#include <QDateTime>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

const LiveRun& LivePage::shown() const
{
    return m_stored ? *m_stored : state().live();
}

bool LivePage::isShowingWorker() const
{
    return !m_stored && state().live().phase != LiveRun::Phase::Empty;
}

const store::RunRow* LivePage::continuable() const
{
    const LiveRun& run = shown();
    const bool isAtWork = isShowingWorker() && state().queue().state() != RunQueue::State::Idle;
    const store::RunRow* row = run.runId && !isAtWork ? state().findRun(*run.runId) : nullptr;
    return row && canContinue(*row) ? row : nullptr;
}

const store::RunRow* LivePage::shownElsewhere() const
{
    const store::RunRow* row =
        m_stored && m_storedWanted ? state().findRun(*m_storedWanted) : nullptr;
    return row && isTrainedElsewhere(*row) ? row : nullptr;
}

bool LivePage::isGone() const
{
    if (!m_storedWanted || m_isFollowing || state().findRun(*m_storedWanted))
        return false;
    // One that has ended stays while it is shown: it may be in the trash, and come back.
    return !m_stored || m_stored->runId != m_storedWanted || m_stored->status == "running"_L1;
}

void LivePage::chooseRun()
{
    if (isGone())
        showOwn(); // a run that fails before it begins to train leaves no row behind
    const store::RunRow* wanted = m_storedWanted ? state().findRun(*m_storedWanted) : nullptr;
    if (wanted && isTrainedElsewhere(*wanted))
        m_isWatched = true;
    const bool isFree = state().live().phase == LiveRun::Phase::Empty && !m_isAsked;
    const store::RunRow* elsewhere = newestElsewhere(state().runs());
    const bool wasElsewhere = m_stored && m_stored->status == "running"_L1;
    if (isFree && elsewhere && !m_isWatched) {
        // It goes on without a window, or in another one. The run that was followed so far keeps
        // its place, also once it has ended: the others are in the menu.
        m_isWatched = true;
        loadStored(elsewhere->runId);
    } else if (isFree && !m_storedWanted) {
        // Nothing has run in this window yet: the newest run of the project is shown.
        int64_t newest = -1;
        for (const store::RunRow& run : state().runs()) {
            if (run.status != "reported" && run.kind == "method" && run.lastSession > 0 &&
                !run.isPathPoint())
                newest = std::max(newest, run.runId);
        }
        if (newest >= 0)
            loadStored(newest);
    } else if (m_storedWanted && (m_isFollowing || wasElsewhere || shownElsewhere())) {
        followElsewhere();
    }
    const bool isEmpty = !m_stored && !m_storedWanted && !isShowingWorker();
    m_stack->setCurrentIndex(isEmpty ? 0 : 1);
    const QString whyNot = state().whyNoRuns();
    m_demo->setVisible(state().hasDemo());
    m_demo->setEnabled(whyNot.isEmpty());
    m_demo->setToolTip(whyNot);
    m_isLoadOld = true;
    loadComparisons();
    scheduleUpdate({true, true, true, true});
}

void LivePage::showOwn()
{
    m_stored.reset();
    m_storedWanted.reset();
    m_isAsked = false;
    m_isWatched = false;
    m_isBehind = false;
}

void LivePage::followElsewhere()
{
    // One reading at a time, none while nobody looks: once more afterwards.
    // And a fifth of the reader's time at most: other pages ask it, too, and a long run is large.
    constexpr qint64 kRests = 4;
    const qint64 rest = m_sinceRead.isValid() && shownElsewhere()
                            ? std::max<qint64>(0, kRests * m_readMs - m_sinceRead.elapsed())
                            : 0;
    m_isBehind = m_storedWanted && (m_isFollowing || !isVisible() || rest > 0);
    if (m_isBehind && !m_isFollowing && rest > 0)
        m_rest.start(static_cast<int>(std::min<qint64>(rest, 60'000)));
    if (m_storedWanted && !m_isBehind)
        loadStored(*m_storedWanted);
}

void LivePage::loadStored(int64_t runId)
{
    m_storedWanted = runId;
    m_isBehind = false;
    m_isFollowing = true;
    const int request = ++m_request;
    ++m_loading;
    QElapsedTimer began;
    began.start();
    state().reader()->ask(
        this,
        [runId](store::Project& project) -> Result<LiveRun> {
            CLWB_ASSIGN(const StoredRun stored,
                        readStoredRun(project, runId, StoredParts::Everything));
            return liveRunOf(stored); // there, since a long run has many steps
        },
        [this, request, began](Result<LiveRun> stored) {
            --m_loading;
            m_readMs = began.elapsed();
            m_sinceRead.start();
            if (request != m_request)
                return;
            m_isFollowing = false;
            if (!m_storedWanted)
                return;
            if (!stored) {
                // It may have gone before the list of runs tells of it: chooseRun() then lets go.
                if (stored.error().code == ErrorCode::Usage || !state().findRun(*m_storedWanted))
                    state().refresh();
                else
                    state().reportProblem(tr("The run could not be read"),
                                          errorText(stored.error()));
                return;
            }
            m_stored = std::move(*stored);
            m_stack->setCurrentIndex(1);
            loadComparisons();
            scheduleUpdate({true, true, true, true});
            if (std::exchange(m_isBehind, false) && m_stored->status == "running"_L1)
                followElsewhere();
        });
}

void LivePage::open(const Json& argument)
{
    if (!argument.is_object() || !argument.contains("run"))
        return;
    const auto runId = argument["run"].get<int64_t>();
    if (state().live().runId == runId && state().live().phase != LiveRun::Phase::Empty) {
        showOwn();
        scheduleUpdate({true, true, true, true});
    } else {
        loadStored(runId);
    }
    m_isAsked = true;
}

std::vector<const store::RunRow*> LivePage::otherRunning() const
{
    std::vector<const store::RunRow*> others;
    const std::optional<int64_t> own =
        state().queue().isBusy() ? state().queue().currentRun() : std::nullopt;
    for (const store::RunRow& run : state().runs()) {
        if (run.runId != shown().runId && (isTrainedElsewhere(run) || run.runId == own))
            others.push_back(&run);
    }
    return others;
}

void LivePage::fillOthersMenu()
{
    QMenu* menu = m_others->menu();
    menu->clear();
    for (const store::RunRow* run : otherRunning()) {
        const QString where = isTrainedElsewhere(*run)
                                  ? ownerText(*run, QDateTime::currentDateTime())
                                  : tr("this window");
        menu->addAction(u"%1 — %2"_s.arg(runTitle(*run), where), this, [this, id = run->runId] {
            open(Json{{"run", id}});
        });
    }
}

void LivePage::updateElsewhere()
{
    const store::RunRow* run = shownElsewhere();
    QString told;
    if (run) {
        const QString who = ownerText(*run, QDateTime::currentDateTime());
        if (state().hasNotReacted(run->runId))
            told = tr("Trained by %1, which was asked to stop and has not reacted: it may hang. "
                      "Stop Now asks it once more.")
                       .arg(who);
        else if (state().askedToStop(run->runId))
            told = tr("Trained by %1, which is asked to stop: it ends the run when it gets there.")
                       .arg(who);
        else
            told = tr("Trained by %1. It goes on when this window closes; Stop asks that program "
                      "to end the run.")
                       .arg(who);
    }
    const bool isNew = m_trainer->text() != told;
    m_trainer->setText(told);
    m_trainer->setToolTip(run ? QString(told + u'\n' + toQt(run->owner)) : QString());
    m_trainer->setVisible(run != nullptr);
    m_others->setVisible(!otherRunning().empty());
    if (run && !m_lookAgain.isActive())
        m_lookAgain.start();
    else if (!run)
        m_lookAgain.stop();
    if (isNew)
        Q_EMIT actionsChanged(); // they are for that program's run, or no more
}

} // namespace clwb::ui
