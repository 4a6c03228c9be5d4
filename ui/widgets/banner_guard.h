// SPDX-License-Identifier: GPL-3.0-or-later
// No click lands on what a message has just pushed under the pointer.
#pragma once

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>

#include <chrono>

class QWidget;

namespace clwb::ui
{

/// Watches the whole application for as long as it lives. When the area below the banners was moved
/// up or down by itself, presses of the mouse into it are swallowed for a moment: they were meant
/// for what stood there before. Not when somebody has just clicked, which moved it: they look at
/// it. Keys, and clicks on the banners, are never held up.
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
    [[nodiscard]] bool isInArea(const QObject* watched) const;

    QPointer<QWidget> m_area;
    std::chrono::milliseconds m_restTime{400};
    std::chrono::milliseconds m_causeTime{150};
    QDeadlineTimer m_rest; ///< begins expired
    QElapsedTimer m_sinceClick;
    bool m_isSwallowing = false; ///< from a swallowed press to its release
};

} // namespace clwb::ui
