// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one specification from data to final model; the only place that wires the engine.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/run/events.h"
#include "core/spec/run_spec.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::run
{

/// Called on the training thread, in order.
using EventSink = std::function<void(const Event&)>;

/// Where thumbnails of evaluated pictures go. Both are called on a thread of their own.
struct ThumbnailPlace
{
    /// Places in a list whose thumbnail is still to be made.
    std::function<Result<std::vector<int64_t>>(const metrics::HashedList&)> missing;
    std::function<void(std::vector<metrics::Thumbnail>)> keep; ///< empty: none are made
};

struct RunRequest
{
    spec::RunSpec spec;
    std::filesystem::path
        folder; ///< of the run: spec.json, model/, sessions/, eval-*.json, checkpoint/
    std::filesystem::path trace; ///< --trace FILE; empty: none
    bool resume = false;         ///< continue from folder/checkpoint
    /// RunStarted's steps etc. are events; a StopToken ends the run with status "stopped".
    StopToken stop;
    ThumbnailPlace thumbnails = {};
};

struct RunSummary
{
    std::string status; ///< finished | stopped
    int64_t steps = 0;
    std::filesystem::path model; ///< folder of the final model; empty when stopped
    std::vector<std::string> classes;
};

/// Blocking. Errors: Usage, Data, RunFailed (NaN …), OutOfMemory, DiskFull. A run that stops on
/// the token returns a summary with status "stopped" and leaves a checkpoint to resume from.
Result<RunSummary> executeRun(const RunRequest& request, const EventSink& sink);

/// What a run would cost, from its data and short measurements on this machine.
struct Estimate
{
    int64_t steps = 0;
    double seconds = 0;
    uint64_t diskBytes = 0;
    uint64_t memoryBytes = 0;
    /// As long as every measured part was at its quickest, and at its slowest; 0: not told.
    double leastSeconds = 0;
    double mostSeconds = 0;
    int64_t evaluations = 0; ///< that the seconds hold
};
/// Counts steps, evaluations with their pictures and texts, the embeddings that a session begins
/// with, and the first look at pictures that are not prepared yet. Of a run that goes on, only what
/// comes after `doneSessions` counts.
Result<Estimate> estimateRun(const spec::RunSpec& spec, int doneSessions = 0);

} // namespace clwb::run
