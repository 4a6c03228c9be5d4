// SPDX-License-Identifier: GPL-3.0-or-later
// The navigation at the left: one entry a page with icon, title and number.
#pragma once

#include <QListWidget>

namespace clwb::ui
{

class NavList : public QListWidget
{
    Q_OBJECT

public:
    explicit NavList(QWidget* parent = nullptr);
    void addPage(const QString& id, const QString& title, int number);
    void setCurrentPage(const QString& id);

Q_SIGNALS:
    void pageChosen(const QString& id);
};

} // namespace clwb::ui
