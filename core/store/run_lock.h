// SPDX-License-Identifier: GPL-3.0-or-later
// The right to write into a run folder: two projects, an original and its copy, may name the same.
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

namespace clwb::store
{

/// Holds `run.lock` in the folder until it ends; the system lets go of it with the process, however
/// that ends. Where a file system knows no locks there is none, and nothing is refused.
class RunLock
{
public:
    /// Makes the folder if it is missing. Errors: Locked, naming the program that holds it; Data
    /// and DiskFull when the folder cannot be made.
    static Result<RunLock> take(const std::filesystem::path& folder);
    RunLock(RunLock&& other) noexcept
        : m_file(std::move(other.m_file))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
    {}
    RunLock& operator=(RunLock&&) = delete;
    ~RunLock(); ///< removes the file

private:
    RunLock(std::filesystem::path file, int descriptor)
        : m_file(std::move(file))
        , m_descriptor(descriptor)
    {}
    std::filesystem::path m_file;
    int m_descriptor; ///< -1: no lock
};

/// When the last holder took the folder's lock; nothing where there is no lock.
std::optional<std::chrono::system_clock::time_point>
lockedSince(const std::filesystem::path& folder);

/// Whether a folder is missing, or empty but for the lock and a request to stop, which may be only
/// half written.
bool holdsNoRun(const std::filesystem::path& folder);

} // namespace clwb::store
