// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a value table whose last column is a change: drawn as a bar from the middle.
#pragma once

#include "ui/widgets/row_delegate.h"

namespace clwb::ui
{

/// For DataTableModel behind any proxy; 100 points fill half of the column.
class ChangeDelegate : public RowDelegate
{
public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace clwb::ui
