// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of resizeBicubic(), in the fastest form the processor has; all give the same
// bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace clwb::data
{

/// Fixed-point weights of one direction, `stride` (even, zero-filled) a result pixel.
struct ResampleTaps
{
    const int* first = nullptr; ///< first source pixel
    const int* count = nullptr; ///< number of source pixels
    const int32_t* weights = nullptr;
    int stride = 0;
    int size = 0; ///< result pixels
};

inline constexpr int kWeightBits = 22;

/// One source row to one result row of taps.size pixels.
/// `row` must be readable 16 bytes past its last pixel.
using HorizontalKernel = void (*)(const uint8_t* row, const ResampleTaps& taps, uint8_t* out);
/// `count` source rows, `rowBytes` apart, to one result row of `bytes` bytes.
using VerticalKernel = void (*)(const uint8_t* rows, size_t rowBytes, const int32_t* weights,
                                int count, uint8_t* out, size_t bytes);

struct ResampleKernels
{
    HorizontalKernel horizontal = nullptr;
    VerticalKernel vertical = nullptr;
};

/// Plain C++ loops.
ResampleKernels plainKernels();
/// The fastest ones that run here.
ResampleKernels bestKernels();

} // namespace clwb::data
