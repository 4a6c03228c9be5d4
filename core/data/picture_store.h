// SPDX-License-Identifier: GPL-3.0-or-later
// Packed pictures of one size on disk: append-only segments that several processes share. Private
// to data.
#pragma once

#include "core/base/error.h"
#include "core/base/sha256.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace clwb::data
{

/// Key → fixed-size picture. A segment is a pair NAME-N.pixels (records) and NAME-N.index (key,
/// record number, CRC-32 of the pixels, CRC-32 of the entry). A process appends to a segment that
/// it holds the lock of and reads all of them; a kill loses at most the entries not yet in the
/// index, and a record whose checksum does not fit counts as absent. Thread-safe.
class PictureStore
{
public:
    virtual ~PictureStore() = default;
    /// @param folder  created when possible; empty: memory only, up to kMemoryBytes
    /// @param name    of the segments; says what the records hold
    /// @param reserve bytes of the file system that stay free; by default reserveOf(folder)
    /// Errors: Data when the folder can neither be read nor created.
    static Result<std::unique_ptr<PictureStore>> open(const std::filesystem::path& folder,
                                                      const std::string& name, size_t recordBytes,
                                                      std::optional<uint64_t> reserve = {});
    /// What the cache leaves to checkpoints, models and other people: 5 GiB, on a small disk a
    /// twentieth of it.
    static uint64_t reserveOf(const std::filesystem::path& folder);
    /// False when absent.
    virtual bool read(const Sha256Digest& key, uint8_t* out) = 0;
    /// Keeps a picture if there is room; a store that cannot be written says so once in the log.
    virtual void add(const Sha256Digest& key, const uint8_t* picture) = 0;
    /// False when add() would keep nothing.
    [[nodiscard]] virtual bool hasRoom() = 0;
    /// Entries to the index, both files to the disk.
    virtual void flush() = 0;

    static constexpr size_t kMemoryBytes = size_t(512) << 20;
};

} // namespace clwb::data
