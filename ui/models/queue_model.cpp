// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/queue_model.h"

#include <algorithm>

namespace clwb::ui
{

void QueueModel::setOrders(const std::deque<RunOrder>& orders)
{
    const bool isSame =
        std::equal(m_orders.begin(), m_orders.end(), orders.begin(), orders.end(),
                   [](const RunOrder& a, const RunOrder& b) { return a.number == b.number; });
    if (isSame)
        return;
    beginResetModel();
    m_orders = orders;
    endResetModel();
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_orders.size());
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RunOrder& order = at(index.row());
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
        const QString text = tr("%1.  %2").arg(index.row() + 1).arg(order.title);
        return order.continueRun ? tr("%1  (continues #%2)").arg(text).arg(*order.continueRun)
                                 : text;
    }
    return {};
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const
{
    return index.isValid() ? QAbstractListModel::flags(index) | Qt::ItemIsDragEnabled
                           : Qt::ItemIsDropEnabled; // between rows, not onto them
}

Qt::DropActions QueueModel::supportedDropActions() const
{
    return Qt::MoveAction;
}

bool QueueModel::moveRows(const QModelIndex& /*from*/, int row, int count,
                          const QModelIndex& /*to*/, int destination)
{
    const int to = destination > row ? destination - 1 : destination;
    if (count != 1 || row < 0 || row >= rowCount() || to < 0 || to >= rowCount() || to == row)
        return false;
    Q_EMIT moveAsked(row, to);
    return true;
}

} // namespace clwb::ui
