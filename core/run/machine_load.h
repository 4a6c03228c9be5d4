// SPDX-License-Identifier: GPL-3.0-or-later
// What this process and the machine are busy with: processor, memory, disk, graphics card.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace clwb::run
{

struct GpuLoad
{
    double percent = 0;     ///< of the time in which it computed
    uint64_t usedBytes = 0; ///< by all programs
    uint64_t totalBytes = 0;
};

struct MachineLoad
{
    double cpuPercent = 0;      ///< of all cores, by this process, since the last sample
    uint64_t residentBytes = 0; ///< of this process
    std::optional<uint64_t> freeDiskBytes;
    std::optional<GpuLoad> gpu; ///< the busiest card; nothing without NVIDIA's driver
};

/// Thread: any, one at a time. A sample takes well under a millisecond, with a card some.
class MachineSampler
{
public:
    MachineSampler();
    ~MachineSampler();
    MachineSampler(const MachineSampler&) = delete;
    MachineSampler& operator=(const MachineSampler&) = delete;

    /// @param folder on the disk that is told about; empty: none
    MachineLoad sample(const std::filesystem::path& folder);

private:
    class Gpu;
    std::unique_ptr<Gpu> m_gpu;
    double m_cpuSeconds = 0;
    double m_wallSeconds = 0;
};

} // namespace clwb::run
