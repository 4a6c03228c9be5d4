// SPDX-License-Identifier: GPL-3.0-or-later
// Models between two ends of a training, evaluated without training: (1 − α)·before + α·after
// (algorithms.md §5.6; the curve of IMM and WiSE-FT).
#pragma once

#include "core/metrics/evaluation_details.h"
#include "core/run/evaluate.h"
#include "core/spec/run_spec.h"
#include "core/store/project.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// Models before and after a session.
struct PathEnds
{
    std::filesystem::path before;
    std::filesystem::path after; ///< of IMM the raw one
    int session = 0;
};

enum class PathStart {
    Session, ///< the model that the session started from
    Original
};

/// The kept models of a run. @param session empty: the last one
/// Errors: Usage, saying which model was not kept.
Result<PathEnds> endsOfRun(const store::RunRow& row, const spec::RunSpec& spec,
                           std::optional<int> session, PathStart start);

struct PathRequest
{
    std::filesystem::path before;
    std::filesystem::path after;
    std::vector<double> alphas; ///< 0…1; the ends are the models themselves, bit for bit
    EvaluateRequest evaluate;   ///< on what and how; its `model` is not used
    /// What is collected of the test split picture by picture, like `evaluate.details` of a run:
    /// none, last (predictions) or all (ranked candidates of retrieval, too).
    std::string details = "none";
    /// Called after each α with what was counted, and what it was counted from; null: no details.
    std::function<Result<void>(double alpha, const metrics::EvaluationRecord&,
                               std::shared_ptr<const metrics::EvaluationDetails>)>
        evaluated;
};

/// Interpolates the tensors that differ, in float32 on the CPU, and evaluates each model. Scales of
/// RKR that one end lacks are 1 there. Returns warnings.
/// Errors: Data, naming the tensors, when the models are of different shape; as evaluateModel().
Result<std::vector<std::string>> evaluatePath(const PathRequest& request);

} // namespace clwb::run
