// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps and searches in the project: their trials, which run is whose, and a search's record.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/store/project.h"
#include "core/store/run_writer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

struct NewTrial
{
    int number = 0;
    std::string role = "trial"; ///< trial | candidate | training | winner
    Json varied = Json::object();
    Json spec; ///< resolved
};

struct NewSweep
{
    std::string kind = "sweep"; ///< sweep | search
    std::string name;
    std::string hash;   ///< of the resolved trials: what makes it the same sweep
    bool reuses = true; ///< whether runs that the project had before may stand for trials
    Json document;      ///< the file it came from
};

/// Derived from the trial's run; a run whose program died counts as stopped.
enum class TrialState { Pending, Running, Done, Failed, Stopped };

struct TrialRow
{
    int number = 0;
    std::string role;
    Json varied;
    Json spec;
    TrialState state = TrialState::Pending;
    std::optional<int64_t> runId; ///< not one in the trash
};

struct SweepRow
{
    int64_t sweepId = 0;
    std::string uid, kind, name, createdUtc, hash;
    bool reuses = true;
    int trials = 0, done = 0, failed = 0;
    Json document;
    Json result; ///< a search's record; null until it has one
};

// Reading; a project of schema 1 that is open read-only has no sweeps. Errors: Corrupt, Locked.
Result<std::vector<SweepRow>> sweeps(const Project& project); ///< oldest first
/// The youngest of that hash.
Result<std::optional<SweepRow>> findSweep(const Project& project, const std::string& hash);
Result<std::vector<TrialRow>> trialsOf(const Project& project, int64_t sweepId); ///< by number

/// What two runs must share to be the same experiment.
struct RunIdentity
{
    std::string configurationHash;
    uint64_t seed = 0;
    std::string studySha256;
    std::string modelSha256;
};
/// The oldest finished run of that identity, wherever it was computed.
Result<std::optional<int64_t>> findFinishedRun(const Project& project, const RunIdentity& identity);
/// The last optimiser step that the project knows of a run; 0 when there is none.
Result<int64_t> lastStep(const Project& project, int64_t runId);

// Writing. Errors: Locked (read-only project), DiskFull.
Result<int64_t> addSweep(Project& project, const NewSweep& sweep,
                         const std::vector<NewTrial>& trials);
/// CHECK: the number is free.
Result<void> addTrial(Project& project, int64_t sweepId, const NewTrial& trial);
/// Lets a run that exists stand for a trial.
Result<void> linkTrial(Project& project, const TrialPlace& place, int64_t runId);
Result<void> setSweepResult(Project& project, int64_t sweepId, const Json& result);

/// linkTrial() inside the caller's transaction.
Result<void> giveTrialItsRun(Database& database, const TrialPlace& place, int64_t runId);

} // namespace clwb::store
