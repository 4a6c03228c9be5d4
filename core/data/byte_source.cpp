// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace clwb::data
{

uint32_t little(std::span<const uint8_t> bytes, size_t at, size_t count)
{
    uint32_t value = 0;
    for (size_t i = count; i > 0; --i)
        value = (value << 8) | bytes[at + i - 1];
    return value;
}

ByteSource::ByteSource(std::span<const uint8_t> content)
    : m_size(content.size())
    , m_window(content)
{}

Result<ByteSource> ByteSource::open(const std::filesystem::path& file)
{
    // O_NONBLOCK: a FIFO without a writer must not hang the program.
    ByteSource source;
    source.m_descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (source.m_descriptor < 0)
        return fail(ErrorCode::Data, errno == ENOENT ? "missing" : std::strerror(errno));
    struct stat info = {};
    if (::fstat(source.m_descriptor, &info) != 0 || !S_ISREG(info.st_mode))
        return fail(ErrorCode::Data, "not a regular file");
    source.m_size = static_cast<uint64_t>(info.st_size);
    return source;
}

ByteSource::ByteSource(ByteSource&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_size(other.m_size)
    , m_windowStart(other.m_windowStart)
    , m_window(other.m_window)
    , m_buffer(std::move(other.m_buffer))
{}

ByteSource::~ByteSource()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool ByteSource::load(uint64_t offset, size_t count)
{
    const uint64_t windowEnd = m_windowStart + m_window.size();
    if (offset >= m_windowStart && offset + count <= windowEnd && offset < windowEnd)
        return true;
    if (m_descriptor < 0 || offset >= m_size)
        return false;
    // Headers are asked for in small pieces: read a page or two, never the whole picture.
    const size_t wanted =
        std::max<size_t>(count, m_windowStart == 0 && m_window.empty() ? 8192 : 4096);
    m_buffer.resize(std::min<uint64_t>(wanted, m_size - offset));
    size_t done = 0;
    while (done < m_buffer.size()) {
        const ssize_t got = ::pread(m_descriptor, m_buffer.data() + done, m_buffer.size() - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += static_cast<size_t>(got);
    }
    m_windowStart = offset;
    m_window = std::span<const uint8_t>(m_buffer.data(), done);
    return done >= count && done > 0;
}

std::span<const uint8_t> ByteSource::at(uint64_t offset, size_t count)
{
    if (offset > m_size || count > m_size - offset || count == 0 || !load(offset, count))
        return {};
    return m_window.subspan(static_cast<size_t>(offset - m_windowStart), count);
}

std::span<const uint8_t> ByteSource::some(uint64_t offset)
{
    if (offset >= m_size)
        return {};
    const bool isAtHand = offset >= m_windowStart && offset - m_windowStart < m_window.size();
    const size_t count = static_cast<size_t>(std::min<uint64_t>(kWindow, m_size - offset));
    if (m_descriptor >= 0 && !isAtHand && !load(offset, count))
        return {};
    return m_window.subspan(static_cast<size_t>(offset - m_windowStart));
}

} // namespace clwb::data
