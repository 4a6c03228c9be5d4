// SPDX-License-Identifier: GPL-3.0-or-later
// Which run the Live page shows: the window's own, one that another program trains, a stored one.
#include "ui/bridge/qt_text.h"
#include "ui/models/run_columns.h"
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"

#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>

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

void LivePage::chooseRun()
{
    const auto elsewhere = runningElsewhere();
    if (state().live().phase == LiveRun::Phase::Empty && !m_isAsked && elsewhere) {
        // It goes on without a window, or in another one.
        if (m_storedWanted != elsewhere)
            loadStored(*elsewhere);
    } else if (state().live().phase == LiveRun::Phase::Empty && !m_storedWanted) {
        // Nothing has run in this window yet: the newest run of the project is shown.
        int64_t newest = -1;
        for (const store::RunRow& run : state().runs()) {
            if (run.status != "reported" && run.kind == "method" && run.lastSession > 0)
                newest = std::max(newest, run.runId);
        }
        if (newest >= 0)
            loadStored(newest);
    }
    followStored();
    const bool isEmpty = !m_stored && !m_storedWanted && !isShowingWorker();
    m_stack->setCurrentIndex(isEmpty ? 0 : 1);
    const QString whyNot = state().whyNoRuns();
    m_demo->setVisible(state().hasDemo());
    m_demo->setEnabled(whyNot.isEmpty());
    m_demo->setToolTip(whyNot);
    loadComparisons();
    scheduleUpdate({true, true, true, true});
}

std::optional<int64_t> LivePage::runningElsewhere() const
{
    std::optional<int64_t> newest;
    for (const store::RunRow& run : state().runs()) {
        const bool isOwn = state().queue().isBusy() && state().queue().currentRun() == run.runId;
        if (run.status == "running" && !isOwn)
            newest = std::max(newest.value_or(run.runId), run.runId);
    }
    return newest;
}

void LivePage::followStored()
{
    if (!m_stored || m_stored->status != "running"_L1 || !m_storedWanted || m_loading > 0)
        return;
    m_isBehind = !isVisible();
    if (!m_isBehind)
        loadStored(*m_storedWanted);
}

void LivePage::loadStored(int64_t runId)
{
    m_storedWanted = runId;
    const int request = ++m_request;
    ++m_loading;
    state().reader()->ask(
        this,
        [runId](store::Project& project) {
            return readStoredRun(project, runId, StoredParts::Everything);
        },
        [this, request](Result<StoredRun> stored) {
            --m_loading;
            if (request != m_request || !m_storedWanted)
                return;
            if (!stored) {
                state().reportProblem(tr("The run could not be read"), errorText(stored.error()));
                return;
            }
            m_stored = liveRunOf(*stored);
            m_stack->setCurrentIndex(1);
            loadComparisons();
            scheduleUpdate({true, true, true, true});
        });
}

void LivePage::open(const Json& argument)
{
    if (!argument.is_object() || !argument.contains("run"))
        return;
    const auto runId = argument["run"].get<int64_t>();
    m_isAsked = true;
    if (state().live().runId == runId) {
        m_stored.reset();
        m_storedWanted.reset();
        scheduleUpdate({true, true, true, true});
    } else {
        loadStored(runId);
    }
}

} // namespace clwb::ui
