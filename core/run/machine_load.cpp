// SPDX-License-Identifier: GPL-3.0-or-later
// Processor and memory from the kernel, the graphics card through NVIDIA's management library where
// it is installed.
#include "core/run/machine_load.h"

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <fstream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace clwb::run
{

namespace
{

double secondsOf(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double cpuSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
}

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

uint64_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    uint64_t total = 0;
    uint64_t resident = 0;
    file >> total >> resident;
    return file ? resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

} // namespace

/// NVML, loaded when it is there: the program must start on machines without it.
class MachineSampler::Gpu
{
public:
    Gpu()
        : m_library(::dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL))
    {
        if (!m_library)
            return;
        const auto init = find<int()>("nvmlInit_v2");
        m_count = find<int(unsigned*)>("nvmlDeviceGetCount_v2");
        m_device = find<int(unsigned, void**)>("nvmlDeviceGetHandleByIndex_v2");
        m_rates = find<int(void*, Rates*)>("nvmlDeviceGetUtilizationRates");
        m_memory = find<int(void*, Memory*)>("nvmlDeviceGetMemoryInfo");
        m_works = init && m_count && m_device && m_rates && m_memory && init() == 0;
    }
    ~Gpu()
    {
        if (m_works) {
            if (const auto shutdown = find<int()>("nvmlShutdown"))
                shutdown();
        }
        if (m_library)
            ::dlclose(m_library);
    }
    Gpu(const Gpu&) = delete;
    Gpu& operator=(const Gpu&) = delete;

    [[nodiscard]] std::optional<GpuLoad> busiest() const
    {
        unsigned count = 0;
        if (!m_works || m_count(&count) != 0)
            return std::nullopt;
        std::optional<GpuLoad> busiest;
        for (unsigned index = 0; index < count; ++index) {
            void* device = nullptr;
            Rates rates{};
            Memory memory{};
            if (m_device(index, &device) != 0 || m_rates(device, &rates) != 0 ||
                m_memory(device, &memory) != 0)
                continue;
            if (!busiest || rates.gpu > busiest->percent)
                busiest = GpuLoad{static_cast<double>(rates.gpu), memory.used, memory.total};
        }
        return busiest;
    }

private:
    // As in NVIDIA's header nvml.h.
    struct Rates
    {
        unsigned gpu;
        unsigned memory;
    };
    struct Memory
    {
        unsigned long long total;
        unsigned long long free;
        unsigned long long used;
    };

    template<class Function>
    Function* find(const char* name) const
    {
        return reinterpret_cast<Function*>(::dlsym(m_library, name));
    }

    void* m_library;
    bool m_works = false;
    int (*m_count)(unsigned*) = nullptr;
    int (*m_device)(unsigned, void**) = nullptr;
    int (*m_rates)(void*, Rates*) = nullptr;
    int (*m_memory)(void*, Memory*) = nullptr;
};

MachineSampler::MachineSampler()
    : m_gpu(std::make_unique<Gpu>())
    , m_cpuSeconds(cpuSeconds())
    , m_wallSeconds(wallSeconds())
{}

MachineSampler::~MachineSampler() = default;

MachineLoad MachineSampler::sample(const std::filesystem::path& folder)
{
    MachineLoad load;
    const double cpu = cpuSeconds();
    const double wall = wallSeconds();
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    if (wall > m_wallSeconds)
        load.cpuPercent =
            std::clamp(100 * (cpu - m_cpuSeconds) / (wall - m_wallSeconds) / cores, 0.0, 100.0);
    m_cpuSeconds = cpu;
    m_wallSeconds = wall;
    load.residentBytes = residentBytes();
    std::error_code problem;
    if (!folder.empty()) {
        const std::filesystem::space_info space = std::filesystem::space(folder, problem);
        if (!problem)
            load.freeDiskBytes = space.available;
    }
    load.gpu = m_gpu->busiest();
    return load;
}

} // namespace clwb::run
