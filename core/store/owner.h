// SPDX-License-Identifier: GPL-3.0-or-later
// Which program owns a run (or, on a network file system, the project), and whether it still lives.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace clwb::store
{

/// A process that cannot be mixed up with a later one of the same number.
struct Owner
{
    std::string host;
    std::string boot; ///< identity of the host's start
    int64_t pid = 0;
    int64_t start = 0; ///< start time of the process in clock ticks since boot

    bool operator==(const Owner&) const = default;
    /// "host (pid 12, since …)" for messages.
    [[nodiscard]] std::string toText() const;
};

/// This process.
Owner thisProcess();

enum class OwnerState {
    Alive,
    Dead,
    Elsewhere, ///< on another host: cannot be told from here
};

OwnerState stateOf(const Owner& owner);

/// This process has given up the run of this uid without being able to write that into its row.
/// Thread: any.
void letGoOfRun(const std::string& uid);
/// It goes on with the run. Whether it had let go of it. Thread: any.
bool takeUpRun(const std::string& uid);
/// Whether somebody may be at work on a run whose row names this owner: not where there is none,
/// where it is dead, or where this process has let go of the run. Thread: any.
bool mayBeAtWork(const Owner& owner, const std::string& uid);

/// Whether the folder lies on a file system that several hosts may share or whose locks cannot be
/// trusted (NFS, SMB, Lustre, GPFS, AFS, 9p, FUSE, …). CLWB_ASSUME_NETWORK=1 says so for tests.
bool isNetworkFileSystem(const std::filesystem::path& path);
/// The rule behind it, for a `statfs` type number.
bool isNetworkFileSystemType(uint64_t type);

/// The right of this process to use a project on a network file system: `<project>.lease` beside
/// it. All connections of the process share one; the last one released removes the file.
class Lease
{
public:
    /// Errors: Locked, naming the other program.
    static Result<std::shared_ptr<Lease>> take(const std::filesystem::path& project);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

private:
    explicit Lease(std::filesystem::path file)
        : m_file(std::move(file))
    {}
    std::filesystem::path m_file;
};

} // namespace clwb::store
