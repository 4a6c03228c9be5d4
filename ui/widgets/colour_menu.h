// SPDX-License-Identifier: GPL-3.0-or-later
// A menu of the colours that a run can have in every plot and list.
#pragma once

#include <QColor>

#include <functional>

class QMenu;
class QWidget;

namespace clwb::ui
{

/// "Automatic" and the named colours, the present one checked.
/// @param chosen told the colour; an invalid one means automatic
QMenu* makeColourMenu(const QColor& present, std::function<void(const QColor&)> chosen,
                      QWidget* parent);

} // namespace clwb::ui
