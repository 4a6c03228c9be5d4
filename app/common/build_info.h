// SPDX-License-Identifier: GPL-3.0-or-later
// What this program was built from; the values are written into the build folder at every build.
#pragma once

#include <cstdint>
#include <string_view>

namespace clwb::app
{

struct BuildInfo
{
    std::string_view version;
    std::string_view commit; ///< short hash, with a remark when the tree had local changes
    std::string_view compiler;
    std::string_view libtorch;
    std::string_view buildType;
    std::string_view patch;       ///< of those changes, as `git diff` says; empty when too large
    std::string_view patchSha256; ///< of the whole patch; empty where there is none
    uint64_t patchBytes = 0;      ///< of the whole patch
};

BuildInfo buildInfo();

} // namespace clwb::app
