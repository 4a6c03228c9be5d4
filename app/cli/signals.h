// SPDX-License-Identifier: GPL-3.0-or-later
// Signals become stop requests: the batch is finished, a checkpoint written, the program ends.
#pragma once

#include "core/base/stop_token.h"

namespace clwb::cli
{

/// From now on SIGINT, SIGTERM, SIGUSR1 and SIGUSR2 request a stop; a second SIGINT ends the
/// program at once with status 130. Returns the token that sees the request. Thread: main, once.
StopToken stopOnSignals();

/// A reader that went away must not kill the program: writes report EPIPE instead.
void ignoreBrokenPipes();

} // namespace clwb::cli
