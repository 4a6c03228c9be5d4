// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/stop_signals.h"

#include "core/base/error.h"

#include <QSocketNotifier>

#include <array>
#include <atomic>
#include <csignal>
#include <unistd.h>

namespace clwb::gui
{
namespace
{

// A handler has no arguments of ours: the pipe it writes to must be static.
std::array<int, 2> s_pipe{-1, -1};
std::atomic<int> s_interrupts{0};

void onSignal(int number)
{
    if (number == SIGINT && s_interrupts.fetch_add(1) > 0)
        ::_exit(static_cast<int>(ErrorCode::Interrupted));
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(s_pipe[1], &byte, 1);
}

} // namespace

void onStopSignals(QObject* context, std::function<void()> stop)
{
    if (::pipe(s_pipe.data()) != 0)
        return; // signals end the program as they always do
    auto* notifier = new QSocketNotifier(s_pipe[0], QSocketNotifier::Read, context);
    QObject::connect(notifier, &QSocketNotifier::activated, context, [stop = std::move(stop)] {
        char byte = 0;
        if (::read(s_pipe[0], &byte, 1) == 1)
            stop();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART; // reads and writes of the engine go on undisturbed
    sigemptyset(&action.sa_mask);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaction(number, &action, nullptr);
}

} // namespace clwb::gui
