// SPDX-License-Identifier: GPL-3.0-or-later
// The way that Tab takes through a window: as its layouts are read, whatever was made when.
#pragma once

class QWidget;

#include <QList>

namespace clwb::ui
{

/// What takes the focus by Tab in these parts and below, layout by layout: lines from above, in a
/// line from its beginning. Hidden ones too.
QList<QWidget*> readingOrder(const QList<QWidget*>& parts);

/// Where somebody who comes to a page by a key begins: in the list that fills it, else in its first
/// field, else at its first button. Null: nothing of it takes the focus just now.
QWidget* mainFieldOf(QWidget& page);

/// Makes Tab take this way. Cheap enough for each press of the key (some hundred widgets).
void setReadingOrder(const QList<QWidget*>& parts);

} // namespace clwb::ui
