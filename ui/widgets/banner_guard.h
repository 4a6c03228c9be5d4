// SPDX-License-Identifier: GPL-3.0-or-later
// No click lands on what a message has just pushed under the pointer.
#pragma once

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>

#include <chrono>

class QMouseEvent;
class QWidget;

namespace clwb::ui
{

/// Watches the whole application for as long as it lives. When the area below the banners was moved
/// up or down by itself, presses of the mouse into it are swallowed for a moment: they were meant
/// for what stood there before. A press is swallowed with all that belongs to it, a second one of a
/// double click included, and one that was delivered is led to its end. Not when somebody has just
/// clicked, which moved it: they look at it. Keys, and clicks on the banners, are never held up.
class BannerGuard : public QObject
{
    Q_OBJECT

public:
    /// @param area what lies below the banners; lives as long as the window
    BannerGuard(QWidget* area, QObject* parent);

    /// @param rest how long presses are swallowed after the area was moved; 0: never
    /// @param cause a move that comes so soon after a click is taken as what the click did
    void setTimes(std::chrono::milliseconds rest, std::chrono::milliseconds cause);
    /// Presses are being swallowed.
    [[nodiscard]] bool isResting() const { return !m_rest.hasExpired(); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void onMoved(int from, int to);
    [[nodiscard]] bool isOfArea(const QWidget* widget) const;
    [[nodiscard]] bool isInArea(const QObject* window, const QMouseEvent& mouse) const;
    /// The press makes a double click with one that was swallowed.
    [[nodiscard]] bool isSecondHalf(const QMouseEvent& mouse) const;
    /// Whether a window is not to get what the mouse did; to be asked once about each.
    bool swallows(const QObject* window, const QMouseEvent& mouse);

    QPointer<QWidget> m_area;
    std::chrono::milliseconds m_restTime{400};
    std::chrono::milliseconds m_causeTime{150};
    QDeadlineTimer m_rest; ///< begins expired
    QElapsedTimer m_sinceClick;
    Qt::MouseButtons m_swallowed;                   ///< held since a press that was swallowed
    Qt::MouseButton m_lastSwallowed = Qt::NoButton; ///< what may become a double click
    quint64 m_lastSwallowedAt = 0;                  ///< as events count time
};

} // namespace clwb::ui
