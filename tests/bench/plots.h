// SPDX-License-Identifier: GPL-3.0-or-later
// How large plots move, and what a program for measurements prints.
#pragma once

#include <chrono>
#include <cstdio>

namespace clwb::bench
{

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A line of the output: name, value, unit.
inline void tell(const char* name, double value, const char* unit)
{
    std::printf("%-44s %10.3f %s\n", name, value, unit);
    std::fflush(stdout);
}

/// Panning one curve of 10^6 points and 50 of 10^5, and the read-out of these.
void measurePlots();

} // namespace clwb::bench
