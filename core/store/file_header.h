// SPDX-License-Identifier: GPL-3.0-or-later
// The first bytes of an SQLite file, read without SQLite (its file format, section 1.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace clwb::store
{

using FileHeader = std::array<unsigned char, 100>;
inline constexpr size_t kHeaderPages = 28; ///< offset: size of the file in pages

inline uint32_t bigEndian(const FileHeader& header, size_t offset)
{
    return (uint32_t{header[offset]} << 24) | (uint32_t{header[offset + 1]} << 16) |
           (uint32_t{header[offset + 2]} << 8) | header[offset + 3];
}

inline uint32_t pageBytes(const FileHeader& header)
{
    const uint32_t number = (uint32_t{header[16]} << 8) | header[17];
    return number == 1 ? 65536 : number;
}

} // namespace clwb::store
