// SPDX-License-Identifier: GPL-3.0-or-later
// When an optimiser step of a run ended: a value that trainer, project and window share.
#pragma once

#include <cstdint>

namespace clwb
{

/// The clock of the machine may be set while a run goes on, so that only one of the two numbers
/// comes from it. Parts of a run (its start, each continuation) are told apart by `beganMs`.
struct StepTime
{
    int64_t beganMs = 0; ///< UTC in ms when this part of the run began
    int64_t workMs = 0;  ///< since then, by a clock that never jumps
};

} // namespace clwb
