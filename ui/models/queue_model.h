// SPDX-License-Identifier: GPL-3.0-or-later
// The waiting runs as a list that can be rearranged by dragging.
#pragma once

#include "ui/bridge/engine.h"

#include <QAbstractListModel>

#include <deque>

namespace clwb::ui
{

class QueueModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;
    /// Leaves the rows as they are where nothing changed.
    void setOrders(const std::deque<RunOrder>& orders);
    [[nodiscard]] const RunOrder& at(int row) const { return m_orders[static_cast<size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override;
    /// One row only; moveAsked() follows, and whoever hears it sets the new orders.
    bool moveRows(const QModelIndex& from, int row, int count, const QModelIndex& to,
                  int destination) override;

Q_SIGNALS:
    /// @param to the row it shall have afterwards
    void moveAsked(int row, int to);

private:
    std::deque<RunOrder> m_orders;
};

} // namespace clwb::ui
