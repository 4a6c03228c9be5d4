// SPDX-License-Identifier: GPL-3.0-or-later
// One optimiser step: forward passes, named losses, backward, update (algorithms.md §4.2).
#pragma once

#include "core/base/error.h"
#include "core/methods/method.h"
#include "core/train/adam.h"
#include "core/train/replay.h"
#include "core/train/session_features.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clwb::train
{

/// What a step is made from; constant during a session.
struct StepSetup
{
    const spec::RunSpec& spec;
    const methods::Method& method;
    model::ClipModel& student;
    const model::ClipModel& teacher;
    const SessionPlan& session;
    const SessionFeatures& features;
    const model::Sentences& classPrompts;
    methods::StepNeeds needs;
    model::Option option;
    bool scaleTrained = false;
};

struct StepInput
{
    at::Tensor rows;             ///< [B] rows of the session's items
    at::Tensor pixels;           ///< uint8 [B, S, S, 3]; undefined when no tower needs them
    at::Tensor labels;           ///< [B] int64, within SessionPlan::ceClasses
    Replay replay;               ///< empty unless needed
    bool measuresShares = false; ///< fill StepOutput::shares
    double lossScale = 1;        ///< of the backward pass alone; a power of two (fp16)
};

struct StepOutput
{
    std::map<std::string, double> losses; ///< batch means before weighting, and "total"
    std::map<std::string, double> weights;
    std::map<std::string, double> shares; ///< gradientShares() of the first micro batch, if asked
    std::vector<methods::NamedLoss> skipped; ///< terms that could not be computed
    double logitScale = 0;                   ///< ln τ before the step
    double gradientNorm = 0;
    bool finite = true; ///< false: nothing was updated
};

/// What of a step is not finite, for messages: "CE loss", "LwF, VR loss", "total loss" where only
/// the sum overflowed, else "gradient".
std::string nonFinitePart(const StepOutput& output);

/// Pictures may come in several micro batches (spec.schedule.microBatch); texts are encoded once
/// and their gradient is collected, so the result equals that of one batch up to rounding.
Result<StepOutput> runStep(const StepSetup& setup, const StepInput& input, Adam& adam,
                           double learningRate);

} // namespace clwb::train
