// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/npy.h"

#include "core/base/check.h"

namespace clwb
{

Result<NpyWriter> NpyWriter::create(const std::filesystem::path& path,
                                    const std::vector<int64_t>& shape)
{
    std::string dimensions;
    int64_t count = 1;
    for (const int64_t size : shape) {
        dimensions += std::to_string(size) + ", ";
        count *= size;
    }
    if (shape.size() > 1)
        dimensions.erase(dimensions.size() - 2);
    std::string header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + dimensions + "), }";
    // Magic (6), version (2) and length (2) come before; the whole is a multiple of 64.
    header.resize((header.size() + 1 + 10 + 63) / 64 * 64 - 10 - 1, ' ');
    header += '\n';

    CLWB_ASSIGN(AtomicFile file, AtomicFile::create(path));
    std::string prefix("\x93NUMPY\x01\x00", 8);
    prefix += static_cast<char>(header.size() & 0xff);
    prefix += static_cast<char>(header.size() >> 8);
    CLWB_TRY(file.write(prefix));
    CLWB_TRY(file.write(header));
    return NpyWriter(std::move(file), count);
}

Result<void> NpyWriter::append(std::span<const float> values)
{
    m_left -= static_cast<int64_t>(values.size());
    return m_file.write(values.data(), values.size_bytes());
}

Result<void> NpyWriter::commit()
{
    CLWB_CHECK(m_left == 0, m_left, " values missing");
    return m_file.commit();
}

} // namespace clwb
