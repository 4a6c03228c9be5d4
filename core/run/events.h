// SPDX-License-Identifier: GPL-3.0-or-later
// The closed set of events of a run: plain values that cross threads.
#pragma once

#include "core/base/step_time.h"
#include "core/metrics/evaluation_details.h"
#include "core/metrics/evaluation_record.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace clwb::run
{

/// Training is about to start or continue; `resolvedSpec` is spec.json with the hashes.
struct RunStarted
{
    Json resolvedSpec;                ///< includes study_sha256, model_sha256, data_manifest
    std::vector<std::string> trained; ///< names of trained tensors, bytewise order
    std::vector<std::string> classes;
    int sessions = 0; ///< 1 in OST
    int64_t totalSteps = 0;
    int64_t firstStep = 0; ///< > 0 when resumed: steps already done
};

struct SessionStarted
{
    int session = 0; ///< 1-based
    std::vector<int> classes;
    int64_t items = 0;
};

/// One optimiser step; loss terms are batch means before weighting.
struct StepDone
{
    int session = 0;
    int epoch = 0;
    int64_t step = 0; ///< of the run, from 1
    double lr = 0;
    std::map<std::string, double> losses;  ///< CE, LwF, VR, Pre, GeoImage, GeoText, total
    std::map<std::string, double> weights; ///< of the terms other than CE
    double logitScale = 0;                 ///< ln τ before the step
    double gradientNorm = 0;               ///< L2 over all trained tensors; 0 when not measured
    StepTime time = {};                    ///< not in the trace, which is the same in every run
    // Trace only; empty unless a trace is written.
    std::vector<std::string> items;
    std::vector<int64_t> labels;
    std::vector<std::vector<int32_t>> pseudo;
};

struct StepSkipped
{
    int session = 0;
    int epoch = 0;
    int64_t step = 0;
    std::vector<std::string> items;
    std::string reason;
};

/// The step at which the run fails: what its losses were, NaN and infinities among them. It is no
/// optimiser step: the weights are as before.
struct StepBroken
{
    int session = 0;
    int epoch = 0;
    int64_t step = 0; ///< the number it would have had
    double lr = 0;
    std::map<std::string, double> losses;
    StepTime time = {};
};

struct Merged
{
    int session = 0;
    double alpha = 0;
};

struct Evaluated
{
    metrics::EvaluationRecord record;
    std::string recordFile; ///< eval-<s>.json, relative to the run folder
    std::shared_ptr<const metrics::EvaluationDetails> details = {}; ///< null: none are kept
};

/// Where the worker is; at most 10 a second.
struct Progress
{
    enum class Phase { Loading, Training, Evaluating, Saving };
    Phase phase = Phase::Loading;
    int session = 0;
    int sessions = 0;
    int epoch = 0;
    int epochs = 0;
    int64_t batch = 0; ///< within the epoch, or within the evaluation
    int64_t batches = 0;
    int64_t step = 0; ///< of the run
    int64_t totalSteps = 0;
    double imagesPerSecond = 0;
    std::optional<double> secondsLeft; ///< absent until it can be estimated
    double fraction = 0;               ///< of the whole run, 0…1
    bool isRoughly = false;            ///< secondsLeft is told before steps were measured
};

struct CheckpointSaved
{
    std::string folder; ///< relative to the run folder
    int64_t step = 0;
    std::string sha256;
};

struct Warning
{
    std::string text;
};

struct Finished
{
    std::string status; ///< finished | stopped | failed
    std::string message;
    int64_t steps = 0;
};

using Event = std::variant<RunStarted, SessionStarted, StepDone, StepSkipped, StepBroken, Merged,
                           Evaluated, Progress, CheckpointSaved, Warning, Finished>;

} // namespace clwb::run
