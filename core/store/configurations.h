// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs of a project are the same experiment, without reading any run.
#pragma once

#include "core/spec/run_spec.h"
#include "core/store/project.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

/// The configuration hash of every run that has one, by run_id; equal for runs that differ by seed
/// only. Of reported rows and old imports there is none. Trashed runs are left out.
/// Errors: Corrupt, Locked. Cost: one pass over the run table, milliseconds for 10 000 runs.
Result<std::map<int64_t, std::string>> configurationHashes(const Project& project);

/// A run that would be made, as far as what it depends on is known; empty: unknown.
struct PlannedRun
{
    std::string configurationHash;
    uint64_t seed = 0;
    std::string studySha256, modelSha256;
    std::string commit;            ///< of the program
    std::string dataManifest = {}; ///< SHA-256
    /// Where it and the study's hash are given, runs are found, too, whose study and model have
    /// been moved since.
    std::optional<spec::RunSpec> spec = {};
};

/// A run of the same settings and seed, and where it differs from the planned one for certain.
struct EqualRun
{
    int64_t runId = 0;
    bool hasOtherData = false; ///< study, its files or start model
    bool hasOtherBuild = false;
    bool isElsewhere = false; ///< the study's content and the model's name are the same, but lay in
                              ///< another folder; what they point to may be another
};

/// The runs that a planned one would repeat; the last is the nearest: with fewest differences, of
/// those one in the same folders, of those the newest. Trashed runs are left out. Runs elsewhere
/// are looked for where no run differs in nothing: among the newest two hundred of the same seed,
/// method, option and setting. Errors: Corrupt, Locked.
Result<std::vector<EqualRun>> equalRuns(const Project& project, const PlannedRun& planned);

} // namespace clwb::store
