// SPDX-License-Identifier: GPL-3.0-or-later
// What an empty page shows: what will be here, and the action that fills it.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace clwb::ui
{

class EmptyState : public QWidget
{
    Q_OBJECT

public:
    EmptyState(const QString& objectName, const QString& title, const QString& text,
               QWidget* parent = nullptr);
    QPushButton* addAction(const QString& objectName, const QString& text, bool primary);
    void setText(const QString& title, const QString& text);

private:
    QLabel* m_title = nullptr;
    QLabel* m_text = nullptr;
    class QHBoxLayout* m_buttons = nullptr;
};

} // namespace clwb::ui
