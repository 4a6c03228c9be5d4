// SPDX-License-Identifier: GPL-3.0-or-later
// How people move in a plot: wheel, box, middle button and keys, the same in every plot.
#pragma once

#include <QObject>
#include <QPoint>

#include <memory>

class QCustomPlot;
class QKeyEvent;
class QMouseEvent;
class QRubberBand;
class QWheelEvent;

namespace clwb::ui
{

/// Wheel: zooms along x, with Shift along y. On a page that can be scrolled it scrolls the page
/// until the plot was clicked (has the focus) or Ctrl is held. Dragging draws the box that is
/// shown next (a flat box changes one direction only), the middle button moves what is shown,
/// `+`, `-` zoom about the middle, `0` and a double click show everything again.
class PlotNavigation : public QObject
{
    Q_OBJECT

public:
    /// Filters the plot's events; the plot owns it. Without directions the wheel always passes on.
    PlotNavigation(QCustomPlot& plot, Qt::Orientations directions);
    ~PlotNavigation() override;

    [[nodiscard]] bool isZoomed(Qt::Orientation direction) const
    {
        return m_zoomed.testFlag(direction);
    }
    /// For ranges that come from elsewhere, such as a linked plot.
    void markZoomed(Qt::Orientation direction) { m_zoomed |= direction; }
    /// The owner may fit its ranges again.
    void forget(Qt::Orientations directions = Qt::Horizontal | Qt::Vertical)
    {
        m_zoomed &= ~directions;
    }
Q_SIGNALS:
    void zoomed();     ///< the ranges have changed by the user
    void resetAsked(); ///< the owner fits its ranges; isZoomed() is false already

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool onWheel(QWheelEvent& event);
    bool onPress(const QMouseEvent& event);
    bool onMove(const QMouseEvent& event);
    bool onRelease(const QMouseEvent& event);
    bool onKey(const QKeyEvent& event);
    void zoomAt(const QPointF& place, double factor, Qt::Orientation direction);
    void zoomTo(const QRect& box);
    void moveBy(const QPointF& from, const QPointF& to);
    void reset();
    void tell(Qt::Orientations directions);
    [[nodiscard]] bool isInside(const QPoint& place) const;
    [[nodiscard]] bool canPageScroll() const;

    QCustomPlot& m_plot;
    Qt::Orientations m_directions;
    Qt::Orientations m_zoomed;
    std::unique_ptr<QRubberBand> m_box; ///< while one is drawn
    Qt::MouseButton m_button = Qt::NoButton;
    QPoint m_pressed;
    QPointF m_last;
};

} // namespace clwb::ui
