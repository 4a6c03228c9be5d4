// SPDX-License-Identifier: GPL-3.0-or-later
// The filter of presses into an area that has just been moved.
#include "ui/widgets/banner_guard.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QMoveEvent>
#include <QStyleHints>
#include <QWidget>
#include <QWindow>

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

bool BannerGuard::isOfArea(const QWidget* widget) const
{
    // Dialogs and menus over it are windows of their own, which no message moves.
    return m_area && widget && (widget == m_area.data() || m_area->isAncestorOf(widget));
}

bool BannerGuard::isInArea(const QObject* window, const QMouseEvent& mouse) const
{
    if (!m_area || window != m_area->window()->windowHandle())
        return false;
    // While a menu is open every press in the window is the menu's.
    return !QApplication::activePopupWidget() &&
           isOfArea(m_area->window()->childAt(mouse.position().toPoint()));
}

bool BannerGuard::isSecondHalf(const QMouseEvent& mouse) const
{
    const int interval = QGuiApplication::styleHints()->mouseDoubleClickInterval();
    return mouse.button() == m_lastSwallowed &&
           mouse.timestamp() - m_lastSwallowedAt < static_cast<quint64>(interval);
}

bool BannerGuard::swallows(const QObject* window, const QMouseEvent& mouse)
{
    const Qt::MouseButton button = mouse.button();
    bool isSwallowed = false;
    switch (mouse.type()) {
    case QEvent::MouseButtonPress:
        // Whoever holds another button already gets, or misses, all of it.
        if (const Qt::MouseButtons others = mouse.buttons() & ~Qt::MouseButtons(button)) {
            isSwallowed = !(others & ~m_swallowed);
        } else {
            m_swallowed = {};
            isSwallowed = isInArea(window, mouse) && (isResting() || isSecondHalf(mouse));
        }
        m_swallowed.setFlag(button, isSwallowed);
        m_lastSwallowed = isSwallowed ? button : Qt::NoButton;
        m_lastSwallowedAt = mouse.timestamp();
        break;
    case QEvent::MouseButtonDblClick: // comes right after its press
        isSwallowed = m_swallowed.testFlag(button);
        m_lastSwallowed = Qt::NoButton; // the next press begins anew
        break;
    case QEvent::MouseMove: // a drag without its beginning
        m_swallowed &= mouse.buttons();
        isSwallowed = static_cast<bool>(m_swallowed);
        break;
    case QEvent::MouseButtonRelease:
        isSwallowed = m_swallowed.testFlag(button);
        m_swallowed.setFlag(button, false);
        break;
    default:
        break;
    }
    return isSwallowed;
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
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
        // Taken from the window: what Qt hands on to a widget has given it the focus before any
        // filter sees it.
        if (watched->isWindowType() && swallows(watched, *static_cast<const QMouseEvent*>(event)))
            return true;
        if (watched->isWidgetType() && event->type() != QEvent::MouseMove)
            m_sinceClick.start(); // releases too: most do what they do only then
        break;
    case QEvent::ContextMenu:
        if (static_cast<const QContextMenuEvent*>(event)->reason() == QContextMenuEvent::Mouse &&
            isResting() && isOfArea(qobject_cast<const QWidget*>(watched)))
            return true;
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace clwb::ui
