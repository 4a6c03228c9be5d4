// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/change_delegate.h"

#include "ui/models/data_table.h"
#include "ui/shell/theme.h"

#include <QPainter>

#include <algorithm>

namespace clwb::ui
{

void ChangeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    if (index.column() == index.model()->columnCount() - 1) {
        const QVariant value = index.data(DataTableModel::SortRole);
        if (value.typeId() == QMetaType::Double && value.toDouble() != 0) {
            const Theme& theme = themeOf(option.palette);
            const double change = std::clamp(value.toDouble(), -100.0, 100.0);
            const QRectF area = QRectF(option.rect).adjusted(4, 4, -4, -4);
            const double middle = area.center().x();
            const double end = middle + change / 100 * area.width() / 2;
            painter->fillRect(QRectF(QPointF(std::min(middle, end), area.top()),
                                     QPointF(std::max(middle, end), area.bottom())),
                              mixed(theme.card, change < 0 ? theme.bad : theme.good, 0.25));
        }
    }
    RowDelegate::paint(painter, option, index);
}

} // namespace clwb::ui
