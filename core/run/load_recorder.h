// SPDX-License-Identifier: GPL-3.0-or-later
// Looks once a second at what the machine is busy with, and hands on one point for ten seconds.
#pragma once

#include "core/base/load_point.h"
#include "core/run/machine_load.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace clwb::run
{

struct LoadTime
{
    double seconds = 0;     ///< of a clock that never jumps, from any start
    int64_t utcSeconds = 0; ///< since 1970
};

/// Gathers samples to points: means of times busy, the most of memory, the last of the disk.
class LoadWindow
{
public:
    static constexpr double kSeconds = 10; ///< that a point stands for

    /// The first point counts from here.
    explicit LoadWindow(const LoadTime& now);
    /// @param load since the sample before
    /// @return a point when its time is over
    std::optional<LoadPoint> add(const MachineLoad& load, const LoadTime& now);
    /// The last, shorter point; nothing where less than a second is left and there was one before.
    std::optional<LoadPoint> end(const MachineLoad& load, const LoadTime& now);

private:
    void gather(const MachineLoad& load, const LoadTime& now);
    LoadPoint take(const LoadTime& now);

    double m_begin;
    double m_last;
    bool m_hasGiven = false;
    LoadPoint m_point; ///< sums of per cent · seconds until it is taken
    double m_gpuSeconds = 0;
};

struct LoadRecorderSetting
{
    /// The load since the call before; the first answer is not used. Thread: the recorder's.
    std::function<MachineLoad()> sample;
    std::function<void(const LoadPoint&)> keep; ///< Thread: the recorder's
    std::function<LoadTime()> now = {};         ///< empty: the clocks of the machine
    std::chrono::milliseconds interval{1000};   ///< between samples
};

/// Of this process, the machine's cards, and the disk of a folder.
std::function<MachineLoad()> machineSamples(std::filesystem::path folder);

/// A thread of its own beside a run. What goes wrong here ends the recording, not the run: neither
/// a sample that fails nor a driver that never answers.
class LoadRecorder
{
public:
    explicit LoadRecorder(LoadRecorderSetting setting);
    /// Hands on what is left of the last seconds; waits no longer than kPatience for it. Nothing is
    /// handed on afterwards.
    ~LoadRecorder();
    LoadRecorder(const LoadRecorder&) = delete;
    LoadRecorder& operator=(const LoadRecorder&) = delete;

    static constexpr std::chrono::milliseconds kPatience{1000};

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared; ///< outlives this where a sample hangs
    std::thread m_thread;             ///< none where the machine has no more to give
};

} // namespace clwb::run
