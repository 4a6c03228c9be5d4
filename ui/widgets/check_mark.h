// SPDX-License-Identifier: GPL-3.0-or-later
// The box with a check mark that lists paint by themselves, as QCheckBox looks.
#pragma once

#include <QPalette>
#include <QRect>

class QPainter;

namespace clwb::ui
{

inline constexpr int kCheckSize = 15;

/// At the left end of the area, in its middle.
void paintCheckMark(QPainter& painter, const QPalette& palette, const QRect& area,
                    Qt::CheckState state);

} // namespace clwb::ui
