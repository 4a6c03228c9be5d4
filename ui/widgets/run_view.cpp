// SPDX-License-Identifier: GPL-3.0-or-later
// Behaviour of the run list.
#include "ui/widgets/run_view.h"

#include "ui/models/run_list_model.h"
#include "ui/widgets/building.h"
#include "ui/widgets/run_delegate.h"

#include <QApplication>
#include <QHeaderView>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <unordered_set>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kWideMetric = 112; ///< "58.03 ± 0.41"
constexpr int kBestMetric = 104; ///< "58.03 at 5"

} // namespace

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
        placePinnedHeader();
    });
    connect(header(), &QHeaderView::sectionMoved, this, &RunView::placePinnedHeader);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &RunView::beforeReset);
    connect(model, &QAbstractItemModel::modelReset, this, &RunView::afterReset);
    connect(this, &QTreeView::collapsed, this,
            [this](const QModelIndex& index) { remember(index, Fold::Closed); });
    connect(this, &QTreeView::expanded, this,
            [this](const QModelIndex& index) { remember(index, Fold::Open); });
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RunView::tellRun);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunView::tellRun);
    connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const store::RunRow* run = m_model->runAt(index))
            Q_EMIT runActivated(run->runId);
    });
}

void RunView::beforeReset()
{
    const auto keyOf = [](const QModelIndex& index) {
        return index.siblingAtColumn(0).data(RunListModel::GroupKeyRole).toString();
    };
    m_selectedBefore.clear();
    m_groupsBefore.clear();
    for (const QModelIndex& index : selectionModel()->selectedRows()) {
        if (const store::RunRow* run = m_model->runAt(index))
            m_selectedBefore.push_back(run->runId);
        else
            m_groupsBefore.insert(keyOf(index));
    }
    const store::RunRow* current = m_model->runAt(currentIndex());
    m_currentBefore = current ? current->runId : -1;
    m_currentGroupBefore = current ? QString() : keyOf(currentIndex());
    m_scrollBefore = verticalScrollBar()->value();
}

void RunView::tellRun()
{
    const int64_t run = currentRun();
    if (!m_isRestoring && std::exchange(m_told, run) != run)
        Q_EMIT runSelected(run);
}

void RunView::afterReset()
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        setFirstColumnSpanned(row, {}, !hasFigures(group));
        // A lone nameless group is no group: its line is hidden by an empty title.
        setExpanded(group,
                    hasFigures(group) ==
                        m_toggled.contains(group.data(RunListModel::GroupKeyRole).toString()));
    }
    m_isRestoring = true; // nobody is told of what is on the way to what was selected
    selectAsBefore();
    m_isRestoring = false;
    verticalScrollBar()->setValue(m_scrollBefore);
    m_told = currentRun();
    Q_EMIT runSelected(m_told); // also where it is the same: its values may be new
}

void RunView::selectAsBefore()
{
    QItemSelection selection;
    QModelIndex current = m_model->indexOfRun(m_currentBefore);
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        const QString key = group.data(RunListModel::GroupKeyRole).toString();
        if (m_groupsBefore.contains(key) && hasFigures(group))
            selection.select(group, group.siblingAtColumn(m_model->columnCount() - 1));
        if (key == m_currentGroupBefore && hasFigures(group))
            current = group;
    }
    if (current.parent().isValid() && hasFigures(current.parent()) &&
        !isExpanded(current.parent())) {
        current = current.parent();
        selection.select(current, current.siblingAtColumn(m_model->columnCount() - 1));
    }
    std::map<int, std::vector<int>> rows; // by group: neighbours are selected as one range
    for (const int64_t runId : m_selectedBefore) {
        const QModelIndex index = m_model->indexOfRun(runId);
        // What is folded away is not selected: nobody would see what an action acts on.
        if (index.isValid() && (!hasFigures(index.parent()) || isExpanded(index.parent())))
            rows[index.parent().row()].push_back(index.row());
    }
    for (auto& [group, selected] : rows) {
        std::sort(selected.begin(), selected.end());
        const QModelIndex parent = m_model->index(group, 0);
        for (size_t first = 0, next = 0; first < selected.size(); first = next) {
            while (next < selected.size() &&
                   selected[next] == selected[first] + static_cast<int>(next - first))
                ++next;
            selection.append(QItemSelectionRange(
                m_model->index(selected[first], 0, parent),
                m_model->index(selected[next - 1], m_model->columnCount() - 1, parent)));
        }
    }
    if (!current.isValid() && !selection.isEmpty()) // the run with the cursor is gone
        current = selection.front().topLeft();
    if (current.isValid())
        selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

