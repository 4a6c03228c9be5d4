// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/configurations.h"

#include "core/store/sqlite.h"

#include <algorithm>

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

Result<std::vector<EqualRun>> equalRuns(const Project& project, const PlannedRun& planned)
{
    CLWB_ASSIGN(Statement row,
                project.database().prepare(
                    "SELECT run_id, study_sha256, model_sha256, "
                    "coalesce(json_extract(environment, '$.commit'), ''), "
                    "coalesce(json_extract(spec, '$.data_manifest.sha256'), '') FROM run "
                    "WHERE configuration_hash = ? AND seed = ? AND trashed_utc IS NULL "
                    "ORDER BY run_id"));
    row.bindAll(planned.configurationHash, static_cast<int64_t>(planned.seed));
    const auto differs = [](const std::string& stored, const std::string& known) {
        return !stored.empty() && !known.empty() && stored != known;
    };
    std::vector<EqualRun> runs;
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            break;
        runs.push_back({row.integer(0),
                        differs(row.text(1), planned.studySha256) ||
                            differs(row.text(2), planned.modelSha256) ||
                            differs(row.text(4), planned.dataManifest),
                        differs(row.text(3), planned.commit)});
    }
    std::stable_sort(runs.begin(), runs.end(), [](const EqualRun& a, const EqualRun& b) {
        return a.hasOtherData + a.hasOtherBuild > b.hasOtherData + b.hasOtherBuild;
    });
    return runs;
}

} // namespace clwb::store
