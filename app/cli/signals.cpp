// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/signals.h"

#include "core/base/error.h"

#include <atomic>
#include <csignal>
#include <unistd.h>

namespace clwb::cli
{
namespace
{

// A handler has no arguments of ours, so what it needs must be static; both are lock-free.
const StopSource* s_source = nullptr;
std::atomic<int> s_interrupts{0};

void onSignal(int number)
{
    if (number == SIGINT && s_interrupts.fetch_add(1) > 0)
        ::_exit(static_cast<int>(ErrorCode::Interrupted));
    s_source->requestStop();
}

} // namespace

StopToken stopOnSignals()
{
    static const StopSource source;
    s_source = &source;
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART; // reads and writes of the engine go on undisturbed
    sigemptyset(&action.sa_mask);
    for (const int number : {SIGINT, SIGTERM, SIGUSR1, SIGUSR2})
        sigaction(number, &action, nullptr);
    return source.token();
}

void ignoreBrokenPipes()
{
    struct sigaction action = {};
    action.sa_handler = SIG_IGN;
    for (const int number : {SIGPIPE, SIGXFSZ})
        sigaction(number, &action, nullptr);
}

} // namespace clwb::cli
