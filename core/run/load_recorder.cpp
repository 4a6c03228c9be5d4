// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/load_recorder.h"

#include "core/base/log.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
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

struct LoadRecorder::Shared
{
    LoadRecorderSetting setting;
    std::mutex mutex; // guards what follows
    std::condition_variable wake;
    bool isEnding = false;
    bool hasEnded = false;
    bool isAbandoned = false; ///< whoever would keep a point is gone

    [[nodiscard]] bool waitForNext()
    {
        std::unique_lock lock(mutex);
        return !wake.wait_for(lock, setting.interval, [this] { return isEnding; });
    }
    void keep(const std::optional<LoadPoint>& point)
    {
        const std::lock_guard lock(mutex);
        if (point && !isAbandoned)
            setting.keep(*point);
    }
    void record()
    {
        (void)setting.sample(); // times busy count from here
        LoadWindow window(setting.now());
        while (waitForNext()) {
            const MachineLoad load = setting.sample();
            keep(window.add(load, setting.now()));
        }
        const MachineLoad load = setting.sample();
        keep(window.end(load, setting.now()));
    }
    void work() noexcept
    {
        try {
            record();
        } catch (...) {
            tellEnd();
        }
        const std::lock_guard lock(mutex);
        hasEnded = true;
        wake.notify_all();
    }
    static void tellEnd() noexcept
    {
        try {
            logWarning("the load of the machine is stored no longer: it could not be measured");
        } catch (...) { // no memory for a message: the run goes on without it
        }
    }
};

LoadRecorder::LoadRecorder(LoadRecorderSetting setting)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->setting = std::move(setting);
    if (!m_shared->setting.now)
        m_shared->setting.now = machineTime;
    try {
        m_thread = std::thread([shared = m_shared] { shared->work(); });
    } catch (const std::system_error&) { // a limit of processes: no reason to end a run
        Shared::tellEnd();
    }
}

LoadRecorder::~LoadRecorder()
{
    if (!m_thread.joinable())
        return;
    std::unique_lock lock(m_shared->mutex);
    m_shared->isEnding = true;
    m_shared->wake.notify_all();
    const bool hasEnded =
        m_shared->wake.wait_for(lock, kPatience, [this] { return m_shared->hasEnded; });
    m_shared->isAbandoned = true;
    lock.unlock();
    if (hasEnded)
        m_thread.join();
    else
        m_thread.detach();
}

} // namespace clwb::run
