// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/picture_store.h"

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/data/picture_segment.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace fs = std::filesystem;

namespace clwb::data
{
namespace
{

struct DigestHash
{
    size_t operator()(const Sha256Digest& digest) const
    {
        size_t value = 0;
        std::memcpy(&value, digest.data(), sizeof value);
        return value;
    }
};

class MemoryStore : public PictureStore
{
public:
    explicit MemoryStore(size_t recordBytes)
        : m_recordBytes(recordBytes)
    {}

    bool read(const Sha256Digest& key, uint8_t* out) override
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_pictures.find(key);
        if (found == m_pictures.end())
            return false;
        std::memcpy(out, found->second.data(), m_recordBytes);
        return true;
    }
    void add(const Sha256Digest& key, const uint8_t* picture) override
    {
        const std::lock_guard lock(m_mutex);
        if ((m_pictures.size() + 1) * m_recordBytes <= kMemoryBytes)
            m_pictures.try_emplace(key, picture, picture + m_recordBytes);
    }
    bool hasRoom() override
    {
        const std::lock_guard lock(m_mutex);
        return (m_pictures.size() + 1) * m_recordBytes <= kMemoryBytes;
    }
    void flush() override {}

private:
    const size_t m_recordBytes;
    std::mutex m_mutex; // guards m_pictures
    std::unordered_map<Sha256Digest, std::vector<uint8_t>, DigestHash> m_pictures;
};

class FileStore : public PictureStore
{
public:
    FileStore(const fs::path& folder, const std::string& name, size_t recordBytes, uint64_t reserve)
        : m_folder(folder)
        , m_reserve(reserve)
    {
        constexpr int kMaxSegments = 256;
        // Our own first: the first segment nobody else appends to, an old one or a new one.
        int own = -1;
        for (int i = 0; i < kMaxSegments && own < 0; ++i) {
            if (open(baseOf(folder, name, i), name, recordBytes, PictureSegment::Access::Append))
                own = i;
        }
        m_canWrite = own >= 0;
        for (int i = 0; i < kMaxSegments; ++i) {
            if (i != own &&
                !open(baseOf(folder, name, i), name, recordBytes,
                      PictureSegment::Access::ReadOnly) &&
                i > own)
                break;
        }
        if (!m_canWrite)
            logWarning("picture cache " + folder.string() +
                       " cannot be written: new pictures are "
                       "decoded every time");
        else
            keepReserve();
        for (size_t i = 0; i < m_segments.size(); ++i)
            takeNewEntries(i);
    }

    ~FileStore() override { flush(); }
    FileStore(const FileStore&) = delete;
    FileStore& operator=(const FileStore&) = delete;

    bool read(const Sha256Digest& key, uint8_t* out) override
    {
        Place place;
        {
            const std::lock_guard lock(m_mutex);
            auto found = m_places.find(key);
            if (found == m_places.end()) {
                for (size_t i = m_canWrite ? 1 : 0; i < m_segments.size(); ++i)
                    takeNewEntries(i); // of the processes that share the folder
                found = m_places.find(key);
            }
            if (found == m_places.end())
                return false;
            place = found->second;
        }
        const bool isGood = m_segments[place.segment].read(place.entry, out, !place.isVerified);
        if (isGood && place.isVerified)
            return true;
        const std::lock_guard lock(m_mutex);
        if (isGood)
            m_places[key].isVerified = true;
        else
            m_places.erase(key);
        return isGood;
    }

    void add(const Sha256Digest& key, const uint8_t* picture) override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_canWrite || m_places.contains(key))
            return;
        PictureSegment& own = m_segments.front();
        auto entry = own.append(key, picture);
        if (!entry)
            return giveUp(entry.error());
        m_places.emplace(key, Place{0, *entry, true});
        constexpr size_t kEntriesAtOnce = 64;
        if (own.waitingEntries() >= kEntriesAtOnce) {
            if (auto written = own.writeIndex(); !written)
                return giveUp(written.error());
            keepReserve();
        }
    }

    bool hasRoom() override
    {
        const std::lock_guard lock(m_mutex);
        return m_canWrite;
    }

    void flush() override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_canWrite)
            return;
        if (auto written = m_segments.front().writeIndex(); !written)
            return giveUp(written.error());
        m_segments.front().sync();
    }

private:
    struct Place
    {
        size_t segment = 0;
        SegmentEntry entry;
        bool isVerified = false;
    };

    static fs::path baseOf(const fs::path& folder, const std::string& name, int number)
    {
        return folder / (name + "-" + std::to_string(number));
    }

    bool open(const fs::path& base, const std::string& kind, size_t recordBytes,
              PictureSegment::Access access)
    {
        auto segment = PictureSegment::open(base, kind, recordBytes, access);
        if (segment)
            m_segments.push_back(std::move(*segment));
        return segment.has_value();
    }

    void takeNewEntries(size_t segment)
    {
        for (const SegmentEntry& entry : m_segments[segment].newEntries())
            m_places.insert_or_assign(entry.key, Place{segment, entry, false});
    }

    /// A cache that cannot grow costs time, not the run.
    void giveUp(const Error& error)
    {
        m_canWrite = false;
        logWarning("picture cache is full or cannot be written, new pictures are decoded every "
                   "time: " +
                   error.message);
    }

    /// Stops adding before the disk is full: a checkpoint that cannot be written ends a run.
    void keepReserve()
    {
        const uint64_t free = freeBytes(m_folder);
        if (free >= m_reserve)
            return;
        m_canWrite = false;
        const auto megabytes = [](uint64_t bytes) { return std::to_string(bytes >> 20) + " MB"; };
        logWarning("picture cache " + m_folder.string() +
                   " stops growing, new pictures are decoded "
                   "every time: " +
                   megabytes(free) + " are free on its disk, " + megabytes(m_reserve) +
                   " stay free for results");
    }

    const fs::path m_folder;
    const uint64_t m_reserve;
    std::mutex m_mutex; // guards everything but the reading of records
    bool m_canWrite = false;
    std::vector<PictureSegment> m_segments; ///< our own first, when there is one; never grows later
    std::unordered_map<Sha256Digest, Place, DigestHash> m_places;
};

} // namespace

Result<std::unique_ptr<PictureStore>> PictureStore::open(const fs::path& folder,
                                                         const std::string& name,
                                                         size_t recordBytes,
                                                         std::optional<uint64_t> reserve)
{
    if (folder.empty())
        return std::make_unique<MemoryStore>(recordBytes);
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        CLWB_TRY(createFolders(folder));
    }
    return std::make_unique<FileStore>(folder, name, recordBytes,
                                       reserve.value_or(reserveOf(folder)));
}

uint64_t PictureStore::reserveOf(const fs::path& folder)
{
    constexpr uint64_t kReserve = uint64_t(5) << 30;
    std::error_code failure;
    const fs::space_info disk = fs::space(folder, failure);
    return failure ? kReserve : std::min<uint64_t>(kReserve, disk.capacity / 20);
}

} // namespace clwb::data
