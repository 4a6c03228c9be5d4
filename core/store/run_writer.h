// SPDX-License-Identifier: GPL-3.0-or-later
// Writes one run's events into the project: an own connection on a writer thread, transactions at
// most 2 s apart, a session's results in one transaction. Never blocks the training thread on SQL.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
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

/// What is known of a run before it starts.
struct NewRun
{
    std::string name;
    Json resolvedSpec; ///< keys of interfaces.md §3
    std::string configurationHash;
    std::filesystem::path folder; ///< empty: `<project>.files/run-<id>`
    std::string origin = "local";
    int sessions = 0;
    Json environment; ///< build, CPU, libraries, command line
};

class RunWriter
{
public:
    /// Creates the run row (status `running`, owner = this process) and starts the writer thread.
    static Result<std::unique_ptr<RunWriter>> createRun(const std::filesystem::path& project,
                                                        NewRun run);
    /// Takes over an interrupted/stopped/failed run: its rows beyond the checkpoint's step and
    /// session are deleted. Errors: Locked when its owner lives.
    static Result<std::unique_ptr<RunWriter>> resumeRun(const std::filesystem::path& project,
                                                        int64_t runId, int64_t keepSteps,
                                                        int keepSessions);
    virtual ~RunWriter() = default; ///< flushes and joins

    [[nodiscard]] virtual int64_t runId() const = 0;
    [[nodiscard]] virtual std::filesystem::path folder() const = 0;

    // All calls only queue; they return at once and are safe on the training thread.
    virtual void setResolvedSpec(Json spec) = 0; ///< with hashes, once known
    virtual void addStep(int64_t step, int session, int epoch, double lr,
                         const std::map<std::string, double>& losses) = 0;
    /// Metrics, per-session accuracies and the record itself in one transaction.
    /// @param sessionEnd false for epoch records
    virtual void addEvaluation(metrics::EvaluationRecord record, std::optional<double> bwt) = 0;
    virtual void addCheckpoint(std::string folder, int64_t step, std::string sha256) = 0;
    virtual void addWarning(std::string text) = 0;
    virtual void finish(std::string status, std::string message, double seconds) = 0;
    /// Waits until everything queued is on disk; the first error met, if any (then spooled).
    virtual Result<void> flush() = 0;
};

} // namespace clwb::store
