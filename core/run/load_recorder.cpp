// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/load_recorder.h"

#include "core/base/log.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace clwb::run
{
namespace
{

constexpr double kShortestSeconds = 1; // of a last point that is not the only one

LoadTime machineTime()
{
    using std::chrono::duration;
    using std::chrono::duration_cast;
    return {duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(),
            duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

} // namespace

LoadWindow::LoadWindow(const LoadTime& now)
    : m_begin(now.seconds)
    , m_last(now.seconds)
{}

void LoadWindow::gather(const MachineLoad& load, const LoadTime& now)
{
    // By their time: a sample that comes late stands for more of it.
    const double seconds = std::max(0.0, now.seconds - m_last);
    m_last = now.seconds;
    m_point.cpuPercent += load.cpuPercent * seconds;
    m_point.memoryBytes = std::max(m_point.memoryBytes, load.residentBytes);
    if (load.freeDiskBytes)
        m_point.freeDiskBytes = load.freeDiskBytes;
    if (!load.gpu)
        return;
    GpuLoadPoint& gpu = m_point.gpu ? *m_point.gpu : m_point.gpu.emplace();
    gpu.percent += load.gpu->percent * seconds;
    m_gpuSeconds += seconds;
    if (load.gpu->usedBytes >= gpu.memoryBytes) {
        gpu.memoryBytes = load.gpu->usedBytes;
        gpu.totalBytes = load.gpu->totalBytes; // of the same card
    }
}

LoadPoint LoadWindow::take(const LoadTime& now)
{
    LoadPoint point = std::exchange(m_point, {});
    const double seconds = m_last - std::exchange(m_begin, m_last);
    const double gpuSeconds = std::exchange(m_gpuSeconds, 0);
    point.at = now.utcSeconds;
    point.cpuPercent = seconds > 0 ? point.cpuPercent / seconds : 0;
    if (point.gpu)
        point.gpu->percent = gpuSeconds > 0 ? point.gpu->percent / gpuSeconds : 0;
    m_hasGiven = true;
    return point;
}

std::optional<LoadPoint> LoadWindow::add(const MachineLoad& load, const LoadTime& now)
{
    gather(load, now);
    return now.seconds - m_begin >= kSeconds ? std::optional(take(now)) : std::nullopt;
}

std::optional<LoadPoint> LoadWindow::end(const MachineLoad& load, const LoadTime& now)
{
    gather(load, now);
    if (m_hasGiven && now.seconds - m_begin < kShortestSeconds)
        return std::nullopt;
    return take(now);
}

std::function<MachineLoad()> machineSamples(std::filesystem::path folder)
{
    // Made with the first sample, because the driver's library takes its time.
    return [sampler = std::shared_ptr<MachineSampler>(), folder = std::move(folder)]() mutable {
        if (!sampler)
            sampler = std::make_shared<MachineSampler>();
        return sampler->sample(folder);
    };
}

LoadRecorder::LoadRecorder(LoadRecorderSetting setting)
    : m_setting(std::move(setting))
{
    if (!m_setting.now)
        m_setting.now = machineTime;
    m_thread = std::thread([this] { work(); });
}

LoadRecorder::~LoadRecorder()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

bool LoadRecorder::waitForNext()
{
    std::unique_lock lock(m_mutex);
    return !m_wake.wait_for(lock, m_setting.interval, [this] { return m_isEnding; });
}

void LoadRecorder::record()
{
    (void)m_setting.sample(); // times busy count from here
    LoadWindow window(m_setting.now());
    while (waitForNext()) {
        const MachineLoad load = m_setting.sample();
        if (const auto point = window.add(load, m_setting.now()))
            m_setting.keep(*point);
    }
    const MachineLoad load = m_setting.sample();
    if (const auto point = window.end(load, m_setting.now()))
        m_setting.keep(*point);
}

void LoadRecorder::work()
{
    try {
        record();
    } catch (const std::exception& problem) {
        // Thread boundary: nothing may leave it.
        logWarning(std::string("the load of the machine is stored no longer: ") + problem.what());
    }
}

} // namespace clwb::run
