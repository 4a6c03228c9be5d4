// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/repeatable.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include <cstdlib>

namespace clwb::model
{
namespace
{

bool hasCublasWorkspace()
{
    return std::getenv("CUBLAS_WORKSPACE_CONFIG") != nullptr;
}

} // namespace

void makeCudaRepeatable()
{
    at::Context& context = at::globalContext();
    context.setBenchmarkCuDNN(false);
    context.setDeterministicCuDNN(true);
    context.setAllowTF32CuDNN(false);
    context.setAllowTF32CuBLAS(false);
    if (hasCublasWorkspace()) // otherwise LibTorch would warn at every product
        context.setDeterministicAlgorithms(true, true);
}

std::string determinismText()
{
    const std::string cpu = "CPU: same bits on the same build, kind of CPU and threads";
    if (!at::hasCUDA())
        return cpu;
    makeCudaRepeatable();
    at::Context& context = at::globalContext();
    const auto state = [](bool isOn) { return isOn ? "on" : "off"; };
    return cpu + "; CUDA: deterministic algorithms " + state(context.deterministicAlgorithms()) +
           (hasCublasWorkspace() ? "" : " (CUBLAS_WORKSPACE_CONFIG is not set)") +
           ", cuDNN deterministic " + state(context.deterministicCuDNN()) + ", cuDNN benchmark " +
           state(context.benchmarkCuDNN()) + ", TF32 " +
           state(context.allowTF32CuDNN() || context.allowTF32CuBLAS());
}

std::string cudaText()
{
    if (!at::hasCUDA())
        return "none";
    const long version = at::detail::getCUDAHooks().versionCUDART(); // 12060 is 12.6
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

int64_t defaultThreads()
{
    return at::get_num_threads();
}

} // namespace clwb::model
