// SPDX-License-Identifier: GPL-3.0-or-later
// What LibTorch is told so that a run repeats bit by bit, and how that reads in a record.
#pragma once

#include <cstdint>
#include <string>

namespace clwb::model
{

/// cuDNN picks algorithms by their time otherwise, and rounds products to 10 bits (TF32): two runs
/// would differ, and both from one on the CPU. Where CUBLAS_WORKSPACE_CONFIG is set, LibTorch also
/// takes deterministic algorithms wherever it has them; cuBLAS cannot keep that without.
void makeCudaRepeatable();

/// The settings as they are in this process, CUDA's only where LibTorch has it.
std::string determinismText();
/// Version of the CUDA runtime: "12.6"; "none" in a LibTorch without.
std::string cudaText();
/// Threads that LibTorch takes unless a run says otherwise.
int64_t defaultThreads();

} // namespace clwb::model
