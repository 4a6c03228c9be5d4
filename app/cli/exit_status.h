// SPDX-License-Identifier: GPL-3.0-or-later
// The exit statuses of the program, for its help and its manual page.
#pragma once

#include "core/base/error.h"

#include <array>
#include <string_view>

namespace clwb::cli
{

struct ExitStatus
{
    int number = 0;
    std::string_view brief; ///< for a line of the help; no comma
    std::string_view page;  ///< for the manual page, as roff
};

constexpr ExitStatus exitStatusOf(ErrorCode code, std::string_view brief, std::string_view page)
{
    return {static_cast<int>(code), brief, page};
}

inline constexpr std::array kExitStatuses{
    ExitStatus{0, "ok", "success"},
    exitStatusOf(ErrorCode::RunFailed, "run failed", "a run failed"),
    exitStatusOf(ErrorCode::Usage, "usage or specification",
                 "command line, specification or study"),
    exitStatusOf(ErrorCode::Data, "data or weights", "data or weights"),
    exitStatusOf(ErrorCode::Locked, "project locked", "the project is locked"),
    exitStatusOf(ErrorCode::Corrupt, "project corrupt", "the project is damaged"),
    exitStatusOf(ErrorCode::OutOfMemory, "out of memory", "out of memory"),
    exitStatusOf(ErrorCode::DiskFull, "disk full", "disk full"),
    exitStatusOf(ErrorCode::Stopped, "stopped with a checkpoint (resume it)",
                 "stopped with a checkpoint:\n.B clwb resume\ncontinues it"),
    exitStatusOf(ErrorCode::Interrupted, "second Ctrl+C", "aborted by a second Ctrl+C"),
};

} // namespace clwb::cli
