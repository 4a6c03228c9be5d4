// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/library_version.h"

#include <sqlite3.h>

namespace clwb::store
{

std::string sqliteText()
{
    return sqlite3_libversion();
}

} // namespace clwb::store
