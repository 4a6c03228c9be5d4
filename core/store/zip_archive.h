// SPDX-License-Identifier: GPL-3.0-or-later
// The part of libzip that bundles need: bounded reading, and writing that replaces atomically.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

struct zip;

namespace clwb::store
{

struct ZipEntry
{
    std::string name;
    uint64_t bytes = 0; ///< as declared; reading never goes beyond
    uint64_t index = 0;
};

class ZipReader
{
public:
    /// Errors: Data (not a zip, damaged, more than 100 000 entries, a name that is not plain:
    /// absolute, with `..`, backslashes or control characters).
    static Result<ZipReader> open(const std::filesystem::path& file);
    ZipReader(ZipReader&& other) noexcept;
    ZipReader& operator=(ZipReader&&) = delete;
    ~ZipReader();

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return m_entries; }
    [[nodiscard]] const ZipEntry* find(const std::string& name) const;
    /// Errors: Data (larger than allowed, damaged).
    Result<std::string> read(const ZipEntry& entry, uint64_t maxBytes);
    /// Writes the entry as a regular file, atomically. Errors: Data, DiskFull.
    Result<void> extract(const ZipEntry& entry, const std::filesystem::path& target);

private:
    ZipReader() = default;
    std::filesystem::path m_file;
    zip* m_archive = nullptr;
    std::vector<ZipEntry> m_entries;
};

enum class ZipPacking {
    Store, ///< as it is: models do not shrink
    Deflate,
};

class ZipWriter
{
public:
    static Result<ZipWriter> create(const std::filesystem::path& file);
    ZipWriter(ZipWriter&& other) noexcept;
    ZipWriter& operator=(ZipWriter&&) = delete;
    ~ZipWriter(); ///< without commit() nothing is left behind

    Result<void> addText(const std::string& name, const std::string& text);
    /// The file is read at commit().
    Result<void> addFile(const std::string& name, const std::filesystem::path& source,
                         ZipPacking packing = ZipPacking::Store);
    Result<void> commit();

private:
    ZipWriter() = default;
    Failure failure(const std::string& what) const;
    std::filesystem::path m_file;
    std::filesystem::path m_temporary;
    zip* m_archive = nullptr;
};

} // namespace clwb::store
