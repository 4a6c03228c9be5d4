// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/pretrainer.h"

#include "core/losses/contrastive.h"
#include "core/model/device.h"
#include "core/model/trainable.h"
#include "core/train/adam.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <chrono>
#include <cmath>
#include <numbers>

namespace clwb::train
{
namespace
{

/// Decay on matrices and embeddings, none on vectors, biases and ln τ.
Adam makeOptimizer(const model::ClipModel& model, const PretrainOptions& options)
{
    AdamGroup matrices{{}, options.weightDecay};
    AdamGroup vectors{{}, 0};
    for (const auto& [name, tensor] : model.parameters)
        (tensor.dim() >= 2 ? matrices : vectors).names.push_back(name);
    return Adam({options.beta1, options.beta2, options.eps, true}, {matrices, vectors},
                model.parameters);
}

struct StepResult
{
    double loss = 0;
    double accuracy = 0;
};

StepResult trainStep(model::ClipModel& model, const PretrainBatch& batch,
                     const PretrainOptions& options, Adam& adam, double learningRate)
{
    at::Tensor loss;
    at::Tensor logits;
    {
        const model::AutocastScope autocast(options.precision, model.device());
        const at::Tensor images = model.encodePictures(batch.pixels);
        const at::Tensor texts = model.encodeText(batch.texts);
        logits = model.logitScale().exp() * at::matmul(images, texts.t());
    }
    logits = logits.to(at::kFloat);
    loss = losses::contrastive(logits, batch.positive.to(model.device()));
    loss.backward();

    const double norm = adam.gradientNorm();
    if (options.clipNorm > 0 && norm > options.clipNorm)
        adam.scaleGradients(options.clipNorm / norm);
    adam.step(learningRate);
    adam.clearGradients();

    const at::NoGradGuard noGrad;
    model.parameters.at(model::kLogitScale).clamp_(0.0, static_cast<double>(std::log(100.0f)));
    const at::Tensor best = logits.argmax(1).clamp_max(batch.positive.size(0) - 1);
    const at::Tensor inside = logits.argmax(1).lt(batch.positive.size(0));
    const at::Tensor hits = batch.positive.gather(1, best.unsqueeze(1)).squeeze(1) & inside;
    return {loss.item<double>(), 100.0 * hits.to(at::kFloat).mean().item<double>()};
}

} // namespace

double pretrainLearningRate(const PretrainOptions& options, int64_t step)
{
    if (step < options.warmup)
        return options.learningRate * static_cast<double>(step + 1) /
               static_cast<double>(options.warmup);
    const double progress =
        static_cast<double>(step - options.warmup) /
        static_cast<double>(std::max<int64_t>(1, options.steps - options.warmup));
    return 0.5 * options.learningRate * (1.0 + std::cos(std::numbers::pi * progress));
}

Result<void> pretrain(model::ClipModel& model, const PretrainOptions& options,
                      const PretrainState& state, int64_t stateInterval,
                      const std::function<Result<PretrainBatch>(int64_t step)>& nextBatch,
                      const std::function<void(const PretrainProgress&)>& onProgress,
                      const std::function<Result<void>(const PretrainState&)>& onState,
                      const StopToken& stop)
{
    using Clock = std::chrono::steady_clock;
    for (auto& [name, tensor] : model.parameters)
        tensor.requires_grad_(true);
    Adam adam = makeOptimizer(model, options);
    if (!state.optimizer.empty())
        adam.restore(state.optimizer);
    int64_t step = state.step;
    while (step < options.steps && !stop.stopRequested()) {
        const auto begin = Clock::now();
        CLWB_ASSIGN(const PretrainBatch batch, nextBatch(step));
        const double learningRate = pretrainLearningRate(options, step);
        CLWB_ASSIGN(const StepResult result,
                    model::guarded("pre-training step " + std::to_string(step + 1),
                                   [&]() -> Result<StepResult> {
                                       return trainStep(model, batch, options, adam, learningRate);
                                   }));
        if (!std::isfinite(result.loss)) {
            return fail(ErrorCode::RunFailed,
                        "the loss became NaN at pre-training step " + std::to_string(step + 1),
                        "lower the learning rate");
        }
        ++step;
        onProgress({step, result.loss, result.accuracy, learningRate,
                    model.logitScale().item<double>(),
                    std::chrono::duration<double>(Clock::now() - begin).count()});
        if (step % stateInterval == 0 && step < options.steps)
            CLWB_TRY(onState({step, adam.state()}));
    }
    return onState({step, adam.state()});
}

} // namespace clwb::train
