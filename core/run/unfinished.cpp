// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/unfinished.h"

#include "core/base/file.h"

#include <utility>

namespace clwb::run
{

Unfinished::Unfinished(std::filesystem::path path)
    : m_path(std::move(path))
{}

Unfinished::~Unfinished()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

NewFolders::~NewFolders()
{
    std::error_code ignored;
    for (auto folder = m_made.rbegin(); folder != m_made.rend(); ++folder)
        std::filesystem::remove(*folder, ignored); // fails where somebody put something into it
}

Result<void> NewFolders::make(const std::filesystem::path& folder)
{
    std::error_code ignored;
    for (std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
         !path.empty() && !std::filesystem::exists(path, ignored) && path != path.parent_path();
         path = path.parent_path()) {
        if (path.has_filename())
            m_made.insert(m_made.begin(), path);
    }
    return createFolders(folder);
}

} // namespace clwb::run
