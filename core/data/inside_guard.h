// SPDX-License-Identifier: GPL-3.0-or-later
// resolveInside() for many names below one root: folders are resolved once, files looked at alone.
#pragma once

#include "core/base/file.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace clwb::data
{

class InsideGuard
{
public:
    InsideGuard(std::filesystem::path root, FollowLinks follow);
    /// The file of a name below the root. Errors: Data when it leaves the root or is not clean
    /// text.
    Result<std::filesystem::path> fileOf(std::string_view name);

private:
    std::filesystem::path m_root;
    FollowLinks m_follow;
    std::map<std::string, Result<std::filesystem::path>> m_folders;
};

} // namespace clwb::data
