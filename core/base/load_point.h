// SPDX-License-Identifier: GPL-3.0-or-later
// What a machine was busy with over some seconds of a run.
#pragma once

#include <cstdint>
#include <optional>

namespace clwb
{

struct GpuLoadPoint
{
    double percent = 0;       ///< mean share of the time in which it computed
    uint64_t memoryBytes = 0; ///< the most that all programs used
    uint64_t totalBytes = 0;
};

/// Stored in tenths of a per cent and whole MiB.
struct LoadPoint
{
    int64_t at = 0;           ///< the end of these seconds: seconds since 1970, UTC
    double cpuPercent = 0;    ///< mean, of all cores, by the program
    uint64_t memoryBytes = 0; ///< the most that the program had in memory
    std::optional<uint64_t> freeDiskBytes = {};
    std::optional<GpuLoadPoint> gpu = {}; ///< the busiest card; nothing without NVIDIA's driver
};

} // namespace clwb
