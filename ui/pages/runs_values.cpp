// SPDX-License-Identifier: GPL-3.0-or-later
// Which value a metric's column of the Runs page shows: its menu, and what of the project's history
// is read for it.
#include "ui/bridge/qt_text.h"
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"

#include <QActionGroup>
#include <QMenu>
#include <QPointer>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Another number when a run came, went or was evaluated.
size_t evaluatedState(const std::vector<store::RunRow>& runs)
{
    size_t state = 1;
    for (const store::RunRow& run : runs)
        state = qHashMulti(state, run.runId, run.lastSession);
    return state;
}

struct MoreMetrics
{
    store::BestMetrics best;
    store::SessionMetrics sessions;
};

/// "Session 3 (32 OST, 35 MST)"
QString sessionTitle(int session, const std::map<std::string, int>& runs)
{
    QStringList counts;
    for (const auto& [setting, count] : runs)
        counts << (setting.empty() ? RunsPage::tr("%1 others").arg(count)
                                   : u"%1 %2"_s.arg(count).arg(toQt(setting)));
    return (session == 0 ? RunsPage::tr("Before Training (%2)") : RunsPage::tr("Session %1 (%2)"))
        .replace(u"%1"_s, QString::number(session))
        .replace(u"%2"_s, counts.join(u", "_s));
}

} // namespace

std::set<std::string> RunsPage::metricNamesOf(int column) const
{
    std::set<std::string> names;
    for (const store::RunRow& run : state().runs())
        names.insert(runColumns()[static_cast<size_t>(column)].metric(run));
    return names;
}

void RunsPage::fillValueMenu(QMenu& menu, int column)
{
    const MetricValue shown = m_model->figures().shown(column);
    auto* group = new QActionGroup(&menu);
    const auto add = [&](const QString& title, MetricValue value) {
        QAction* action = menu.addAction(title);
        action->setCheckable(true);
        action->setChecked(shown == value);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, column, value] { showMetric(column, value); });
        return action;
    };
    add(tr("Last Value"), MetricValue::Last)
        ->setToolTip(tr("Of the last evaluation, however far the run came"));
    add(tr("Best Value over Sessions"), MetricValue::Best);
    QAction* final = add(tr("Final Value, after All Sessions"), MetricValue::Final);
    const bool doesDiffer =
        !std::all_of(state().runs().begin(), state().runs().end(), hasFinalEvaluation);
    final->setEnabled(doesDiffer || shown == MetricValue::Final);
    final->setToolTip(
        doesDiffer ? tr("Runs that stopped earlier, or still train, show none")
                   : tr("The same as the last value: all runs were evaluated after all sessions"));
    QMenu* sessions = menu.addMenu(tr("At Session"));
    sessions->setObjectName(u"runs.sessionMenu"_s);
    if (shown.of == MetricValue::Of::Session)
        sessions->setTitle(tr("At Session (Now %1)").arg(shown.session));
    fillSessionMenu(*sessions, column);
}

void RunsPage::fillSessionMenu(QMenu& menu, int column)
{
    // Only the project knows which there are: a placeholder stands until it has answered.
    QAction* waiting = menu.addAction(tr("Reading…"));
    waiting->setEnabled(false);
    if (!state().reader())
        return;
    state().reader()->ask(
        this,
        [names = metricNamesOf(column)](store::Project& project) {
            return store::evaluatedSessions(project, names);
        },
        [this, column, waiting,
         menu = QPointer<QMenu>(&menu)](Result<store::SessionCounts> counts) {
            if (!menu)
                return;
            if (!counts || counts->empty()) {
                waiting->setText(counts ? tr("No run has values of it")
                                        : tr("The project cannot be read now"));
                return;
            }
            delete waiting;
            const MetricValue shown = m_model->figures().shown(column);
            for (const auto& [session, runs] : *counts) {
                QAction* action = menu->addAction(sessionTitle(session, runs));
                action->setCheckable(true);
                action->setChecked(shown == MetricValue::after(session));
                connect(action, &QAction::triggered, this, [this, column, session = session] {
                    showMetric(column, MetricValue::after(session));
                });
            }
        });
}

void RunsPage::readMetrics()
{
    // A list that is read again while a run trains has the same values until it is evaluated.
    size_t wanted = evaluatedState(state().runs());
    bool isBestShown = false;
    std::set<int> sessions;
    for (const auto& [column, value] : m_model->figures().choices()) {
        isBestShown = isBestShown || value == MetricValue::Best;
        if (value.of == MetricValue::Of::Session)
            sessions.insert(value.session);
    }
    for (const int session : sessions)
        wanted = qHashMulti(wanted, session);
    wanted = qHashMulti(wanted, isBestShown);
    if ((!isBestShown && sessions.empty()) || wanted == m_bestState)
        return;
    m_isReadingMore = true;
    state().reader()->ask(
        this,
        [isBestShown, sessions](store::Project& project) -> Result<MoreMetrics> {
            MoreMetrics more;
            if (isBestShown) {
                CLWB_ASSIGN(more.best, store::bestMetrics(project));
            }
            CLWB_ASSIGN(more.sessions, store::sessionMetrics(project, sessions));
            return more;
        },
        [this, request = m_moreRequest, wanted](Result<MoreMetrics> more) {
            if (request != m_moreRequest)
                return;
            m_isReadingMore = false;
            m_bestState = wanted;
            if (!more)
                return;
            m_model->setBest(std::move(more->best));
            m_model->setSessions(std::move(more->sessions));
        });
}

} // namespace clwb::ui
