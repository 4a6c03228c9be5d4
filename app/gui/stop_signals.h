// SPDX-License-Identifier: GPL-3.0-or-later
// Signals that ask the program to end, as a call on the GUI thread.
#pragma once

#include <functional>

class QObject;

namespace clwb::gui
{

/// From now on SIGTERM, SIGINT and SIGHUP call `stop` from the event loop, as long as `context`
/// lives; a second SIGINT ends the program at once. Thread: main, once.
void onStopSignals(QObject* context, std::function<void()> stop);

} // namespace clwb::gui
