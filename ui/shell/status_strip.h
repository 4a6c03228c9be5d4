// SPDX-License-Identifier: GPL-3.0-or-later
// The line at the bottom: what the worker does, always; a click opens Live.
#pragma once

#include <QAbstractButton>

class QFontMetrics;

namespace clwb::ui
{

class AppState;

/// What the strip says, as values.
struct StatusFacts
{
    enum class Light { Off, Green, Amber, Red };
    Light light = Light::Off;
    QString what;         ///< "VR-LwF-WM MST" or "Idle"
    QString position;     ///< "session 5 of 8 · epoch 2 of 3"
    double fraction = -1; ///< of the run; < 0: no bar
    QString rate;         ///< "58 %   31 s left   412 img/s"
    QString right;        ///< "62 runs · 2 queued"
};
StatusFacts statusOf(const AppState& state);
/// Those of them for which a line of that width has room, each whole: the machine's load is left
/// out first, then the speed, then the time left.
StatusFacts fittingFacts(StatusFacts facts, const QFontMetrics& metrics, int width);

class StatusStrip : public QAbstractButton
{
    Q_OBJECT

public:
    explicit StatusStrip(AppState& state, QWidget* parent = nullptr);
    /// A sentence that replaces the facts for a few seconds: tips of menu entries.
    void showTip(const QString& tip);
    [[nodiscard]] QSize sizeHint() const override { return {400, 30}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void updateFacts();
    void describe(); ///< what is seen: to a screen reader, and again to the eye
    AppState& m_state;
    StatusFacts m_facts;
    QString m_tip;
    QPoint m_pressedAt; ///< by the mouse; null: by a key
};

} // namespace clwb::ui
