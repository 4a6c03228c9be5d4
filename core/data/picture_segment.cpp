// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/picture_segment.h"

#include "core/base/file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::data
{
namespace
{

constexpr size_t kHeadBytes = 128;
constexpr size_t kEntryBytes = 44; // key 32, record 4, CRC of pixels 4, CRC of the entry 4

uint32_t crcOf(const void* data, size_t bytes)
{
    return static_cast<uint32_t>(
        ::crc32(0, static_cast<const Bytef*>(data), static_cast<uInt>(bytes)));
}

void putNumber(uint8_t* out, uint32_t value)
{
    for (int i = 0; i < 4; ++i)
        out[i] = static_cast<uint8_t>(value >> (8 * i));
}

uint32_t number(const uint8_t* in)
{
    uint32_t value = 0;
    for (int i = 3; i >= 0; --i)
        value = (value << 8) | in[i];
    return value;
}

std::array<char, kHeadBytes> headOf(const std::string& kind)
{
    std::array<char, kHeadBytes> head{};
    const std::string text = "clwb pictures 1 " + kind + "\n";
    std::copy_n(text.begin(), std::min(text.size(), kHeadBytes - 1), head.begin());
    return head;
}

bool readAll(int descriptor, void* out, size_t bytes, uint64_t offset)
{
    auto* position = static_cast<uint8_t*>(out);
    while (bytes > 0) {
        const ssize_t got = ::pread(descriptor, position, bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        position += got;
        offset += static_cast<uint64_t>(got);
        bytes -= static_cast<size_t>(got);
    }
    return true;
}

bool writeAll(int descriptor, const void* data, size_t bytes, uint64_t offset)
{
    const auto* position = static_cast<const uint8_t*>(data);
    while (bytes > 0) {
        const ssize_t put = ::pwrite(descriptor, position, bytes, static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        position += put;
        offset += static_cast<uint64_t>(put);
        bytes -= static_cast<size_t>(put);
    }
    return true;
}

fs::path withEnding(fs::path base, const char* ending)
{
    base += ending;
    return base;
}

} // namespace

std::optional<PictureSegment> PictureSegment::open(const fs::path& base, const std::string& kind,
                                                   size_t recordBytes, Access access)
{
    PictureSegment segment;
    segment.m_base = base;
    segment.m_recordBytes = recordBytes;
    if (!segment.openFiles(base, access) || !segment.checkHead(kind, access))
        return std::nullopt;
    return segment;
}

bool PictureSegment::openFiles(const fs::path& base, Access access)
{
    const int flags = (access == Access::Append ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC |
                      O_NONBLOCK | O_NOFOLLOW;
    m_index = ::open(withEnding(base, ".index").c_str(), flags, 0666);
    if (m_index < 0)
        return false;
    // The lock of the index stands for the pair and goes with the process, however it ends.
    if (access == Access::Append && ::flock(m_index, LOCK_EX | LOCK_NB) != 0)
        return false;
    m_pixels = ::open(withEnding(base, ".pixels").c_str(), flags, 0666);
    struct stat info = {};
    return m_pixels >= 0 && ::fstat(m_pixels, &info) == 0 && S_ISREG(info.st_mode);
}

bool PictureSegment::checkHead(const std::string& kind, Access access)
{
    const auto expected = headOf(kind + " " + std::to_string(m_recordBytes));
    std::array<char, kHeadBytes> head{};
    struct stat info = {};
    if (::fstat(m_index, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    const bool isNew = info.st_size < static_cast<off_t>(kHeadBytes);
    if (isNew) {
        return access == Access::Append && writeAll(m_index, expected.data(), kHeadBytes, 0);
    }
    return readAll(m_index, head.data(), kHeadBytes, 0) && head == expected;
}

PictureSegment::PictureSegment(PictureSegment&& other) noexcept
    : m_base(std::move(other.m_base))
    , m_pixels(std::exchange(other.m_pixels, -1))
    , m_index(std::exchange(other.m_index, -1))
    , m_recordBytes(other.m_recordBytes)
    , m_entries(other.m_entries)
    , m_nextRecord(other.m_nextRecord)
    , m_waiting(std::move(other.m_waiting))
{}

PictureSegment::~PictureSegment()
{
    if (m_pixels >= 0)
        ::close(m_pixels);
    if (m_index >= 0)
        ::close(m_index);
}

std::vector<SegmentEntry> PictureSegment::newEntries()
{
    std::vector<SegmentEntry> entries;
    struct stat info = {};
    if (::fstat(m_index, &info) != 0)
        return entries;
    const uint64_t known = kHeadBytes + m_entries * kEntryBytes;
    if (static_cast<uint64_t>(info.st_size) < known + kEntryBytes)
        return entries;
    const uint64_t count = (static_cast<uint64_t>(info.st_size) - known) / kEntryBytes;
    std::vector<uint8_t> bytes(count * kEntryBytes);
    if (!readAll(m_index, bytes.data(), bytes.size(), known))
        return entries;
    for (uint64_t i = 0; i < count; ++i) {
        const uint8_t* entry = bytes.data() + i * kEntryBytes;
        // A torn entry: the rest is unusable and is overwritten by the next owner.
        if (number(entry + 40) != crcOf(entry, 40))
            break;
        SegmentEntry good;
        std::copy_n(entry, good.key.size(), good.key.begin());
        good.record = number(entry + 32);
        good.pixelsCrc = number(entry + 36);
        m_nextRecord = std::max(m_nextRecord, good.record + 1);
        entries.push_back(good);
        ++m_entries;
    }
    return entries;
}

bool PictureSegment::read(const SegmentEntry& entry, uint8_t* out, bool verify) const
{
    if (!readAll(m_pixels, out, m_recordBytes, uint64_t(entry.record) * m_recordBytes))
        return false;
    return !verify || crcOf(out, m_recordBytes) == entry.pixelsCrc;
}

Result<SegmentEntry> PictureSegment::append(const Sha256Digest& key, const uint8_t* picture)
{
    const SegmentEntry entry{key, m_nextRecord, crcOf(picture, m_recordBytes)};
    if (!writeAll(m_pixels, picture, m_recordBytes, uint64_t(entry.record) * m_recordBytes))
        return Failure(systemError("cannot write", withEnding(m_base, ".pixels")));
    ++m_nextRecord;
    m_waiting.push_back(entry);
    return entry;
}

Result<void> PictureSegment::writeIndex()
{
    std::vector<uint8_t> bytes(m_waiting.size() * kEntryBytes);
    for (size_t i = 0; i < m_waiting.size(); ++i) {
        uint8_t* entry = bytes.data() + i * kEntryBytes;
        std::copy(m_waiting[i].key.begin(), m_waiting[i].key.end(), entry);
        putNumber(entry + 32, m_waiting[i].record);
        putNumber(entry + 36, m_waiting[i].pixelsCrc);
        putNumber(entry + 40, crcOf(entry, 40));
    }
    if (!writeAll(m_index, bytes.data(), bytes.size(), kHeadBytes + m_entries * kEntryBytes))
        return Failure(systemError("cannot write", withEnding(m_base, ".index")));
    m_entries += m_waiting.size();
    m_waiting.clear();
    return {};
}

void PictureSegment::sync()
{
    ::fdatasync(m_pixels);
    ::fdatasync(m_index);
}

} // namespace clwb::data
