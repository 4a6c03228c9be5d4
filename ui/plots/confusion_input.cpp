// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keyboard in the matrix of classes.
#include "ui/plots/confusion_view.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kZoomStep = 1.5;
constexpr double kFewestCells = 4;
constexpr int kFarStep = 10;
constexpr double kDragBegins = 6; ///< pixels

} // namespace

std::optional<QPoint> ConfusionView::placeAt(const QPointF& point) const
{
    const QRectF cellsArea = area();
    if (cells() == 0 || !cellsArea.contains(point))
        return std::nullopt;
    const double scale = m_view.width() / cellsArea.width();
    const auto place = [&](double offset, double begin) {
        return std::clamp(static_cast<int>(std::floor(begin + offset * scale)), 0, cells() - 1);
    };
    return QPoint(place(point.x() - cellsArea.left(), m_view.left()),
                  place(point.y() - cellsArea.top(), m_view.top()));
}

void ConfusionView::point(const QPoint& place)
{
    if (m_data.describe)
        Q_EMIT pointed(m_data.describe(classAt(place.y()), classAt(place.x())));
}

void ConfusionView::showPart(const QRectF& view)
{
    const double side = std::clamp(std::max(view.width(), view.height()),
                                   std::min<double>(kFewestCells, cells()), double(cells()));
    const auto begin = [&](double wanted) { return std::clamp(wanted, 0.0, cells() - side); };
    m_view = QRectF(begin(view.left()), begin(view.top()), side, side);
    m_image = {};
    update();
}

void ConfusionView::zoom(double factor, const QPointF& centre)
{
    const double side = m_view.width() / factor;
    const QPointF share = (centre - m_view.topLeft()) / m_view.width();
    showPart(QRectF(centre - share * side, QSizeF(side, side)));
}

void ConfusionView::keepCursorInSight()
{
    QRectF view = m_view;
    if (m_cursor.x() < view.left())
        view.moveLeft(m_cursor.x());
    if (m_cursor.x() + 1 > view.right())
        view.moveRight(m_cursor.x() + 1);
    if (m_cursor.y() < view.top())
        view.moveTop(m_cursor.y());
    if (m_cursor.y() + 1 > view.bottom())
        view.moveBottom(m_cursor.y() + 1);
    if (view != m_view)
        showPart(view);
}

void ConfusionView::keyPressEvent(QKeyEvent* event)
{
    if (cells() == 0)
        return QWidget::keyPressEvent(event);
    QPoint step;
    switch (event->key()) {
    case Qt::Key_Left:
        step.setX(-1);
        break;
    case Qt::Key_Right:
        step.setX(1);
        break;
    case Qt::Key_Up:
        step.setY(-1);
        break;
    case Qt::Key_Down:
        step.setY(1);
        break;
    case Qt::Key_PageUp:
        step.setY(-kFarStep);
        break;
    case Qt::Key_PageDown:
        step.setY(kFarStep);
        break;
    case Qt::Key_Home:
        m_cursor = {};
        break;
    case Qt::Key_End:
        m_cursor = {cells() - 1, cells() - 1};
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        Q_EMIT cellChosen(classAt(m_cursor.y()), classAt(m_cursor.x()));
        return;
    case Qt::Key_Plus:
    case Qt::Key_Minus:
        zoom(event->key() == Qt::Key_Plus ? kZoomStep : 1 / kZoomStep,
             QPointF(m_cursor) + QPointF(0.5, 0.5));
        return;
    case Qt::Key_0:
        showPart(QRectF(0, 0, cells(), cells()));
        return;
    default:
        return QWidget::keyPressEvent(event);
    }
    m_cursor += step;
    m_cursor.setX(std::clamp(m_cursor.x(), 0, cells() - 1));
    m_cursor.setY(std::clamp(m_cursor.y(), 0, cells() - 1));
    keepCursorInSight();
    point(m_cursor);
    if (m_data.describe)
        setAccessibleDescription(m_data.describe(classAt(m_cursor.y()), classAt(m_cursor.x())));
    update();
}

void ConfusionView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    // Of a click the cell under the mouse is told, not the one that the keys were at.
    if (cells() > 0 && event->reason() != Qt::MouseFocusReason)
        point(m_cursor);
    update();
}

void ConfusionView::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    if (event->button() == Qt::MiddleButton)
        m_panned = event->position();
    else if (event->button() == Qt::LeftButton)
        m_pressed = event->position();
}

void ConfusionView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (m_panned && cells() > 0) {
        const double scale = m_view.width() / area().width();
        const QPointF moved = (at - *m_panned) * scale;
        m_panned = at;
        showPart(m_view.translated(-moved));
        return;
    }
    if (m_pressed && (at - *m_pressed).manhattanLength() > kDragBegins) {
        m_box = QRectF(*m_pressed, at).normalized() & area();
        update();
        return;
    }
    if (const auto place = placeAt(at))
        point(*place);
    else
        Q_EMIT pointed({});
    const bool isAtName = cells() > 0 && at.x() < area().left() && at.y() > area().top();
    setCursor(placeAt(at) || isAtName ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ConfusionView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::MiddleButton)
        m_panned.reset();
    if (event->button() != Qt::LeftButton || !m_pressed)
        return;
    const QPointF pressed = *std::exchange(m_pressed, std::nullopt);
    if (const QRectF box = std::exchange(m_box, QRectF()); !box.isEmpty()) {
        const QRectF cellsArea = area();
        const double scale = m_view.width() / cellsArea.width();
        const QPointF corner = m_view.topLeft() + (box.topLeft() - cellsArea.topLeft()) * scale;
        showPart(QRectF(corner, box.size() * scale));
        return;
    }
    if (const auto place = placeAt(pressed)) {
        m_cursor = *place;
        update();
        Q_EMIT cellChosen(classAt(place->y()), classAt(place->x()));
        return;
    }
    // At the left stand the true classes.
    const QRectF cellsArea = area();
    if (const auto row = placeAt({cellsArea.left() + 1, pressed.y()});
        row && pressed.x() < cellsArea.left()) {
        m_cursor = {row->y(), row->y()};
        update();
        Q_EMIT classChosen(classAt(row->y()));
    }
}

void ConfusionView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && cells() > 0)
        showPart(QRectF(0, 0, cells(), cells()));
}

void ConfusionView::wheelEvent(QWheelEvent* event)
{
    const auto place = placeAt(event->position());
    if (!place || !(event->modifiers() & Qt::ControlModifier))
        return QWidget::wheelEvent(event);
    const double scale = m_view.width() / area().width();
    zoom(std::pow(kZoomStep, event->angleDelta().y() / 120.0),
         m_view.topLeft() + (event->position() - area().topLeft()) * scale);
    event->accept();
}

void ConfusionView::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    Q_EMIT pointed({});
}

void ConfusionView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_image = {};
        update();
    }
}

void ConfusionView::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(u"confusion"_s); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
