// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of details share.
#pragma once

#include "core/base/sha256.h"
#include "core/store/project.h"

#include <string>
#include <string_view>

namespace clwb::store
{

/// The 32 bytes of a hash, as columns hold them. Valid as long as the digest.
inline std::string_view bytesOf(const Sha256Digest& digest)
{
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// "project file F: `what`", with what to do about it.
Failure detailDamage(const Project& project, const std::string& what);
/// "run 3 keeps no `what` after session 2", with the usual reasons.
Failure notKept(const std::string& what, int64_t runId, int session);
/// Whether the file's schema has tables for details at all.
Result<bool> hasDetails(const Project& project);

} // namespace clwb::store
