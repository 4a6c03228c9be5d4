// SPDX-License-Identifier: GPL-3.0-or-later
// Signals become stop requests: the batch is finished, a checkpoint written, the program ends.
#pragma once

#include "core/base/stop_token.h"

namespace clwb::cli
{

/// From now on SIGINT, SIGTERM, SIGUSR1 and SIGUSR2 request a stop; a second SIGINT ends the
/// program at once with status 130. Returns the token that sees the request. Thread: main, once.
StopToken stopOnSignals();

/// A reader that went away, or a limit on file sizes, must not kill the program: writes report it.
void ignoreBrokenPipes();

} // namespace clwb::cli
