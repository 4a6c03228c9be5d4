// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the run list that stay at the left while the others scroll: painted over the
// scrolled ones, so that there is one view with one selection.
#include "ui/models/run_list_model.h"
#include "ui/widgets/run_view.h"

#include <QHeaderView>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace clwb::ui
{

void RunView::setPinnedColumns(std::set<int> columns)
{
    m_pinned = std::move(columns);
    if (!m_pinnedHeader) {
        m_pinnedHeader = new QHeaderView(Qt::Horizontal, this);
        m_pinnedHeader->setModel(m_model);
        m_pinnedHeader->setObjectName(QStringLiteral("runs.pinnedHeader"));
        // Clicks go to the header below it.
        m_pinnedHeader->setAttribute(Qt::WA_TransparentForMouseEvents);
        m_pinnedHeader->setFocusPolicy(Qt::NoFocus);
        m_pinnedHeader->setMinimumSectionSize(header()->minimumSectionSize());
    }
    placePinnedHeader();
    viewport()->update();
}

std::vector<int> RunView::frozenColumns() const
{
    std::vector<int> columns;
    for (int visual = 0; visual < header()->count(); ++visual) {
        const int column = header()->logicalIndex(visual);
        if ((column == 0 || m_pinned.contains(column)) && !isColumnHidden(column))
            columns.push_back(column);
    }
    return columns;
}

bool RunView::isFrozen() const
{
    return !m_pinned.empty() && horizontalScrollBar()->value() > 0;
}

void RunView::placePinnedHeader()
{
    if (!m_pinnedHeader)
        return;
    m_pinnedHeader->setVisible(isFrozen());
    if (!isFrozen())
        return;
    const std::vector<int> columns = frozenColumns();
    for (int column = 0; column < m_pinnedHeader->count(); ++column)
        m_pinnedHeader->setSectionHidden(column, true);
    int width = 0;
    for (size_t at = 0; at < columns.size(); ++at) {
        m_pinnedHeader->setSectionHidden(columns[at], false);
        m_pinnedHeader->resizeSection(columns[at], columnWidth(columns[at]));
        m_pinnedHeader->moveSection(m_pinnedHeader->visualIndex(columns[at]), static_cast<int>(at));
        width += columnWidth(columns[at]);
    }
    m_pinnedHeader->setGeometry(header()->x(), header()->y(), width, header()->height());
    m_pinnedHeader->raise();
}

void RunView::scrollContentsBy(int dx, int dy)
{
    QTreeView::scrollContentsBy(dx, dy);
    if (dx == 0)
        return;
    placePinnedHeader();
    viewport()->update(); // what was painted over must not scroll along
}

void RunView::paintEvent(QPaintEvent* event)
{
    QTreeView::paintEvent(event);
    if (!isFrozen())
        return;
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    for (QModelIndex line = indexAt({0, 0}); line.isValid(); line = indexBelow(line)) {
        if (visualRect(line).top() > viewport()->height())
            break;
        paintPinned(painter, line.siblingAtColumn(0));
    }
}

void RunView::paintPinned(QPainter& painter, const QModelIndex& line)
{
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    if (selectionModel()->isSelected(line))
        option.state |= QStyle::State_Selected;
    const QRect place = visualRect(line);
    option.rect = QRect(0, place.top(), 0, place.height());
    const bool isSpanned = isFirstColumnSpanned(line.row(), line.parent());
    for (const int column : isSpanned ? std::vector<int>{0} : frozenColumns()) {
        option.rect.setWidth(isSpanned ? viewport()->width() : columnWidth(column));
        painter.fillRect(option.rect, palette().base());
        itemDelegate()->paint(&painter, option, line.siblingAtColumn(column));
        option.rect.moveLeft(option.rect.right() + 1);
    }
}

} // namespace clwb::ui
