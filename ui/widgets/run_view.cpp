// SPDX-License-Identifier: GPL-3.0-or-later
// Behaviour of the run list.
#include "ui/widgets/run_view.h"

#include "ui/models/run_list_model.h"
#include "ui/widgets/building.h"
#include "ui/widgets/run_delegate.h"

#include <QHeaderView>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

RunView::RunView(RunListModel* model, QWidget* parent)
    : QTreeView(parent)
    , m_model(model)
{
    nameWidget(this, u"runs.list"_s, tr("Runs"));
    setModel(model);
    setItemDelegate(new RunDelegate(this));
    setRootIsDecorated(false);
    setIndentation(0);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setExpandsOnDoubleClick(false);
    viewport()->setAttribute(Qt::WA_Hover);
    header()->setSectionsMovable(true);
    header()->setFirstSectionMovable(false);
    header()->setStretchLastSection(false);
    header()->setHighlightSections(false);
    header()->setMinimumSectionSize(36);
    header()->setAccessibleName(tr("Columns of the run list"));
    setSortingEnabled(true);
    header()->setSortIndicator(-1, Qt::DescendingOrder);
    header()->setSortIndicatorClearable(true);
    resetColumns();
    connect(header(), &QHeaderView::sectionResized, this, [this](int column) {
        if (column != columnOf(u"name"_s)) // its own width is the user's, until another changes
            fillWidth();
    });
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_selectedBefore = selectedRuns();
        m_currentBefore = currentRun();
        m_scrollBefore = verticalScrollBar()->value();
    });
    connect(model, &QAbstractItemModel::modelReset, this, &RunView::afterReset);
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        m_folded.insert(index.data(RunListModel::GroupKeyRole).toString());
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        m_folded.remove(index.data(RunListModel::GroupKeyRole).toString());
    });
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { Q_EMIT runSelected(currentRun()); });
    connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const store::RunRow* run = m_model->runAt(index))
            Q_EMIT runActivated(run->runId);
    });
}

void RunView::afterReset()
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        setFirstColumnSpanned(row, {}, true);
        // A lone nameless group is no group: its line is hidden by an empty title.
        setExpanded(group, !m_folded.contains(group.data(RunListModel::GroupKeyRole).toString()));
    }
    QItemSelection selection;
    for (const int64_t runId : m_selectedBefore) {
        const QModelIndex index = m_model->indexOfRun(runId);
        if (index.isValid())
            selection.select(index, index.siblingAtColumn(m_model->columnCount() - 1));
    }
    const QModelIndex current = m_model->indexOfRun(m_currentBefore);
    if (current.isValid())
        selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    verticalScrollBar()->setValue(m_scrollBefore);
    Q_EMIT runSelected(currentRun());
}

std::vector<int64_t> RunView::selectedRuns() const
{
    std::vector<int64_t> runs;
    for (const QModelIndex& index : selectionModel()->selectedRows()) {
        if (const store::RunRow* run = m_model->runAt(index))
            runs.push_back(run->runId);
    }
    return runs;
}

int64_t RunView::currentRun() const
{
    const store::RunRow* run = m_model->runAt(currentIndex());
    return run ? run->runId : -1;
}

void RunView::selectRun(int64_t runId)
{
    const QModelIndex index = m_model->indexOfRun(runId);
    if (!index.isValid())
        return;
    expand(index.parent());
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect |
                                                 QItemSelectionModel::Rows);
    scrollTo(index);
}

void RunView::fillWidth()
{
    if (std::exchange(m_isFilling, true))
        return;
    const int name = columnOf(u"name"_s);
    const int others = header()->length() - columnWidth(name);
    const int least = runColumns()[static_cast<size_t>(name)].width;
    if (!isColumnHidden(name))
        setColumnWidth(name, std::max(least, viewport()->width() - others));
    m_isFilling = false;
}

void RunView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fillWidth();
}

void RunView::selectRuns(const std::vector<int64_t>& runs)
{
    if (runs.empty())
        return;
    selectRun(runs.front());
    for (const int64_t runId : runs) {
        const QModelIndex index = m_model->indexOfRun(runId);
        if (index.isValid())
            selectionModel()->select(index,
                                     QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
}

QByteArray RunView::columnState() const
{
    return header()->saveState();
}

bool RunView::restoreColumnState(const QByteArray& state)
{
    return !state.isEmpty() && header()->restoreState(state);
}

void RunView::resetColumns()
{
    const auto& columns = runColumns();
    for (int at = 0; at < static_cast<int>(columns.size()); ++at) {
        header()->moveSection(header()->visualIndex(at), at);
        setColumnWidth(at, columns[static_cast<size_t>(at)].width);
        setColumnHidden(at, !columns[static_cast<size_t>(at)].isShown);
    }
}

void RunView::mouseReleaseEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index.data(RunListModel::IsGroupRole).toBool())
        setExpanded(index.siblingAtColumn(0), !isExpanded(index.siblingAtColumn(0)));
    QTreeView::mouseReleaseEvent(event);
}

} // namespace clwb::ui
