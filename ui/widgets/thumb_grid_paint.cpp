// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the picture grid, and what it asks the loader for.
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/picture_list_model.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/thumb_grid.h"

#include <QHelpEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QToolTip>

#include <vector>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

void paintVerdict(QPainter& painter, const QRect& picture, bool isRight, const Theme& theme)
{
    const QPointF centre(picture.right() - 11, picture.top() + 12);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isRight ? theme.good : theme.bad);
    painter.drawEllipse(centre, 8, 8);
    painter.setPen(QPen(theme.card, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (isRight) {
        painter.drawPolyline(QPolygonF(
            {centre + QPointF(-3.5, 0), centre + QPointF(-1, 3), centre + QPointF(3.5, -3)}));
    } else {
        painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3));
        painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3));
    }
}

} // namespace

void ThumbGrid::request()
{
    const Range range = inSight();
    std::vector<int64_t> wanted;
    wanted.reserve(static_cast<size_t>(range.last - range.first));
    for (int row = range.first; row < range.last; ++row)
        wanted.push_back(m_model->entryAt(row).id);
    m_loader->want(wanted);
}

bool ThumbGrid::isComplete() const
{
    return m_loader->pending() == 0;
}

QString ThumbGrid::problemOf(const QModelIndex& index) const
{
    const LoadedPicture* loaded = m_loader->find(m_model->entryAt(index.row()).id);
    return loaded ? loaded->problem : QString();
}

void ThumbGrid::paintEvent(QPaintEvent* event)
{
    request();
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const Range range = inSight();
    for (int row = range.first; row < range.last; ++row) {
        if (event->region().intersects(rectOf(row)))
            paintItem(painter, row);
    }
}

void ThumbGrid::paintItem(QPainter& painter, int row)
{
    const Theme& theme = themeOf(palette());
    const QModelIndex index = m_model->index(row, 0);
    const QRect rect = rectOf(row).adjusted(2, 2, -2, -2);
    const bool isSelected = selectionModel()->isSelected(index);
    const bool isCurrent = hasFocus() && index == currentIndex();
    if (isSelected || isCurrent) {
        painter.setPen(isCurrent ? QPen(theme.accent, 1) : QPen(Qt::NoPen));
        painter.setBrush(isSelected ? QBrush(theme.accentSoft) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    }
    const QRect area(rect.left() + (rect.width() - m_side) / 2, rect.top() + 6, m_side, m_side);
    paintPicture(painter, area, index);
    painter.setPen(theme.text);
    painter.setFont(smallFont(font()));
    const QRect line(rect.left() + 5, area.bottom() + 3, rect.width() - 10,
                     rect.bottom() - area.bottom() - 4);
    // The end tells pictures of one folder apart.
    painter.drawText(
        line, Qt::AlignHCenter | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, line.width()));
}

void ThumbGrid::paintPicture(QPainter& painter, const QRect& area, const QModelIndex& index)
{
    const Theme& theme = themeOf(palette());
    const PictureEntry entry = m_model->entryAt(index.row());
    const LoadedPicture* loaded = m_loader->find(entry.id);
    QRect place = area;
    if (loaded && loaded->problem.isEmpty()) {
        const QSize size = (loaded->image.size() / devicePixelRatioF()).expandedTo({1, 1});
        // Pictures of a few pixels are enlarged, so that they can be seen at all.
        const QSize shown = size.scaled(area.size(), Qt::KeepAspectRatio);
        place = QRect(area.topLeft() +
                          QPoint(area.width() - shown.width(), area.height() - shown.height()) / 2,
                      shown);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, shown != size);
        painter.drawImage(place, loaded->image);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.hover);
        painter.drawRoundedRect(area, 4, 4);
    }
    if (loaded && !loaded->problem.isEmpty()) {
        painter.setPen(readableOn(theme.hover, theme.bad));
        painter.setFont(smallFont(font()));
        painter.drawText(area.adjusted(6, 6, -6, -6),
                         Qt::AlignCenter | Qt::TextWordWrap | Qt::TextWrapAnywhere,
                         tr("unreadable: %1").arg(loaded->problem));
    }
    if (entry.frame.isValid()) {
        painter.setPen(QPen(entry.frame, 3));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(place).adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3);
    }
    if (entry.mark != PictureMark::None)
        paintVerdict(painter, place, entry.mark == PictureMark::Right, theme);
}

bool ThumbGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QModelIndex index = indexAt(help->pos());
        if (index.isValid()) {
            const QString problem = problemOf(index);
            QString tip = index.data(Qt::ToolTipRole).toString();
            if (!problem.isEmpty())
                tip += u'\n' + tr("unreadable: %1").arg(problem);
            // As plain text, whatever a file is called.
            QToolTip::showText(help->globalPos(),
                               u"<p style='white-space:pre-wrap'>"_s + tip.toHtmlEscaped() +
                                   u"</p>"_s,
                               viewport());
            return true;
        }
    }
    return QAbstractItemView::viewportEvent(event);
}

} // namespace clwb::ui
