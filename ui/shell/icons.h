// SPDX-License-Identifier: GPL-3.0-or-later
// Line icons of the program, recoloured from the theme and sharp at every scale.
#pragma once

#include <QColor>
#include <QPixmap>
#include <QString>

namespace clwb::ui
{

/// Icon `:/clwb/icons/<name>.svg`, whose lines are black, in a colour; empty when there is none.
QPixmap lineIcon(const QString& name, const QColor& colour, int size, qreal pixelRatio);

} // namespace clwb::ui
