// SPDX-License-Identifier: GPL-3.0-or-later
// Writes one run's events into the project: an own connection on a writer thread, transactions at
// most 2 s apart, a session's results in one transaction. Never blocks the training thread on SQL.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/load_point.h"
#include "core/base/step_time.h"
#include "core/metrics/evaluation_details.h"
#include "core/metrics/evaluation_record.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

/// The trial of a sweep that a new run is made for.
struct TrialPlace
{
    int64_t sweepId = 0;
    int number = 0;
    std::optional<int64_t> earlierRun; ///< the run it had; another program may have given it one
};

/// What is known of a run before it starts.
struct NewRun
{
    std::string name;
    Json resolvedSpec; ///< keys of interfaces.md §3
    std::string configurationHash;
    std::filesystem::path folder; ///< empty: `<project>.files/run-<id>`
    std::string origin = "local";
    int sessions = 0;
    Json environment;                ///< build, CPU, libraries, command line
    std::optional<TrialPlace> trial; ///< gets the run in the same transaction
};

/// Adds a run of status `queued`, owned by this process, to be started with startQueued().
Result<int64_t> enqueueRun(const std::filesystem::path& project, NewRun run);

class RunWriter
{
public:
    /// Creates the run row (status `running`, owner = this process) and starts the writer thread.
    /// Errors: Locked when another program has just given the trial a run, or writes to the folder.
    static Result<std::unique_ptr<RunWriter>> createRun(const std::filesystem::path& project,
                                                        NewRun run);
    /// Starts a run that enqueueRun() added. Errors: Usage (not queued), Locked (another's).
    static Result<std::unique_ptr<RunWriter>> startQueued(const std::filesystem::path& project,
                                                          int64_t runId);
    /// Takes over an interrupted/stopped/failed run. With the first result that is added (spec,
    /// step, evaluation, checkpoint) its rows beyond the checkpoint's step and session are deleted.
    /// Finished before that, because its engine would not begin, it is again what it was, with all
    /// its rows; warnings and loads until then are dropped. Errors: Locked when its owner lives, or
    /// when another program writes to its folder, for a copy of the project.
    static Result<std::unique_ptr<RunWriter>> resumeRun(const std::filesystem::path& project,
                                                        int64_t runId, int64_t keepSteps,
                                                        int keepSessions);
    /// Flushes and joins; a run that was never finished becomes `interrupted`.
    virtual ~RunWriter() = default;

    [[nodiscard]] virtual int64_t runId() const = 0;
    [[nodiscard]] virtual std::filesystem::path folder() const = 0;

    // All calls only queue; they return at once and are safe on the training thread.
    /// With hashes, once known. @param sessions planned ones; 0: as they were
    virtual void setResolvedSpec(Json spec, int sessions = 0) = 0;
    virtual void addStep(int64_t step, int session, int epoch, double lr,
                         const std::map<std::string, double>& losses,
                         std::optional<StepTime> time = std::nullopt) = 0;
    /// Metrics, per-session accuracies, the record itself and its details in one transaction.
    /// @param details kept of test records of whole sessions; null: none
    virtual void
    addEvaluation(metrics::EvaluationRecord record, std::optional<double> bwt,
                  std::shared_ptr<const metrics::EvaluationDetails> details = nullptr) = 0;
    /// Likewise for a record taken over from another run of this project, which keeps its details
    /// of that session for both; none where the other run is gone or has none.
    /// @param sourceUid the other run; empty: no details
    virtual void addTakenEvaluation(metrics::EvaluationRecord record, std::optional<double> bwt,
                                    std::string sourceUid) = 0;
    /// Of pictures in the details of this or another run; the others are dropped. Thread: any.
    virtual void addThumbnails(std::vector<metrics::Thumbnail> thumbnails) = 0;
    /// Of the machine, in seconds of this run. Thread: any.
    virtual void addLoad(const LoadPoint& load) = 0;
    virtual void addCheckpoint(std::string folder, int64_t step, std::string sha256) = 0;
    virtual void addWarning(std::string text) = 0;
    virtual void finish(std::string status, std::string message, double seconds) = 0;
    /// Waits until everything queued was tried; the error that keeps items out of the project, if
    /// any (they are then parked in the spool and in memory, and tried again).
    virtual Result<void> flush() = 0;
    /// The error that keeps items out of the project just now; polled between batches, so that a
    /// run can pause on a full disk. Thread: any.
    [[nodiscard]] virtual std::optional<Error> problem() const = 0;
};

} // namespace clwb::store
