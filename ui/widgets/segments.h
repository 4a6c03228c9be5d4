// SPDX-License-Identifier: GPL-3.0-or-later
// A row of buttons of which one is chosen; arrow keys move the choice.
#pragma once

#include <QWidget>

class QAbstractButton;
class QButtonGroup;

namespace clwb::ui
{

class Segments : public QWidget
{
    Q_OBJECT

public:
    struct Choice
    {
        QString id;
        QString text;
        QString tip;
    };
    Segments(const QString& objectName, const QString& title, const QList<Choice>& choices,
             QWidget* parent = nullptr);
    [[nodiscard]] QString current() const;
    void setCurrent(const QString& id);
    void setChoiceEnabled(const QString& id, bool enabled);
    void setChoiceText(const QString& id, const QString& text);

Q_SIGNALS:
    void currentChanged(const QString& id); ///< by the user only

private:
    [[nodiscard]] QAbstractButton* buttonOf(const QString& id) const;
    QButtonGroup* m_group = nullptr;
};

} // namespace clwb::ui
