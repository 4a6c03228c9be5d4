// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of the waiting runs, undone by Ctrl+Z.
#pragma once

#include "ui/bridge/engine.h"

#include <QString>

#include <cstdint>
#include <deque>

namespace clwb::ui
{

class AppState;

/// Lets `after` wait in place of what waits now. Undo brings the earlier ones back, as far as they
/// have not begun. @param text continues "Undo …"
void editQueue(AppState& state, const QString& text, std::deque<RunOrder> after);

/// The orders with the one at `from` moved to `to`, and without the one at `at`.
/// CHECK: the places exist.
std::deque<RunOrder> moved(std::deque<RunOrder> orders, int from, int to);
std::deque<RunOrder> without(std::deque<RunOrder> orders, int at);

} // namespace clwb::ui
