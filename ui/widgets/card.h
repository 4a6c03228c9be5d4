// SPDX-License-Identifier: GPL-3.0-or-later
// A quiet surface with rounded corners; the only frame of the window, never nested.
#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace clwb::ui
{

class Card : public QFrame
{
    Q_OBJECT

public:
    explicit Card(QWidget* parent = nullptr);
    /// With a bold title and a muted subtitle in the first line.
    Card(const QString& title, const QString& subtitle, QWidget* parent = nullptr);

    [[nodiscard]] QVBoxLayout* body() const { return m_body; }
    /// The first line, for controls at its right end; null without a title.
    [[nodiscard]] QHBoxLayout* header() const { return m_header; }
    void setTitle(const QString& title);
    /// @param toolTip empty: the subtitle itself, which may be cut off
    void setSubtitle(const QString& subtitle, const QString& toolTip = {});

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_body = nullptr;
    QHBoxLayout* m_header = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_subtitle = nullptr;
};

} // namespace clwb::ui
