// SPDX-License-Identifier: GPL-3.0-or-later
// What the Runs page does with the selected runs.
#include "ui/bridge/qt_text.h"
#include "ui/models/image_link.h"
#include "ui/models/kept_details.h"
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/clipboard.h"
#include "ui/shell/run_edits.h"
#include "ui/shell/run_files.h"
#include "ui/widgets/building.h"
#include "ui/widgets/colour_menu.h"
#include "ui/widgets/run_inspector.h"
#include "ui/widgets/run_view.h"

#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void RunsPage::trigger(const QString& actionId)
{
    const store::RunRow* run = currentRow();
    if (actionId == "runs.hide"_L1) {
        state().looks().toggle(m_view->selectedRuns());
    } else if (actionId == "runs.solo"_L1) {
        std::vector<int64_t> all;
        for (const store::RunRow& row : state().runs()) {
            if (row.kind == "method") // references stay as what methods are measured by
                all.push_back(row.runId);
        }
        state().looks().solo(m_view->selectedRuns(), all);
    } else if (actionId == "runs.trash"_L1) {
        trashSelected();
    } else if (actionId == "runs.archive"_L1) {
        archiveSelected();
    } else if (actionId == "edit.copy"_L1) {
        copyShown();
    } else if (actionId == "runs.bundle"_L1) {
        askAndExportBundle(state(), bundled(), this);
    } else if (actionId == "runs.compare"_L1) {
        if (const std::vector<int64_t> runs = m_view->selectedRuns(); !runs.empty())
            state().requestPage(u"compare"_s, Json{{"runs", runs}});
    } else if (!run) {
        return;
    } else if (actionId == "runs.rename"_L1) {
        if (auto* name = findChild<QLineEdit*>(u"inspector.name"_s)) {
            name->setFocus();
            name->selectAll();
        }
    } else if (actionId == "runs.star"_L1) {
        setStarred(state(), *run, !run->starred);
    } else if (actionId == "runs.continue"_L1) {
        state().continueRun(run->runId);
    } else if (actionId == "runs.clone"_L1) {
        state().requestPage(u"new_run"_s, Json{{"clone", run->runId}});
    } else if (actionId == "runs.branch"_L1) {
        askForBranch(*run);
    } else if (actionId == "runs.watch"_L1) {
        state().requestPage(u"live"_s, Json{{"run", run->runId}});
    } else if (actionId == "runs.images"_L1) {
        state().requestPage(u"images"_s, toJson(ImageLink{.run = run->runId}));
    } else if (actionId == "runs.lost"_L1) {
        state().requestPage(u"retrieval"_s, lostQueriesOf(run->runId));
    } else if (actionId == "runs.pin"_L1) {
        state().setPinned(run->runId, !state().pinned().contains(run->runId));
    }
}

bool RunsPage::isActionEnabled(const QString& actionId) const
{
    const store::RunRow* run = currentRow();
    if (!run || isHidden()) // elsewhere nobody sees what is selected here
        return false;
    const bool isOwn = run->status != "reported";
    const bool isEditable = isOwn && state().readOnlyReason().isEmpty();
    if (actionId == "runs.trash"_L1 || actionId == "runs.archive"_L1)
        return !trashable().empty();
    if (actionId == "runs.bundle"_L1)
        return !bundled().empty();
    if (actionId == "runs.rename"_L1 || actionId == "runs.star"_L1)
        return isEditable;
    if (actionId == "runs.continue"_L1)
        return isEditable && canContinue(*run);
    if (actionId == "runs.branch"_L1)
        return isEditable && run->kind == "method";
    if (actionId == "edit.copy"_L1 || actionId == "runs.compare"_L1 || actionId == "runs.hide"_L1 ||
        actionId == "runs.solo"_L1)
        return true;
    if (actionId == "runs.lost"_L1)
        return mayKeepRanks(*run) && !m_inspector->lacksRanks(run->runId);
    return isOwn;
}

QString RunsPage::whyDisabled(const QString& actionId) const
{
    const store::RunRow* run = currentRow();
    if (isHidden())
        return tr("Acts on the run that is selected on the page Runs");
    if (!run)
        return tr("Select a run first");
    if (run->status == "reported")
        return tr("Results reported in the paper can't be changed");
    if (actionId == "runs.lost"_L1 && mayKeepRanks(*run))
        return whyNoDetails(*run);
    if (actionId == "runs.lost"_L1)
        return whyNeverLost(*run);
    if (!state().readOnlyReason().isEmpty())
        return state().whyNoRuns();
    if (actionId == "runs.continue"_L1)
        return tr("Only a run that was stopped, interrupted or failed can go on");
    if (actionId == "runs.branch"_L1)
        return tr("Only a run of a method has sessions to go on from");
    return tr("The run is in progress");
}

std::vector<int64_t> RunsPage::trashable() const
{
    std::vector<int64_t> runs;
    if (!state().readOnlyReason().isEmpty())
        return runs;
    for (const int64_t id : m_view->selectedRuns()) {
        const store::RunRow* run = state().findRun(id);
        if (run && run->status != "reported" && run->status != "running")
            runs.push_back(id);
    }
    return runs;
}

std::vector<int64_t> RunsPage::bundled() const
{
    std::vector<int64_t> runs = m_view->selectedRuns();
    std::erase_if(runs, [this](int64_t id) {
        const store::RunRow* run = state().findRun(id);
        return !run || run->status == "reported";
    });
    return runs;
}

void RunsPage::trashSelected()
{
    const std::vector<int64_t> runs = trashable();
    if (!runs.empty())
        moveToTrash(state(), runs);
}

