// SPDX-License-Identifier: GPL-3.0-or-later
// The library below the project file, for records of what results depend on.
#pragma once

#include <string>

namespace clwb::store
{

/// "3.40.1": SQLite as it is loaded.
std::string sqliteText();

} // namespace clwb::store
