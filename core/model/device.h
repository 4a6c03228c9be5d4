// SPDX-License-Identifier: GPL-3.0-or-later
// Devices, precision and threads of LibTorch behind plain settings.
#pragma once

#include "core/base/error.h"

#include <ATen/core/Tensor.h>

#include <string>

namespace clwb::model
{

/// "auto" (CUDA where LibTorch has it), "cpu", "cuda", "cuda:N".
/// Errors: Usage when CUDA is asked for and absent.
Result<at::Device> chooseDevice(const std::string& setting);

/// How many threads a setting stands for: 0 = all cores.
int64_t threadsFor(int64_t threads);

/// Sets LibTorch's intra-op threads for this process; 0 = all cores. Returns the number used.
int64_t useThreads(int64_t threads);

/// "LibTorch 2.13.0, CUDA 12.x" for environment records.
std::string libraryText();

/// Autocast to bf16/fp16 while in scope; "fp32" does nothing. Per thread.
class AutocastScope
{
public:
    AutocastScope(const std::string& precision, at::Device device);
    ~AutocastScope();
    AutocastScope(const AutocastScope&) = delete;
    AutocastScope& operator=(const AutocastScope&) = delete;

private:
    at::DeviceType m_type;
    bool m_active;
};

/// The exception being handled as an error with a hint; LogicError is thrown on.
Error errorFromCurrentException(const std::string& what);

/// Runs `work` and turns what LibTorch and the allocator throw into errors with a hint.
/// @param what "training step", "evaluation" …: begins the message
template<class Work>
auto guarded(const std::string& what, Work&& work) -> decltype(work())
{
    // The error is built inside the handler but tensors of `work` are gone by then: unwinding
    // released them, so that the next run finds the memory free.
    try {
        return work();
    } catch (...) {
        return Failure(errorFromCurrentException(what));
    }
}

} // namespace clwb::model
