// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flow_layout.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

FlowLayout::FlowLayout(QWidget* parent)
    : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.append(item);
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        const QSize hint = item->sizeHint();
        // One spacing more than needed: a checked button is bold, and a little wider than it said.
        size.rwidth() += hint.width() + spacing();
        size.rheight() = std::max(size.height(), hint.height());
    }
    return size.grownBy(contentsMargins());
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool isApplied) const
{
    const QRect inner = rect.marginsRemoved(contentsMargins());
    QPoint place = inner.topLeft();
    int rowHeight = 0;
    QList<QLayoutItem*> row;
    const auto endRow = [&] {
        int left = inner.left();
        for (QLayoutItem* item : std::exchange(row, {})) {
            const QSize size = item->sizeHint();
            // A lower one stands in the middle of its row.
            const QRect target(QPoint(left, place.y() + (rowHeight - size.height()) / 2), size);
            if (isApplied)
                item->setGeometry(
                    QStyle::visualRect(parentWidget()->layoutDirection(), rect, target));
            left += size.width() + spacing();
        }
    };
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) // a hidden widget
            continue;
        const QSize size = item->sizeHint();
        if (!row.isEmpty() && place.x() + size.width() > inner.right() + 1) {
            endRow();
            place = QPoint(inner.left(), place.y() + rowHeight + spacing());
            rowHeight = 0;
        }
        row << item;
        place.rx() += size.width() + spacing();
        rowHeight = std::max(rowHeight, size.height());
    }
    endRow();
    return place.y() + rowHeight - rect.top() + contentsMargins().bottom();
}

} // namespace clwb::ui
