// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/configurations.h"

#include "core/base/json.h"
#include "core/store/sqlite.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

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

namespace
{

/// What a run is compared by; the first columns of each query.
constexpr const char* kCompared = "SELECT run_id, study_sha256, model_sha256, "
                                  "coalesce(json_extract(environment, '$.commit'), ''), "
                                  "coalesce(json_extract(spec, '$.data_manifest.sha256'), '')";

EqualRun comparedRun(const Statement& row, const PlannedRun& planned)
{
    const auto differs = [](const std::string& stored, const std::string& known) {
        return !stored.empty() && !known.empty() && stored != known;
    };
    return {row.integer(0),
            differs(row.text(1), planned.studySha256) ||
                differs(row.text(2), planned.modelSha256) ||
                differs(row.text(4), planned.dataManifest),
            differs(row.text(3), planned.commit)};
}

/// The end of a path that names a model: "mini-clip" of /models/mini-clip/, "run-3/model" of a
/// run's own models, whose last names are those of every run.
std::filesystem::path modelName(const std::filesystem::path& path)
{
    std::filesystem::path name;
    std::filesystem::path rest = path.has_filename() ? path : path.parent_path();
    while (rest.has_filename()) {
        const std::string last = rest.filename().string();
        name = name.empty() ? rest.filename() : rest.filename() / name;
        const bool isNumber = last.find_first_not_of("0123456789") == std::string::npos;
        if (!isNumber && last != "model" && last != "sessions")
            break;
        rest = rest.parent_path();
    }
    return name;
}

/// Whether a stored specification is the planned one but for the folders of study and model.
bool isSameElsewhere(const std::string& stored, const PlannedRun& planned)
{
    const auto document = parseJson(stored, "spec");
    if (!document)
        return false;
    auto spec = spec::runSpecFromJson(*document);
    if (!spec)
        return false;
    spec->study = planned.spec->study;
    spec->model = planned.spec->model;
    return spec::configurationHash(*spec) == planned.configurationHash;
}

Result<void> addRunsElsewhere(const Project& project, const PlannedRun& planned,
                              std::vector<EqualRun>& runs)
{
    const spec::RunSpec& spec = *planned.spec;
    CLWB_ASSIGN(Statement row,
                project.database().prepare(
                    std::string(kCompared) +
                    ", spec, model FROM run WHERE seed = ? AND study_sha256 = ? AND kind = ? AND "
                    "method = ? AND option = ? AND setting = ? AND configuration_hash <> ? AND "
                    "configuration_hash <> '' AND trashed_utc IS NULL "
                    "ORDER BY run_id DESC LIMIT 200"));
    row.bindAll(static_cast<int64_t>(planned.seed), planned.studySha256, spec.kind, spec.method,
                spec.option, spec.setting, planned.configurationHash);
    const std::filesystem::path model = modelName(spec.model);
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            return {};
        EqualRun run = comparedRun(row, planned);
        if (run.hasOtherData || modelName(row.text(6)) != model ||
            !isSameElsewhere(row.text(5), planned))
            continue;
        run.isElsewhere = true;
        runs.push_back(run);
    }
}

} // namespace

Result<std::vector<EqualRun>> equalRuns(const Project& project, const PlannedRun& planned)
{
    CLWB_ASSIGN(Statement row, project.database().prepare(
                                   std::string(kCompared) +
                                   " FROM run WHERE configuration_hash = ? AND seed = ? AND "
                                   "trashed_utc IS NULL ORDER BY run_id"));
    row.bindAll(planned.configurationHash, static_cast<int64_t>(planned.seed));
    std::vector<EqualRun> runs;
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            break;
        runs.push_back(comparedRun(row, planned));
    }
    const auto differences = [](const EqualRun& run) {
        return run.hasOtherData + run.hasOtherBuild + run.isElsewhere;
    };
    const bool isKnownHere = std::any_of(
        runs.begin(), runs.end(), [&](const EqualRun& run) { return differences(run) == 0; });
    if (planned.spec && !planned.studySha256.empty() && !isKnownHere)
        CLWB_TRY(addRunsElsewhere(project, planned, runs));
    std::sort(runs.begin(), runs.end(), [&](const EqualRun& a, const EqualRun& b) {
        return std::tuple(-differences(a), !a.isElsewhere, a.runId) <
               std::tuple(-differences(b), !b.isElsewhere, b.runId);
    });
    return runs;
}

} // namespace clwb::store
