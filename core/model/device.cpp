// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/device.h"

#include "core/base/check.h"
#include "core/base/number_text.h"
#include "core/model/repeatable.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/util/Exception.h>

#include <new>
#include <thread>
#include <torch/version.h>

namespace clwb::model
{

Result<at::Device> chooseDevice(const std::string& setting)
{
    const int64_t devices = at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0;
    const bool hasCuda = devices > 0;
    if (setting == "cpu" || (setting == "auto" && !hasCuda))
        return at::Device(at::kCPU);
    if (!hasCuda) {
        return fail(ErrorCode::Usage,
                    "device: \"" + setting + "\" asked for, but this LibTorch " +
                        "sees no CUDA device",
                    "use --set device=cpu, or build with a CUDA LibTorch (Torch_DIR)");
    }
    int64_t index = 0;
    if (setting.starts_with("cuda:"))
        index = parseInteger(setting.substr(5)).value_or(-1);
    if (index < 0 || index >= devices) {
        return fail(ErrorCode::Usage, "device: \"" + setting +
                                          "\": this machine has CUDA devices " + "0 to " +
                                          std::to_string(devices - 1));
    }
    makeCudaRepeatable();
    return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

int64_t threadsFor(int64_t threads)
{
    return threads > 0 ? threads : std::max(1u, std::thread::hardware_concurrency());
}

int64_t useThreads(int64_t threads)
{
    threads = threadsFor(threads);
    at::set_num_threads(static_cast<int>(threads));
    return threads;
}

std::string libraryText()
{
    return std::string("LibTorch ") + TORCH_VERSION + (at::hasCUDA() ? " with CUDA" : ", CPU");
}

AutocastScope::AutocastScope(const std::string& precision, at::Device device)
    : m_type(device.type())
    , m_active(precision != "fp32")
{
    if (!m_active)
        return;
    at::autocast::set_autocast_enabled(m_type, true);
    at::autocast::set_autocast_dtype(m_type, precision == "bf16" ? at::kBFloat16 : at::kHalf);
    at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope()
{
    if (!m_active)
        return;
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(m_type, false);
}

Error errorFromCurrentException(const std::string& what)
{
    const std::string smaller =
        "try a smaller schedule.batch_size, schedule.micro_batch, or precision bf16";
    try {
        throw;
    } catch (const LogicError&) {
        throw;
    } catch (const c10::OutOfMemoryError& error) {
        return {ErrorCode::OutOfMemory,
                what + ": GPU out of memory: " + error.what_without_backtrace(), smaller};
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        const bool memory = text.find("not enough memory") != std::string::npos ||
                            text.find("can't allocate memory") != std::string::npos;
        return {memory ? ErrorCode::OutOfMemory : ErrorCode::RunFailed, what + ": " + text,
                memory ? smaller : std::string()};
    } catch (const std::bad_alloc&) {
        return {ErrorCode::OutOfMemory, what + ": not enough memory", smaller};
    } catch (const std::exception& error) {
        return {ErrorCode::RunFailed, what + ": " + error.what(), {}};
    }
}

} // namespace clwb::model
