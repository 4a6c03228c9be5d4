// SPDX-License-Identifier: GPL-3.0-or-later
// Writer of NumPy's .npy format, version 1.0, float32, C order.
#pragma once

#include "core/base/error.h"
#include "core/base/file.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace clwb
{

/// Streams rows into an .npy file that appears under its name only after commit().
class NpyWriter
{
public:
    /// @param shape full shape, first dimension included
    static Result<NpyWriter> create(const std::filesystem::path& path,
                                    const std::vector<int64_t>& shape);
    /// Errors: DiskFull, Data.
    Result<void> append(std::span<const float> values);
    /// CHECK: exactly the product of `shape` values were appended.
    Result<void> commit();

private:
    NpyWriter(AtomicFile file, int64_t expected)
        : m_file(std::move(file))
        , m_left(expected)
    {}
    AtomicFile m_file;
    int64_t m_left;
};

} // namespace clwb
