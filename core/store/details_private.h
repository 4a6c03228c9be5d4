// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of details share.
#pragma once

#include "core/store/project.h"

#include <string>

namespace clwb::store
{

/// "project file F: `what`", with what to do about it.
Failure detailDamage(const Project& project, const std::string& what);
/// "run 3 keeps no `what` after session 2", with the usual reasons.
Failure notKept(const std::string& what, int64_t runId, int session);
/// Whether the file's schema has tables for details at all.
Result<bool> hasDetails(const Project& project);

} // namespace clwb::store
