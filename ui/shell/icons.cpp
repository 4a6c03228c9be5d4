// SPDX-License-Identifier: GPL-3.0-or-later
// Rendering of the line icons.
#include "ui/shell/icons.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace clwb::ui
{

QPixmap lineIcon(const QString& name, const QColor& colour, int size, qreal pixelRatio)
{
    QFile file(QStringLiteral(":/clwb/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray svg = file.readAll();
    svg.replace("#000000", colour.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(QSize(size, size) * pixelRatio);
    pixmap.setDevicePixelRatio(pixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, size, size));
    return pixmap;
}

} // namespace clwb::ui
