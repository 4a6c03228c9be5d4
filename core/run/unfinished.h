// SPDX-License-Identifier: GPL-3.0-or-later
// What was begun on the disk and is taken away again unless it comes to its end.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <vector>

namespace clwb::run
{

/// Removes a file or folder of ours unless it is kept.
class Unfinished
{
public:
    explicit Unfinished(std::filesystem::path path);
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished();
    void keep() { m_path.clear(); }

private:
    std::filesystem::path m_path;
};

/// Folders made for a file, removed again, where they are empty, unless they are kept.
class NewFolders
{
public:
    NewFolders() = default;
    NewFolders(const NewFolders&) = delete;
    NewFolders& operator=(const NewFolders&) = delete;
    ~NewFolders();
    /// mkdir -p, once. Errors: as createFolders().
    Result<void> make(const std::filesystem::path& folder);
    void keep() { m_made.clear(); }

private:
    std::vector<std::filesystem::path> m_made; ///< outermost first
};

} // namespace clwb::run