void RunsPage::archiveSelected()
{
    const std::vector<int64_t> runs = trashable();
    // What is shown decides: one that is still in the list means that all are to go.
    const bool areAll = std::all_of(
        runs.begin(), runs.end(), [this](int64_t id) { return isArchived(*state().findRun(id)); });
    setArchived(state(), runs, !areAll);
}

void RunsPage::updateBelow()
{
    const bool isShown = m_model->archived() == Archived::Shown;
    const auto count = std::count_if(state().runs().begin(), state().runs().end(), isArchived);
    m_archived->setVisible(count > 0 && (isShown || m_model->hiddenCount() > 0));
    m_archived->setText(isShown ? tr("Hide archived runs")
                                : countedText(m_model->hiddenCount(), tr("Show %1 archived run"),
                                              tr("Show %1 archived runs")));
    m_archived->setAccessibleName(m_archived->text());
    const auto hidden =
        std::count_if(state().runs().begin(), state().runs().end(),
                      [this](const auto& run) { return state().looks().isHidden(run.runId); });
    m_hiddenRuns->setVisible(hidden > 0);
    m_hiddenRuns->setText(
        countedText(hidden, tr("Show %1 hidden run in plots"), tr("Show %1 hidden runs in plots")));
    m_hiddenRuns->setAccessibleName(m_hiddenRuns->text());
}

bool RunsPage::focusFilter()
{
    m_filter->setFocus();
    m_filter->selectAll();
    return true;
}

std::vector<int64_t> RunsPage::withTheirSeeds(const std::vector<int64_t>& runs) const
{
    const auto& known = state().runDetails().configurations;
    std::set<std::string> wanted;
    for (const int64_t run : runs) {
        if (const auto found = known.find(run); found != known.end())
            wanted.insert(found->second);
    }
    std::vector<int64_t> all = runs;
    for (const auto& [run, hash] : known) {
        if (wanted.contains(hash) && std::find(runs.begin(), runs.end(), run) == runs.end())
            all.push_back(run);
    }
    return all;
}

void RunsPage::activateRun(qint64 runId)
{
    const store::RunRow* run = state().findRun(runId);
    if (!run || run->status == "reported")
        return;
    state().requestPage(u"live"_s, Json{{"run", runId}});
}

bool RunsPage::canCopy() const
{
    return currentRow() != nullptr;
}

void RunsPage::copyShown()
{
    std::vector<int> columns;
    const QStringList titles = copiedTitles(columns);
    QList<QStringList> rows;
    for (const int64_t id : m_view->selectedRuns()) {
        const store::RunRow* run = state().findRun(id);
        if (!run)
            continue;
        QStringList cells;
        for (const int column : columns) {
            cells << m_model->textOf(*run, column);
            if (m_model->figures().shown(column) == MetricValue::Best) {
                const auto session = m_model->figures().sessionOfBest(*run, column);
                cells << (session ? QString::number(*session) : QString());
            }
        }
        rows << cells;
    }
    copyTable(titles, rows);
}

void RunsPage::showContextMenu(const QPoint& position)
{
    const store::RunRow* run = m_model->runAt(m_view->indexAt(position));
    if (!run)
        return;
    auto* menu = new QMenu(this);
    menu->setObjectName(u"runs.menu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addManageActions(*menu, *run);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

void RunsPage::addManageActions(QMenu& menu, const store::RunRow& run)
{
    const bool isPinned = state().pinned().contains(run.runId);
    const std::pair<QString, QString> entries[] = {
        {u"runs.watch"_s, tr("Show in Live")},
        {u"runs.images"_s, tr("Show Images")},
        {u"runs.lost"_s, tr("Show Lost Queries")},
        {u"runs.pin"_s, isPinned ? tr("Unpin from Live") : tr("Pin in Live")},
        {u"runs.compare"_s, tr("Compare")},
        {u"runs.continue"_s, tr("Continue")},
        {u"runs.clone"_s, tr("Clone…")},
        {u"runs.branch"_s, tr("Branch…")},
        {QString(), QString()},
        {u"runs.rename"_s, tr("Rename")},
        {u"runs.star"_s, run.starred ? tr("Unstar") : tr("Star")},
        {u"runs.hide"_s, state().looks().areHidden(m_view->selectedRuns()) ? tr("Show in Plots")
                                                                           : tr("Hide in Plots")},
        {u"runs.solo"_s, tr("Show Only This in Plots")},
        {u"colour"_s, {}},
        {u"edit.copy"_s, tr("Copy")},
        {u"runs.bundle"_s, tr("Export as Bundle…")},
        {QString(), QString()},
        {u"runs.archive"_s, isArchived(run) ? tr("Restore from Archive") : tr("Archive")},
        {u"runs.trash"_s, tr("Move to Trash")}};
    for (const auto& [id, text] : entries) {
        if (id.isEmpty()) {
            menu.addSeparator();
            continue;
        }
        if (id == "colour"_L1) {
            const auto choose = [this](const QColor& colour) {
                state().looks().setColour(withTheirSeeds(m_view->selectedRuns()), colour);
            };
            menu.addMenu(makeColourMenu(state().looks().ownColour(run.runId), choose, &menu));
            continue;
        }
        QAction* action = menu.addAction(text);
        action->setEnabled(isActionEnabled(id));
        if (!action->isEnabled())
            action->setToolTip(whyDisabled(id));
        connect(action, &QAction::triggered, this, [this, id = id] { trigger(id); });
    }
    menu.setToolTipsVisible(true);
}

} // namespace clwb::ui
