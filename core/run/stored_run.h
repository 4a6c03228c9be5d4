// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a specification, or continues a run, with its results in the project.
#pragma once

#include "core/run/branch.h"
#include "core/run/resume_point.h"
#include "core/run/runner.h"
#include "core/store/project.h"
#include "core/store/run_writer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// What a run needs besides what is run.
struct StoredRunSetting
{
    std::filesystem::path project;
    std::filesystem::path trace; ///< empty: none
    StopToken stop;
    Json environment = Json::object(); ///< build, machine, command line
    /// How the program's sources differ from its commit; a new run keeps it as program.patch in its
    /// folder. Empty: they do not, or it is not known.
    std::string patch = {};
    EventSink listener; ///< hears every event after the project did; may be empty
    /// Hears the number of the run as soon as it has one; may be empty.
    std::function<void(int64_t runId)> onRunId;
    /// Hears what keeps results out of the project, and nothing once they are in; may be empty.
    std::function<void(const std::optional<Error>&)> onStoreProblem;
    // What runs and continues; others are for tests.
    std::function<Result<RunSummary>(const RunRequest&, const EventSink&)> execute = executeRun;
    std::function<Result<std::optional<ResumePoint>>(const std::filesystem::path&)> resumePoint =
        findResumePoint;
};

/// How a run ended that is in the project.
struct StoredRun
{
    int64_t runId = 0;
    std::filesystem::path folder;
    std::string status; ///< finished | stopped | failed
    int64_t steps = 0;
    std::filesystem::path model; ///< of a finished run
    std::optional<Error> error;  ///< why it failed, or why its results are not all stored
};

/// Runs to the end. Blocking, on the calling thread.
/// @param folder of the run's files; empty: beside the project
/// @param trial  of a sweep whose run this becomes
/// Errors: only what kept the run from being stored at all, or from starting (data, model, settings
/// that do not fit them), of which nothing stays in the project unless it is a trial; a failure
/// later on is in the result.
Result<StoredRun> executeNewRun(const spec::RunSpec& spec, const std::filesystem::path& folder,
                                const StoredRunSetting& setting,
                                const std::optional<store::TrialPlace>& trial = {});

/// What a branch takes over from the run it left.
struct BranchStart
{
    BranchWriter write;                             ///< the state, into the new run's folder
    std::vector<metrics::EvaluationRecord> records; ///< go into the project as if evaluated now
};

/// executeNewRun() that goes on from another run's state.
Result<StoredRun> executeBranch(const spec::RunSpec& spec, const std::filesystem::path& folder,
                                const BranchStart& start, const StoredRunSetting& setting);

/// Continues a stopped, interrupted or failed run from its last checkpoint, from its beginning when
/// it never had one. One that fails before its engine begins (other data, another model) is in the
/// result as failed, and stays in the project what it was. Errors: as above; Usage when there is
/// nothing to continue; Data when the checkpoints that the project knows of are not in its folder.
Result<StoredRun> executeAgain(const store::RunRow& row, const StoredRunSetting& setting);

} // namespace clwb::run
