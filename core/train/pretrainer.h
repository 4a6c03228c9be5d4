// SPDX-License-Identifier: GPL-3.0-or-later
// Contrastive pre-training of a CLIP model from a stream of image–caption batches.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/model/clip_model.h"
#include "core/model/text_tower.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace clwb::train
{

struct PretrainOptions
{
    int64_t steps = 0;
    double learningRate = 1.5e-3; ///< peak; cosine to 0 after `warmup` linear steps
    int64_t warmup = 150;
    double beta1 = 0.9;
    double beta2 = 0.98;
    double eps = 1e-6;
    double weightDecay = 0.1; ///< on matrices only
    double clipNorm = 1.0;
    std::string precision = "fp32"; ///< fp32 | bf16
};

/// One batch of B pairs and N extra texts that no picture of the batch shows.
struct PretrainBatch
{
    at::Tensor pixels;      ///< uint8 [B, S, S, 3]
    model::Sentences texts; ///< B captions, then N extra ones
    at::Tensor positive;    ///< bool [B, B]: pairs that show the same things
};

struct PretrainProgress
{
    int64_t step = 0;
    double loss = 0;
    double accuracy = 0; ///< image→text within the batch, percent
    double learningRate = 0;
    double logitScale = 0;
    double secondsPerStep = 0;
};

/// State between steps: the model, Adam's moments and the number of steps done.
struct PretrainState
{
    int64_t step = 0;
    model::Parameters optimizer; ///< Adam::state(), empty before the first step
};

/// lr at a step (from 0): linear warm-up, then half a cosine to 0 at `steps`.
double pretrainLearningRate(const PretrainOptions& options, int64_t step);

/// Trains `model` in place from state.step on.
/// @param nextBatch   batch of a step; called once a step in order
/// @param onProgress  every step
/// @param onState     every `stateInterval` steps and at the end or stop
Result<void> pretrain(model::ClipModel& model, const PretrainOptions& options,
                      const PretrainState& state, int64_t stateInterval,
                      const std::function<Result<PretrainBatch>(int64_t step)>& nextBatch,
                      const std::function<void(const PretrainProgress&)>& onProgress,
                      const std::function<Result<void>(const PretrainState&)>& onState,
                      const StopToken& stop);

} // namespace clwb::train
