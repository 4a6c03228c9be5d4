// SPDX-License-Identifier: GPL-3.0-or-later
// A line in a menu that says what the entries below it are; sections of QMenu lose their text to
// the style sheet.
#pragma once

#include <QString>

class QMenu;

namespace clwb::ui
{

/// Below a separator, unless it is the first line.
void addMenuTitle(QMenu& menu, const QString& text);

} // namespace clwb::ui
