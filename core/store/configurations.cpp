// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/configurations.h"

#include "core/store/sqlite.h"

namespace clwb::store
{

Result<std::map<int64_t, std::string>> configurationHashes(const Project& project)
{
    std::map<int64_t, std::string> hashes;
    CLWB_ASSIGN(Statement row, project.database().prepare(
                                   "SELECT run_id, configuration_hash FROM run "
                                   "WHERE trashed_utc IS NULL AND configuration_hash <> ''"));
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            return hashes;
        hashes.emplace(row.integer(0), row.text(1));
    }
}

} // namespace clwb::store
