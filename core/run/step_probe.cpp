// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/step_probe.h"

#include "core/base/random_stream.h"
#include "core/model/device.h"
#include "core/train/batch_step.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>

namespace clwb::run
{
namespace
{

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Matrix products of one tower's blocks for one sequence.
double blocksFlop(const weights::TowerConfig& tower, int64_t tokens)
{
    const auto l = static_cast<double>(tokens);
    const auto w = static_cast<double>(tower.width);
    const double perToken = 4 * w * w + 2 * w * static_cast<double>(tower.mlp) + 2 * l * w;
    return 2 * static_cast<double>(tower.layers) * l * perToken;
}

model::Sentences randomSentences(RandomStream& stream, int64_t count, int64_t tokens,
                                 int64_t vocabulary)
{
    model::Sentences sentences(static_cast<size_t>(count));
    for (auto& sentence : sentences) {
        sentence.push_back(static_cast<int32_t>(vocabulary - 2));
        for (int64_t i = 0; i < tokens - 2; ++i)
            sentence.push_back(
                static_cast<int32_t>(stream.below(static_cast<uint64_t>(vocabulary - 2))));
        sentence.push_back(static_cast<int32_t>(vocabulary - 1));
    }
    return sentences;
}

train::SessionPlan planOf(const ProbeShape& shape, model::Option option)
{
    train::SessionPlan plan;
    plan.info.session = 2;
    plan.info.sessions = 8;
    plan.info.previous = {0, shape.previousClasses};
    plan.info.current = {shape.previousClasses, shape.currentClasses};
    plan.info.seen = {0, shape.previousClasses + shape.currentClasses};
    plan.info.option = option;
    plan.ceClasses = plan.info.current;
    for (int64_t i = 0; i < shape.batch; ++i)
        plan.items.push_back(i);
    return plan;
}

/// Unit rows: what precomputed embeddings look like.
at::Tensor randomRows(int64_t rows, int64_t width)
{
    const at::Tensor x = at::randn({rows, width});
    return x / at::norm(x, 2, {-1}, true);
}

train::SessionFeatures featuresOf(const model::ClipModel& model, model::Option option,
                                  const ProbeShape& shape)
{
    const int64_t seen = shape.previousClasses + shape.currentClasses;
    train::SessionFeatures features;
    features.teacherImages = randomRows(shape.batch, model.config.projection).to(model.device());
    features.teacherClasses = randomRows(seen, model.config.projection).to(model.device());
    if (!model::trainsImage(option))
        features.studentImages = features.teacherImages;
    if (!model::trainsText(option))
        features.studentClasses = features.teacherClasses;
    return features;
}

double stepFlop(const model::ClipModel& model, const spec::RunSpec& spec, model::Option option,
                const methods::StepNeeds& needs, const ProbeShape& shape)
{
    double flop = 0;
    if (model::trainsImage(option))
        flop += 3 * static_cast<double>(shape.batch) * imageFlop(model.config);
    const auto replays = static_cast<double>(needs.replay ? spec.params.Ks : 0);
    const int64_t replayTokens = spec.params.M + 2;
    const auto classes = static_cast<double>(
        needs.seenClasses ? shape.previousClasses + shape.currentClasses : shape.currentClasses);
    // Classes and pseudo sentences share one batch, cropped to the longer of the two.
    const int64_t together =
        needs.replay ? std::max(replayTokens, shape.promptTokens) : shape.promptTokens;
    if (model::trainsText(option))
        flop += 3 * (classes + replays) * textFlop(model.config, together);
    flop += replays * textFlop(model.config, replayTokens); // teacher, or both where it is frozen
    return flop;
}

} // namespace

double imageFlop(const weights::ClipConfig& config)
{
    const int64_t grid = config.vision.imageSize / config.vision.patch;
    const auto patches = static_cast<double>(grid * grid);
    const auto embed = 2 * patches * 3 * static_cast<double>(config.vision.patch) *
                       static_cast<double>(config.vision.patch) *
                       static_cast<double>(config.vision.width);
    return embed + blocksFlop(config.vision, grid * grid + 1);
}

double textFlop(const weights::ClipConfig& config, int64_t tokens)
{
    return blocksFlop(config.text, tokens);
}

double gemmPeak()
{
    constexpr int64_t kSize = 2048;
    constexpr double kLeastSeconds = 0.5;
    const at::NoGradGuard noGrad;
    const at::Tensor a = at::randn({kSize, kSize});
    const at::Tensor b = at::randn({kSize, kSize});
    at::Tensor c = at::mm(a, b);
    double flop = 0;
    double seconds = 0;
    const auto begin = Clock::now();
    while (seconds < kLeastSeconds) {
        at::mm_out(c, a, b);
        flop += 2.0 * kSize * kSize * kSize;
        seconds = secondsSince(begin);
    }
    return flop / seconds / 1e9;
}

Result<ProbeResult> probeStep(const model::ClipModel& start, const spec::RunSpec& spec,
                              const ProbeShape& shape, int repeats, double enoughSeconds)
{
    const methods::MethodInfo* info = methods::findMethod(spec.method.empty() ? "ft" : spec.method);
    if (!info)
        return fail(ErrorCode::Usage, "method \"" + spec.method + "\" is not built in");
    const std::unique_ptr<methods::Method> method = info->create();
    const model::Option option = model::optionFromText(spec.option.empty() ? "WM" : spec.option);

    return model::guarded("measuring a step", [&]() -> Result<ProbeResult> {
        model::ClipModel base = start;
        method->prepareModel(base, option, spec.params);
        const std::vector<std::string> trained = method->trainedNames(
            base.parameters, option, spec.params,
            model::trainedNames(base.parameters, option,
                                model::trainsLogitScale(option, spec.params.logitScale)));
        model::ClipModel student = base;
        student.parameters = model::snapshot(base.parameters, trained);
        for (const std::string& name : trained)
            student.parameters.at(name).requires_grad_(true);
        train::Adam adam({}, {{trained, 0}}, student.parameters);

        const train::SessionPlan plan = planOf(shape, option);
        const methods::StepNeeds needs = method->needs(plan.info, spec.params);
        const train::SessionFeatures features = featuresOf(student, option, shape);
        RandomStream stream = RandomStream::named(0, "probe");
        const int64_t vocabulary = student.config.text.vocabulary;
        const model::Sentences prompts =
            randomSentences(stream, plan.info.seen.count, shape.promptTokens, vocabulary);
        train::StepInput input;
        input.rows = at::arange(shape.batch, at::kLong);
        const int64_t side = student.config.vision.imageSize;
        if (model::trainsImage(option))
            input.pixels = at::randint(0, 256, {shape.batch, side, side, 3}, at::kByte);
        input.labels = at::randint(0, shape.currentClasses, {shape.batch}, at::kLong);
        if (needs.replay)
            input.replay.sentences =
                randomSentences(stream, spec.params.Ks, spec.params.M + 2, vocabulary);

        const train::StepSetup setup{spec,     *method, student, base,   plan,
                                     features, prompts, needs,   option, false};
        std::vector<double> times;
        double spent = 0;
        for (int i = 0; i <= repeats && spent < enoughSeconds; ++i) {
            const auto begin = Clock::now();
            CLWB_TRY(train::runStep(setup, input, adam, 1e-9));
            const double seconds = secondsSince(begin);
            if (i > 0) {
                times.push_back(seconds);
                spent += seconds;
            }
        }
        std::sort(times.begin(), times.end());
        const size_t odd = times.size() / 10; // other programs' doing
        return ProbeResult{times[times.size() / 2], stepFlop(student, spec, option, needs, shape),
                           times[odd], times[times.size() - 1 - odd]};
    });
}

} // namespace clwb::run
