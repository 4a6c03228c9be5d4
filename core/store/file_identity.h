// SPDX-License-Identifier: GPL-3.0-or-later
// Which file a path leads to, to notice that a project was moved, deleted or replaced while in use.
#pragma once

#include <filesystem>
#include <sys/stat.h>

namespace clwb::store
{

/// All zero: there is no file.
struct FileIdentity
{
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const FileIdentity&) const = default;
};

inline FileIdentity identityOf(const std::filesystem::path& file)
{
    struct stat info = {};
    return ::stat(file.c_str(), &info) == 0 ? FileIdentity{info.st_dev, info.st_ino}
                                            : FileIdentity{};
}

} // namespace clwb::store
