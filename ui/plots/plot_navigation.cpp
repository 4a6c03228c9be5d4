// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming and moving of plots. QCustomPlot's own interactions take every wheel event and drag with
// the left button only, so that they are off in all plots.
#include "ui/plots/plot_navigation.h"

#include "ui/plots/qcp.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QKeyEvent>
#include <QRubberBand>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

namespace
{

constexpr int kFlat = 10;           ///< px: a box that is lower or narrower changes one direction
constexpr double kWheelStep = 0.85; ///< of the range that one notch leaves
constexpr double kNotch = 120;      ///< eighths of a degree

QCPAxis* axisOf(const QCustomPlot& plot, Qt::Orientation direction)
{
    return direction == Qt::Horizontal ? plot.xAxis : plot.yAxis;
}

double along(const QPointF& place, Qt::Orientation direction)
{
    return direction == Qt::Horizontal ? place.x() : place.y();
}

} // namespace

PlotNavigation::PlotNavigation(QCustomPlot& plot, Qt::Orientations directions)
    : QObject(&plot)
    , m_plot(plot)
    , m_directions(directions)
{
    m_plot.setInteractions({});
    m_plot.setAttribute(Qt::WA_NoMousePropagation, false); // which would keep the wheel
    m_plot.installEventFilter(this);
}

PlotNavigation::~PlotNavigation() = default;

bool PlotNavigation::isInside(const QPoint& place) const
{
    return m_plot.axisRect()->rect().contains(place);
}

bool PlotNavigation::canPageScroll() const
{
    for (const QWidget* around = m_plot.parentWidget(); around; around = around->parentWidget()) {
        const auto* area = qobject_cast<const QAbstractScrollArea*>(around);
        if (area && area->verticalScrollBar()->maximum() > area->verticalScrollBar()->minimum())
            return true;
    }
    return false;
}

bool PlotNavigation::eventFilter(QObject* /*watched*/, QEvent* event)
{
    if (event->type() == QEvent::Wheel)
        return onWheel(static_cast<QWheelEvent&>(*event));
    if (!m_directions)
        return false;
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        return onPress(static_cast<QMouseEvent&>(*event));
    case QEvent::MouseMove:
        return onMove(static_cast<QMouseEvent&>(*event));
    case QEvent::MouseButtonRelease:
        return onRelease(static_cast<QMouseEvent&>(*event));
    case QEvent::MouseButtonDblClick:
        if (isInside(static_cast<QMouseEvent&>(*event).pos()))
            reset();
        return false;
    case QEvent::KeyPress:
        return onKey(static_cast<QKeyEvent&>(*event));
    default:
        return false;
    }
}

bool PlotNavigation::onWheel(QWheelEvent& event)
{
    const Qt::KeyboardModifiers keys = event.modifiers();
    const bool wantsZoom =
        m_directions && isInside(event.position().toPoint()) &&
        (keys.testFlag(Qt::ControlModifier) || m_plot.hasFocus() || !canPageScroll());
    if (!wantsZoom) {
        event.ignore(); // the page scrolls
        return true;
    }
    // With Shift some platforms report a horizontal wheel.
    const QPoint turned = event.angleDelta();
    const double notches = (turned.y() != 0 ? turned.y() : turned.x()) / kNotch;
    const bool isVertical = keys.testFlag(Qt::ShiftModifier) && m_directions.testFlag(Qt::Vertical);
    zoomAt(event.position(), std::pow(kWheelStep, notches),
           isVertical ? Qt::Vertical : Qt::Horizontal);
    event.accept();
    return true;
}

bool PlotNavigation::onPress(const QMouseEvent& event)
{
    m_button = isInside(event.pos()) ? event.button() : Qt::NoButton;
    m_pressed = event.pos();
    m_last = event.position();
    return false;
}

bool PlotNavigation::onMove(const QMouseEvent& event)
{
    if (!event.buttons().testFlag(m_button))
        return false;
    if (m_button == Qt::MiddleButton) {
        moveBy(m_last, event.position());
        m_last = event.position();
        return true;
    }
    if (m_button != Qt::LeftButton)
        return false;
    const bool isDrag =
        (event.pos() - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (!m_box && !isDrag)
        return false;
    if (!m_box) {
        m_box = std::make_unique<QRubberBand>(QRubberBand::Rectangle, &m_plot);
        m_box->show();
    }
    m_box->setGeometry(QRect(m_pressed, event.pos()).normalized() & m_plot.axisRect()->rect());
    return true;
}

bool PlotNavigation::onRelease(const QMouseEvent& event)
{
    m_button = Qt::NoButton;
    if (!m_box || event.button() != Qt::LeftButton)
        return false;
    const QRect box = m_box->geometry();
    m_box.reset();
    zoomTo(box);
    return true; // no click
}

bool PlotNavigation::onKey(const QKeyEvent& event)
{
    const QPointF middle = m_plot.axisRect()->rect().toRectF().center();
    switch (event.key()) {
    case Qt::Key_Plus:
        zoomAt(middle, kWheelStep, Qt::Horizontal);
        return true;
    case Qt::Key_Minus:
        zoomAt(middle, 1 / kWheelStep, Qt::Horizontal);
        return true;
    case Qt::Key_0:
        reset();
        return true;
    case Qt::Key_Escape: {
        const bool hadBox = m_box != nullptr;
        m_box.reset();
        m_button = Qt::NoButton;
        return hadBox;
    }
    default:
        return false;
    }
}

void PlotNavigation::zoomAt(const QPointF& place, double factor, Qt::Orientation direction)
{
    QCPAxis* axis = axisOf(m_plot, direction);
    axis->scaleRange(factor, axis->pixelToCoord(along(place, direction)));
    tell(direction);
}

void PlotNavigation::zoomTo(const QRect& box)
{
    const bool isWide = box.width() >= kFlat;
    const bool isHigh = box.height() >= kFlat;
    Qt::Orientations changed;
    if (isWide) {
        m_plot.xAxis->setRange(m_plot.xAxis->pixelToCoord(box.left()),
                               m_plot.xAxis->pixelToCoord(box.right()));
        changed |= Qt::Horizontal;
    }
    if (isHigh && m_directions.testFlag(Qt::Vertical)) {
        m_plot.yAxis->setRange(m_plot.yAxis->pixelToCoord(box.bottom()),
                               m_plot.yAxis->pixelToCoord(box.top()));
        changed |= Qt::Vertical;
    }
    if (changed)
        tell(changed);
}

void PlotNavigation::moveBy(const QPointF& from, const QPointF& to)
{
    for (const Qt::Orientation direction : {Qt::Horizontal, Qt::Vertical}) {
        // Of two directions only those that a zoom can bring back; an unzoomed y stays fitted.
        if (!m_directions.testFlag(direction) ||
            (direction == Qt::Vertical && !isZoomed(Qt::Vertical)))
            continue;
        QCPAxis* axis = axisOf(m_plot, direction);
        const double before = axis->pixelToCoord(along(from, direction));
        const double after = axis->pixelToCoord(along(to, direction));
        if (axis->scaleType() == QCPAxis::stLogarithmic)
            axis->setRange(axis->range() * (before / after));
        else
            axis->moveRange(before - after);
        m_zoomed |= direction;
    }
    tell(Qt::Horizontal);
}

void PlotNavigation::reset()
{
    m_zoomed = {};
    Q_EMIT resetAsked();
}

void PlotNavigation::tell(Qt::Orientations directions)
{
    m_zoomed |= directions;
    m_plot.replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT zoomed();
}

} // namespace clwb::ui
