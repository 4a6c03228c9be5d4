// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that appears complete or not at all.
#pragma once

#include "core/base/error.h"

#include <filesystem>

namespace clwb::weights
{

/// Files are written into a temporary folder beside the target; commit() moves it there and removes
/// an older folder of that name. Dropped without commit() the temporary folder is removed.
class StagedFolder
{
public:
    /// Errors: Data, DiskFull.
    static Result<StagedFolder> create(const std::filesystem::path& target);
    StagedFolder(StagedFolder&& other) noexcept;
    StagedFolder& operator=(StagedFolder&&) = delete;
    ~StagedFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return m_staged; }
    /// Errors: Data, DiskFull; the old folder is then still there.
    Result<void> commit();

private:
    StagedFolder() = default;
    Result<void> exchange(); ///< m_staged then names the old folder
    std::filesystem::path m_target;
    std::filesystem::path m_staged;
};

} // namespace clwb::weights
