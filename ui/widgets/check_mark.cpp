// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/check_mark.h"

#include "ui/shell/theme.h"

#include <QPainter>

namespace clwb::ui
{

void paintCheckMark(QPainter& painter, const QPalette& palette, const QRect& area,
                    Qt::CheckState state)
{
    const Theme& theme = themeOf(palette);
    const bool isChecked = state == Qt::Checked;
    const QRectF box(area.left() + 0.5, area.center().y() - 6.5, kCheckSize - 1, kCheckSize - 1);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(isChecked ? theme.accent : mixed(theme.border, theme.muted, 0.5), 1));
    painter.setBrush(isChecked ? theme.accent : theme.field);
    painter.drawRoundedRect(box, 4, 4);
    if (isChecked) {
        painter.setPen(QPen(theme.onAccent, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(
            QPolygonF({box.topLeft() + QPointF(3, 7), box.topLeft() + QPointF(6, 10),
                       box.topLeft() + QPointF(11, 4)}));
    }
    painter.restore();
}

} // namespace clwb::ui
