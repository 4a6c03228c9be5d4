// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of an image at any offset, from memory or from an open file through a small window.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace clwb::data
{

/// An unsigned number of `count` ≤ 4 bytes, lowest first. @param bytes at least `at` + `count`
uint32_t little(std::span<const uint8_t> bytes, size_t at, size_t count);

class ByteSource
{
public:
    explicit ByteSource(std::span<const uint8_t> content);
    /// A regular file, opened without ever blocking. Errors: Data, reason alone.
    static Result<ByteSource> open(const std::filesystem::path& file);
    ByteSource(ByteSource&& other) noexcept;
    ByteSource& operator=(ByteSource&&) = delete;
    ~ByteSource();

    [[nodiscard]] uint64_t size() const { return m_size; }
    /// `count` bytes at `offset`, nothing (empty) when they are not all there. Valid until the next
    /// call. @param count at most kWindow
    std::span<const uint8_t> at(uint64_t offset, size_t count);
    /// As many bytes as are at hand from `offset` on; empty at the end.
    std::span<const uint8_t> some(uint64_t offset);

    static constexpr size_t kWindow = 1 << 16;

private:
    ByteSource() = default;
    bool load(uint64_t offset, size_t count);
    int m_descriptor = -1;
    uint64_t m_size = 0;
    uint64_t m_windowStart = 0;
    std::span<const uint8_t> m_window;
    std::vector<uint8_t> m_buffer;
};

} // namespace clwb::data
