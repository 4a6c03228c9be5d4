// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/batch_step.h"

#include "core/base/check.h"
#include "core/losses/distillation.h"
#include "core/model/device.h"
#include "core/train/gradient_share.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cmath>

namespace clwb::train
{
namespace
{

/// Text embeddings of a step. Where the text tower is trained, `output` carries the graph and the
/// losses work on `leaf`, whose gradient flows back once all micro batches are through.
struct Texts
{
    at::Tensor output;
    at::Tensor leaf;
    at::Tensor classes;
    methods::ClassRange classRange;
    at::Tensor replay;
    at::Tensor teacherReplay;
};

methods::ClassRange neededClasses(const StepSetup& setup)
{
    return setup.needs.seenClasses ? setup.session.info.seen : setup.session.ceClasses;
}

at::Tensor encodeFixed(const StepSetup& setup, const model::ClipModel& model,
                       const model::Sentences& sentences)
{
    const at::NoGradGuard noGrad;
    const model::AutocastScope autocast(setup.spec.precision, model.device());
    return model.encodeText(sentences);
}

Texts encodeTexts(const StepSetup& setup, const Replay& replay)
{
    Texts texts;
    texts.classRange = neededClasses(setup);
    const bool wantsReplay = setup.needs.replay;
    if (!model::trainsText(setup.option)) {
        texts.classes =
            setup.features.studentClasses.narrow(0, texts.classRange.first, texts.classRange.count);
        if (wantsReplay) {
            texts.replay = encodeFixed(setup, setup.student, replay.sentences);
            texts.teacherReplay = texts.replay; // the tower is the teacher's too
        }
        return texts;
    }
    model::Sentences sentences(setup.classPrompts.begin() + texts.classRange.first,
                               setup.classPrompts.begin() + texts.classRange.end());
    if (wantsReplay)
        sentences.insert(sentences.end(), replay.sentences.begin(), replay.sentences.end());
    {
        const model::AutocastScope autocast(setup.spec.precision, setup.student.device());
        texts.output = setup.student.encodeText(sentences);
    }
    texts.leaf = texts.output.detach().requires_grad_(true);
    texts.classes = texts.leaf.narrow(0, 0, texts.classRange.count);
    if (wantsReplay) {
        texts.replay = texts.leaf.narrow(0, texts.classRange.count,
                                         static_cast<int64_t>(replay.sentences.size()));
        texts.teacherReplay = encodeFixed(setup, setup.teacher, replay.sentences);
    }
    return texts;
}

/// Rows of embeddings kept for the session, which `cache: compact` stores as fp16.
at::Tensor keptRows(const StepSetup& setup, const at::Tensor& kept, const StepInput& input,
                    int64_t begin, int64_t count)
{
    return kept.index_select(0, input.rows.narrow(0, begin, count).to(setup.student.device()))
        .to(at::kFloat);
}

at::Tensor studentImages(const StepSetup& setup, const StepInput& input, int64_t begin,
                         int64_t count)
{
    if (setup.features.studentImages.defined())
        return keptRows(setup, setup.features.studentImages, input, begin, count);
    const model::AutocastScope autocast(setup.spec.precision, setup.student.device());
    return setup.student.encodePictures(input.pixels.narrow(0, begin, count));
}

at::Tensor teacherImages(const StepSetup& setup, const StepInput& input, int64_t begin,
                         int64_t count)
{
    if (!setup.needs.teacherImages)
        return {};
    if (setup.features.teacherImages.defined())
        return keptRows(setup, setup.features.teacherImages, input, begin, count);
    const at::NoGradGuard noGrad;
    const model::AutocastScope autocast(setup.spec.precision, setup.teacher.device());
    return setup.teacher.encodePictures(input.pixels.narrow(0, begin, count));
}

/// The student's embeddings in place of the teacher's, to the last bit.
void takeForTeacher(methods::StepContext& step, const methods::StepNeeds& needs)
{
    if (needs.teacherImages)
        step.teacherImages = step.images.detach();
    if (needs.replay)
        step.teacherReplay = step.replay.detach();
    if (needs.teacherClasses && needs.seenClasses)
        step.teacherClasses = step.classes.detach();
}

/// Losses of rows [begin, begin + count), backward included, added up in `output`.
void runMicroBatch(const StepSetup& setup, const StepInput& input, const Texts& texts,
                   int64_t begin, int64_t count, StepOutput& output)
{
    methods::StepContext step;
    step.session = &setup.session.info;
    step.params = &setup.spec.params;
    step.images = studentImages(setup, input, begin, count);
    step.teacherImages = teacherImages(setup, input, begin, count);
    step.classes = texts.classes;
    step.classRange = texts.classRange;
    step.replay = texts.replay;
    step.teacherReplay = texts.teacherReplay;
    step.teacherClasses = setup.features.teacherClasses;
    step.scale = setup.student.logitScale().exp();
    step.teacherScale = setup.teacher.logitScale().exp();
    if (setup.features.teacherAgrees)
        takeForTeacher(step, setup.needs);

    const at::Tensor logits =
        step.scale * at::matmul(step.images, step.classRows(setup.session.ceClasses).t());
    const at::Tensor labels = input.labels.narrow(0, begin, count).to(logits.device());
    const double share = static_cast<double>(count) / static_cast<double>(input.rows.size(0));
    const at::Tensor crossEntropy = losses::crossEntropy(logits, labels);
    at::Tensor total = crossEntropy;
    output.losses["CE"] += share * crossEntropy.item<double>();
    const std::vector<methods::NamedLoss> terms = setup.method.extraLoss(step);
    for (const methods::NamedLoss& term : terms) {
        if (!term.value.defined()) {
            output.skipped.push_back(term);
            continue;
        }
        output.losses[term.name] += share * term.value.item<double>();
        output.weights[term.name] = term.weight;
        total = total + term.value.to(total.device(), total.scalar_type()) * term.weight;
    }
    if (input.measuresShares && begin == 0)
        output.shares = gradientShares(terms, total, {step.images, texts.leaf, step.scale});
    const double factor = share * input.lossScale;
    if (total.requires_grad())
        (factor != 1.0 ? total * factor : total).backward();
}

/// CE + Σ weight·loss from the collected means.
double totalOf(const StepOutput& output)
{
    double total = output.losses.at("CE");
    for (const auto& [name, weight] : output.weights)
        total += weight * output.losses.at(name);
    return total;
}

} // namespace

std::string nonFinitePart(const StepOutput& output)
{
    std::string names;
    for (const auto& [name, value] : output.losses) {
        if (name != "total" && !std::isfinite(value))
            names += (names.empty() ? "" : ", ") + name;
    }
    const auto total = output.losses.find("total");
    if (names.empty() && total != output.losses.end() && !std::isfinite(total->second))
        names = "total";
    return names.empty() ? "gradient" : names + " loss";
}

Result<StepOutput> runStep(const StepSetup& setup, const StepInput& input, Adam& adam,
                           double learningRate)
{
    return model::guarded("training step", [&]() -> Result<StepOutput> {
        StepOutput output;
        output.logitScale = setup.student.logitScale().item<double>();
        const Texts texts = encodeTexts(setup, input.replay);
        const int64_t batch = input.rows.size(0);
        const int64_t micro = setup.spec.schedule.microBatch > 0
                                  ? std::min(setup.spec.schedule.microBatch, batch)
                                  : batch;
        for (int64_t begin = 0; begin < batch; begin += micro)
            runMicroBatch(setup, input, texts, begin, std::min(micro, batch - begin), output);
        if (texts.output.defined() && texts.leaf.grad().defined())
            texts.output.backward(texts.leaf.grad());

        output.losses["total"] = totalOf(output);
        if (input.lossScale != 1.0)
            adam.scaleGradients(1.0 / input.lossScale);
        output.gradientNorm = adam.gradientNorm();
        output.finite = std::isfinite(output.losses["total"]) && std::isfinite(output.gradientNorm);
        if (output.finite) {
            adam.step(learningRate);
            if (setup.scaleTrained) {
                const at::NoGradGuard noGrad;
                setup.student.parameters.at(model::kLogitScale)
                    .clamp_max_(static_cast<double>(std::log(100.0f)));
            }
        }
        adam.clearGradients();
        return output;
    });
}

} // namespace clwb::train
