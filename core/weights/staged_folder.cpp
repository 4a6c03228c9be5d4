// SPDX-License-Identifier: GPL-3.0-or-later
// Replacing a folder: exchanged in one system call where the file system can, otherwise in two
// steps.
#include "core/weights/staged_folder.h"

#include "core/base/file.h"

#include <cstdio>
#include <fcntl.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

/// The target without a trailing slash, so that "model/" and "model" are one folder.
fs::path plainName(const fs::path& target)
{
    return target.has_filename() ? target : target.parent_path();
}

} // namespace

Result<StagedFolder> StagedFolder::create(const fs::path& target)
{
    StagedFolder staged;
    staged.m_target = plainName(target);
    std::error_code ignored;
    if (fs::exists(staged.m_target, ignored) && !fs::is_directory(staged.m_target, ignored))
        return fail(ErrorCode::Data,
                    "cannot create folder: " + staged.m_target.string() +
                        " exists and is no folder",
                    "choose another name");
    staged.m_staged = temporaryName(staged.m_target);
    CLWB_TRY(createFolders(staged.m_staged));
    return staged;
}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : m_target(std::move(other.m_target))
    , m_staged(std::exchange(other.m_staged, {}))
{}

StagedFolder::~StagedFolder()
{
    std::error_code ignored;
    if (!m_staged.empty())
        fs::remove_all(m_staged, ignored);
}

Result<void> StagedFolder::exchange()
{
    if (::renameat2(AT_FDCWD, m_staged.c_str(), AT_FDCWD, m_target.c_str(), RENAME_EXCHANGE) == 0)
        return {};
    fs::path old = m_staged;
    old += ".old";
    if (::rename(m_target.c_str(), old.c_str()) != 0)
        return Failure(systemError("cannot replace folder", m_target));
    if (::rename(m_staged.c_str(), m_target.c_str()) != 0) {
        const Error error = systemError("cannot replace folder", m_target);
        ::rename(old.c_str(), m_target.c_str());
        return Failure(error);
    }
    m_staged = old;
    return {};
}

Result<void> StagedFolder::commit()
{
    if (::rename(m_staged.c_str(), m_target.c_str()) == 0) // where none or an empty one is
        m_staged.clear();
    else
        CLWB_TRY(exchange());
    syncFolderOf(m_target);
    std::error_code ignored;
    if (!m_staged.empty()) // now the old folder
        fs::remove_all(std::exchange(m_staged, {}), ignored);
    return {};
}

} // namespace clwb::weights