bool RunView::hasFigures(const QModelIndex& group)
{
    return group.data(RunListModel::HasFiguresRole).toBool();
}

void RunView::remember(const QModelIndex& group, Fold fold)
{
    // Configurations are folded until opened, other groups open until folded.
    const QString key = group.data(RunListModel::GroupKeyRole).toString();
    if ((fold == Fold::Closed) == hasFigures(group))
        m_toggled.remove(key);
    else
        m_toggled.insert(key);
}

std::vector<int64_t> RunView::selectedRuns() const
{
    std::vector<int64_t> runs;
    std::unordered_set<int64_t> known;
    const auto add = [&](const QModelIndex& index) {
        const store::RunRow* run = m_model->runAt(index);
        if (run && known.insert(run->runId).second)
            runs.push_back(run->runId);
    };
    for (const QModelIndex& index : selectionModel()->selectedRows()) {
        add(index);
        for (int row = 0; row < m_model->rowCount(index); ++row) // a configuration: all its runs
            add(m_model->index(row, 0, index));
    }
    return runs;
}

int64_t RunView::currentRun() const
{
    const auto runOf = [this](const QModelIndex& line) -> int64_t {
        const store::RunRow* run =
            m_model->runAt(line.isValid() && hasFigures(line) ? m_model->index(0, 0, line) : line);
        return run ? run->runId : -1;
    };
    // The cursor can be moved off what is selected (Ctrl): what looks selected is what is acted on.
    const QModelIndex current = currentIndex().siblingAtColumn(0);
    if (selectionModel()->isSelected(current))
        return runOf(current);
    for (const QModelIndex& line : selectionModel()->selectedRows()) {
        if (const int64_t run = runOf(line); run >= 0)
            return run;
    }
    return -1;
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

void RunView::fitMetrics()
{
    const bool isWide = m_model->grouping() == RunGrouping::Configuration;
    const auto& columns = runColumns();
    for (int at = 0; at < static_cast<int>(columns.size()); ++at) {
        const RunColumn& column = columns[static_cast<size_t>(at)];
        if (column.kind != ColumnKind::Metric || isColumnHidden(at))
            continue;
        const bool isLast = m_model->figures().shown(at) == MetricValue::Last;
        const int wanted = isWide ? kWideMetric : isLast ? column.width : kBestMetric;
        // A width of the user's own is kept where it suffices.
        const int width = columnWidth(at);
        if (width < wanted || width == kWideMetric || width == kBestMetric)
            setColumnWidth(at, wanted);
    }
}

void RunView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fillWidth();
    placePinnedHeader();
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

void RunView::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    const bool isSelected = selectionModel()->isSelected(index);
    setDragEnabled(isSelected); // keeps the others selected while it may become a drag
    m_pressed.reset();
    if (!isSelected && index.flags().testFlag(Qt::ItemIsDragEnabled) &&
        event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier)
        m_pressed = event->position().toPoint();
    QTreeView::mousePressEvent(event);
}

void RunView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint moved = event->position().toPoint() - m_pressed.value_or(QPoint());
    if (m_pressed && moved.manhattanLength() >= QApplication::startDragDistance()) {
        m_pressed.reset();
        if (std::abs(moved.x()) > std::abs(moved.y())) {
            setState(DraggingState); // not selecting, whatever comes of it
            startDrag(Qt::CopyAction);
            setState(NoState);
            return;
        }
    }
    QTreeView::mouseMoveEvent(event);
}

void RunView::mouseReleaseEvent(QMouseEvent* event)
{
    QModelIndex index = indexAt(event->position().toPoint());
    if (isFrozen() && event->position().x() < columnWidth(0)) // the arrow stays at the left
        index = index.siblingAtColumn(0);
    // The line of a configuration can be selected: only its arrow folds.
    if (event->button() == Qt::LeftButton && index.data(RunListModel::IsGroupRole).toBool() &&
        (index.column() == 0 || !hasFigures(index.siblingAtColumn(0))))
        setExpanded(index.siblingAtColumn(0), !isExpanded(index.siblingAtColumn(0)));
    QTreeView::mouseReleaseEvent(event);
}

} // namespace clwb::ui
