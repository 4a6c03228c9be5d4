// SPDX-License-Identifier: GPL-3.0-or-later
// What a run would cost: its steps counted, one small step and one encoding measured here and now.
#include "core/eval/evaluator.h"
#include "core/model/device.h"
#include "core/run/cache_folder.h"
#include "core/run/preflight.h"
#include "core/run/runner.h"
#include "core/run/step_probe.h"
#include "core/run/workspace.h"
#include "core/train/plan.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>

namespace clwb::run
{
namespace
{

constexpr int64_t kProbeBatch = 8; // small enough for any model, large enough to fill the cores
constexpr int64_t kQuickBatch = 128;

double secondsPerPicture(const model::ClipModel& model)
{
    const at::NoGradGuard noGrad;
    const int64_t side = model.config.vision.imageSize;
    const at::Tensor pixels = at::randint(0, 256, {kProbeBatch, side, side, 3}, at::kByte);
    (void)model.encodePictures(pixels);
    const auto begin = std::chrono::steady_clock::now();
    (void)model.encodePictures(pixels);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() /
           static_cast<double>(kProbeBatch);
}

uint64_t bytesOf(const model::Parameters& parameters)
{
    uint64_t bytes = 0;
    for (const auto& [name, tensor] : parameters)
        bytes += static_cast<uint64_t>(tensor.nbytes());
    return bytes;
}

/// Activations that the backward pass keeps, per picture: about 16 values a token, width and layer
/// (inputs of products, norms and activations), four times as many in the MLP.
double activationBytes(const weights::TowerConfig& tower, int64_t tokens)
{
    return 4.0 * static_cast<double>(tokens * tower.layers) *
           static_cast<double>(8 * tower.width + 3 * tower.mlp);
}

/// A small step first. Where it is quick, most of it is not arithmetic, and what a picture adds can
/// only be seen in steps of the true size.
Result<ProbeResult> probeLikely(const model::ClipModel& model, const spec::RunSpec& spec,
                                ProbeShape& shape)
{
    constexpr double kQuick = 0.1; // seconds
    constexpr int kRepeats = 5;
    shape.batch = std::min(kProbeBatch, spec.schedule.batchSize);
    CLWB_ASSIGN(const ProbeResult small, probeStep(model, spec, shape, 1));
    if (small.seconds > kQuick || shape.batch == spec.schedule.batchSize)
        return small;
    shape.batch = std::min(kQuickBatch, spec.schedule.batchSize);
    return probeStep(model, spec, shape, kRepeats);
}

} // namespace

Result<Estimate> estimateRun(const spec::RunSpec& spec, int doneSessions)
{
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(spec.study));
    CLWB_ASSIGN(const OpenModel open, openModel(spec.model));
    CLWB_TRY(checkAgainstModel(spec, open));
    CLWB_ASSIGN(const data::StudyData data, data::loadStudyData(study, needsOf(spec), {}));
    model::useThreads(spec.threads);
    const train::RunPlan plan = train::makePlan(spec, data);
    const model::ClipModel& model = open.model;

    Estimate estimate;
    estimate.steps = plan.totalSteps;
    for (int session = 0; session < std::min<int>(doneSessions, plan.sessions.size()); ++session)
        estimate.steps -=
            spec.schedule.epochs * plan.sessions[static_cast<size_t>(session)].batchesPerEpoch;
    const auto evaluations =
        static_cast<double>(train::plannedEvaluations(spec, plan, doneSessions));
    double pictures = static_cast<double>(data.utTest.size() + data.zeroShot.items.size() +
                                          data.utVal.size() + data.zeroShotValidation.items.size());
    for (const auto* sets : {&data.retrieval, &data.retrievalValidation}) {
        for (const data::RetrievalData& set : *sets)
            pictures += static_cast<double>(set.images.size());
    }
    const double perPicture = secondsPerPicture(model);
    // A frozen image tower encodes the pictures of an evaluation once.
    const double encodings = spec.option == "TO" ? std::min(evaluations, 1.0) : evaluations;
    estimate.seconds = encodings * pictures * perPicture;

    const uint64_t modelBytes = bytesOf(model.parameters);
    estimate.memoryBytes = modelBytes;
    if (spec.kind != "original") {
        const model::Option option =
            model::optionFromText(spec.option.empty() ? "WM" : spec.option);
        ProbeShape shape;
        // The session in the middle stands for all.
        const methods::SessionInfo& middle = plan.sessions[plan.sessions.size() / 2].info;
        shape.previousClasses = middle.previous.count;
        shape.currentClasses = middle.current.count;
        CLWB_ASSIGN(const ProbeResult probe, probeLikely(model, spec, shape));
        // Pictures scale with the batch, texts do not.
        const double pictureCost = model::trainsImage(option) ? 3 * perPicture : 0;
        // A frozen image tower's embeddings of all crops are made once.
        if (!model::trainsImage(option))
            estimate.seconds += static_cast<double>(data.utTrain.size()) * perPicture;
        estimate.seconds +=
            static_cast<double>(estimate.steps) *
            (probe.seconds +
             pictureCost * static_cast<double>(spec.schedule.batchSize - shape.batch));
        const int64_t grid = model.config.vision.imageSize / model.config.vision.patch;
        const int64_t micro =
            spec.schedule.microBatch > 0 ? spec.schedule.microBatch : spec.schedule.batchSize;
        // Weights, teacher or last result, gradient and two moments.
        estimate.memoryBytes += 5 * trainedBytes(spec, open);
        if (model::trainsImage(option))
            estimate.memoryBytes += static_cast<uint64_t>(
                static_cast<double>(micro) * activationBytes(model.config.vision, grid * grid + 1));
        const uint64_t sessions = spec.checkpoints == "all" ? plan.sessions.size() : 0;
        estimate.diskBytes = (1 + sessions) * modelBytes + 2 * checkpointBytes(spec, open);
    }
    return estimate;
}

} // namespace clwb::run
