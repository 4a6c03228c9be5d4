// SPDX-License-Identifier: GPL-3.0-or-later
// The trials of the shown sweep: what the brushes keep of them, and their runs.
#include "ui/bridge/qt_text.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/pages/sweeps_page.h"
#include "ui/plots/figure_dialog.h"
#include "ui/plots/parallel_plot.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/card.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QPushButton>
#include <QSlider>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void SweepsPage::showTable()
{
    const SweepView* sweep = shown();
    if (!sweep)
        return;
    const bool isNarrowed = !m_parallel->brushes().empty() || m_share->value() < 100;
    std::vector<int> numbers = m_parallel->kept();
    for (const TrialView& trial : sweep->trials) {
        const bool hasLine = trial.state == store::TrialState::Done && trial.role != "winner"_L1 &&
                             !trial.metrics.empty(); // brushes decide
        if (!hasLine && !isNarrowed && (m_all->isChecked() || trial.role == "winner"_L1))
            numbers.push_back(trial.number);
    }
    const int columns = m_tableModel->columnCount();
    m_tableModel->setTable(trialTable(*sweep, numbers));
    if (m_tableModel->columnCount() != columns)
        m_table->header()->resizeSections(QHeaderView::ResizeToContents);
    m_trialsCard->setSubtitle(
        tr("%1 of %2").arg(m_tableModel->rowCount()).arg(sweep->trials.size()));
    m_clear->setEnabled(!m_parallel->brushes().empty());
    showObjective();
}

int SweepsPage::trialOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<int>(
                                 index.siblingAtColumn(0).data(DataTableModel::SortRole).toDouble())
                           : 0;
}

void SweepsPage::pointAt(int number)
{
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const QModelIndex index = m_sorted->index(row, 0);
        if (number > 0 && trialOf(index) == number) {
            m_table->scrollTo(index);
            m_table->setCurrentIndex(index);
        }
    }
}

void SweepsPage::openTrial(int number)
{
    const SweepView* sweep = shown();
    for (const TrialView& trial : sweep ? sweep->trials : std::vector<TrialView>()) {
        if (trial.number == number && trial.runId)
            state().requestPage(u"runs"_s, Json{{"run", *trial.runId}});
    }
}

void SweepsPage::openRun(const QModelIndex& index)
{
    openTrial(trialOf(index));
}

Figure SweepsPage::tableFigure() const
{
    // As it is sorted and brushed.
    Figure figure{.name = u"trials"_s};
    DataTable table;
    table.columns = m_tableModel->table().columns;
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const int source = m_sorted->mapToSource(m_sorted->index(row, 0)).row();
        table.rows.push_back(m_tableModel->table().rows[static_cast<size_t>(source)]);
    }
    figure.table = std::move(table);
    return figure;
}

void SweepsPage::exportShown()
{
    if (shown())
        askAndSaveData(tableFigure(), &state().settings(), this);
}

void SweepsPage::copyShown()
{
    if (shown())
        copyTable(*tableFigure().table);
}

} // namespace clwb::ui
