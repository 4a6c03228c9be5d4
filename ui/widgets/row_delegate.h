// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of plain tables and lists.
#pragma once

#include <QStyledItemDelegate>

namespace clwb::ui
{

/// Rows with some air.
class RowDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(6, 9);
    }
};

} // namespace clwb::ui
