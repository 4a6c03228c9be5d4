// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/menu_title.h"

#include "ui/widgets/building.h"

#include <QLabel>
#include <QMenu>
#include <QWidgetAction>

namespace clwb::ui
{

void addMenuTitle(QMenu& menu, const QString& text)
{
    if (!menu.isEmpty())
        menu.addSeparator();
    auto* action = new QWidgetAction(&menu);
    action->setText(text); // for screen readers
    action->setEnabled(false);
    QLabel* label = makeMuted(text, &menu);
    label->setContentsMargins(12, 5, 16, 3);
    action->setDefaultWidget(label);
    menu.addAction(action);
}

} // namespace clwb::ui
