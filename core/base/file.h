// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are written completely or not at all, bounded reading, and safe path joining.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace clwb
{

/// Writes `name.tmp-PID-N`, then fsync, rename, fsync of the folder at commit(). Dropped without
/// commit() the temporary file is removed and an old file of that name stays untouched.
/// A device or a named pipe is written to as it is (--out /dev/null).
/// Fault points (CLWB_FAULT=write:N|fsync:N|rename:N|kill:N) fail the N-th such operation.
class AtomicFile
{
public:
    /// Errors: Data (no such folder, no permission), DiskFull.
    static Result<AtomicFile> create(const std::filesystem::path& path);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) noexcept;
    ~AtomicFile();

    Result<void> write(const void* data, size_t bytes);
    Result<void> write(std::string_view text) { return write(text.data(), text.size()); }
    Result<void> commit();

private:
    AtomicFile() = default;
    void discard();
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    int m_descriptor = -1;
};

/// For tests: true (with errno ENOSPC) when CLWB_FAULT asks for the N-th operation of this kind to
/// fail; `kill:N` counts all kinds and ends the process. Always false without CLWB_FAULTS.
bool faultHits(std::string_view operation);

/// Replaces a whole file atomically.
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// Whole content of a regular file (no FIFO, device or folder).
/// Errors: `code` when missing or unreadable or larger than `maxBytes`.
Result<std::string> readFile(const std::filesystem::path& path, uint64_t maxBytes,
                             ErrorCode code = ErrorCode::Data);

/// `target`.tmp-PID-N: a name beside it that no other file of this process has.
std::filesystem::path temporaryName(const std::filesystem::path& target);
/// Whether a file name is one that temporaryName() gives for `target`, without their folders.
bool isTemporaryOf(std::string_view name, std::string_view target);
/// Removes what killed processes left under such names in a folder and below it. Only for a folder
/// that nobody else writes to. What cannot be removed stays.
void removeTemporaries(const std::filesystem::path& folder);
/// Makes a rename of `path` last: fsync of the folder it lies in, as far as that can be done.
void syncFolderOf(const std::filesystem::path& path);

/// Copies through AtomicFile.
Result<void> copyFileAtomically(const std::filesystem::path& from, const std::filesystem::path& to);

enum class FollowLinks { No, Yes };

/// `root`/`name` for a name that comes from a data file: refuses absolute names, `..`, NUL,
/// and, unless FollowLinks::Yes, anything that leaves `root` once links are resolved.
/// The file need not exist. Errors: Data, naming the key `follow_links` where it would help.
Result<std::filesystem::path> resolveInside(const std::filesystem::path& root,
                                            std::string_view name, FollowLinks follow);

/// Errors of the current errno for an operation on a path, with DiskFull for ENOSPC and EDQUOT.
Error systemError(std::string_view what, const std::filesystem::path& path);

/// mkdir -p. Errors: Data, DiskFull.
Result<void> createFolders(const std::filesystem::path& path);

/// Free bytes for this user on the file system of `path` (or of its nearest existing parent).
uint64_t freeBytes(const std::filesystem::path& path);

} // namespace clwb
