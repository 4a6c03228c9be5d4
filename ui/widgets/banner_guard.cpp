// SPDX-License-Identifier: GPL-3.0-or-later
// The filter of presses into an area that has just been moved.
#include "ui/widgets/banner_guard.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMoveEvent>
#include <QWidget>

#include <utility>

namespace clwb::ui
{

BannerGuard::BannerGuard(QWidget* area, QObject* parent)
    : QObject(parent)
    , m_area(area)
{
    QApplication::instance()->installEventFilter(this);
}

void BannerGuard::setTimes(std::chrono::milliseconds rest, std::chrono::milliseconds cause)
{
    m_restTime = rest;
    m_causeTime = cause;
    m_rest.setRemainingTime(0);
}

bool BannerGuard::isInArea(const QObject* watched) const
{
    // Dialogs and menus over it are windows of their own, which no message moves.
    const auto* widget = qobject_cast<const QWidget*>(watched);
    return m_area && widget && (widget == m_area.data() || m_area->isAncestorOf(widget));
}

void BannerGuard::onMoved(int from, int to)
{
    if (from == to || !m_area->isVisible())
        return;
    const bool isOfClick = m_sinceClick.isValid() && m_sinceClick.elapsed() < m_causeTime.count();
    if (!isOfClick)
        m_rest.setRemainingTime(m_restTime);
}

bool BannerGuard::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::Move:
        if (watched == m_area.data()) {
            const auto* move = static_cast<const QMoveEvent*>(event);
            onMoved(move->oldPos().y(), move->pos().y());
        }
        break;
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
        if (!watched->isWidgetType())
            break;
        m_isSwallowing = isResting() && isInArea(watched);
        if (m_isSwallowing) {
            event->accept(); // or Qt would offer it to the parents
            return true;
        }
        m_sinceClick.start();
        break;
    case QEvent::MouseMove: // a drag, or the click's end, without its beginning
        if (m_isSwallowing && isInArea(watched))
            return true;
        break;
    case QEvent::MouseButtonRelease:
        if (!watched->isWidgetType())
            break;
        if (std::exchange(m_isSwallowing, false) && isInArea(watched))
            return true;
        m_sinceClick.start(); // most do what they do only now
        break;
    case QEvent::ContextMenu:
        if (static_cast<const QContextMenuEvent*>(event)->reason() == QContextMenuEvent::Mouse &&
            isResting() && isInArea(watched))
            return true;
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace clwb::ui
