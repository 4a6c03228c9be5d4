// SPDX-License-Identifier: GPL-3.0-or-later
// One pair of files of a PictureStore. Private to data.
#pragma once

#include "core/base/error.h"
#include "core/base/sha256.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::data
{

struct SegmentEntry
{
    Sha256Digest key{};
    uint32_t record = 0;
    uint32_t pixelsCrc = 0;
};

class PictureSegment
{
public:
    enum class Access { ReadOnly, Append };

    /// Opens or, with Access::Append, creates `base`.pixels and `base`.index. Nothing when they are
    /// not there, belong to another kind of record, or (Append) another process holds the lock.
    static std::optional<PictureSegment> open(const std::filesystem::path& base,
                                              const std::string& kind, size_t recordBytes,
                                              Access access);
    PictureSegment(PictureSegment&& other) noexcept;
    PictureSegment& operator=(PictureSegment&&) = delete;
    ~PictureSegment();

    /// Entries that were added to the index since the last call.
    std::vector<SegmentEntry> newEntries();
    /// Reads a record and compares its checksum. Thread-safe.
    bool read(const SegmentEntry& entry, uint8_t* out, bool verify) const;
    /// Appends a record; its entry reaches the index with writeIndex(). Errors: DiskFull, Data.
    Result<SegmentEntry> append(const Sha256Digest& key, const uint8_t* picture);
    /// Writes the entries that wait. Errors: DiskFull, Data.
    Result<void> writeIndex();
    [[nodiscard]] size_t waitingEntries() const { return m_waiting.size(); }
    void sync();

private:
    PictureSegment() = default;
    bool openFiles(const std::filesystem::path& base, Access access);
    bool checkHead(const std::string& kind, Access access);
    std::filesystem::path m_base;
    int m_pixels = -1;
    int m_index = -1;
    size_t m_recordBytes = 0;
    uint64_t m_entries = 0; ///< good entries read or written so far
    uint32_t m_nextRecord = 0;
    std::vector<SegmentEntry> m_waiting;
};

} // namespace clwb::data
