// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a project as text for people and as JSON for programs. Pure functions.
#pragma once

#include "core/base/json.h"
#include "core/store/project.h"

#include <string>
#include <vector>

namespace clwb::cli
{

/// Aligned columns, one run a line.
std::string runTable(const std::vector<store::RunRow>& rows);
/// One property a line.
std::string runDetails(const store::RunRow& row);
Json runJson(const store::RunRow& row);

} // namespace clwb::cli
