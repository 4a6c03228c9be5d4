// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/inside_guard.h"

#include "core/data/printable.h"

#include <sys/stat.h>

namespace clwb::data
{

InsideGuard::InsideGuard(std::filesystem::path root, FollowLinks follow)
    : m_root(std::move(root))
    , m_follow(follow)
{}

Result<std::filesystem::path> InsideGuard::fileOf(std::string_view name)
{
    if (!isCleanText(name)) {
        return fail(ErrorCode::Data,
                    "file name with control characters or invalid UTF-8: " + printable(name));
    }
    const size_t slash = name.rfind('/');
    const std::string_view file = slash == std::string_view::npos ? name : name.substr(slash + 1);
    const std::string folder(slash == std::string_view::npos ? "" : name.substr(0, slash));
    const bool isPlain = !file.empty() && file != "." && file != "..";
    if (!isPlain || (folder.empty() && slash != std::string_view::npos))
        return resolveInside(m_root, name, m_follow);
    if (folder.empty()) {
        m_folders.try_emplace(folder, m_root);
    } else if (!m_folders.contains(folder)) {
        m_folders.emplace(folder, resolveInside(m_root, folder, m_follow));
    }
    const Result<std::filesystem::path>& parent = m_folders.at(folder);
    if (!parent)
        return parent;
    std::filesystem::path path = *parent / std::string(file);
    struct stat info = {};
    const bool isLink = ::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
    if (isLink && m_follow == FollowLinks::No)
        return resolveInside(m_root, name, m_follow);
    return path;
}

} // namespace clwb::data
