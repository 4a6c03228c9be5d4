// SPDX-License-Identifier: GPL-3.0-or-later
// What a run would cost: its steps counted, some of them and some encodings measured here and now.
#include "core/methods/method.h"
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
#include <memory>
#include <set>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace clwb::run
{
namespace
{

constexpr int64_t kProbeBatch = 8; // small enough for any model, large enough to fill the cores
constexpr int64_t kQuickBatch = 128;
constexpr double kEnoughSeconds = 3; // for a measurement; nobody waits long for an estimate
constexpr double kQuick = 0.1;       // seconds; below, most of a call is no arithmetic

/// Seconds of what was timed a few times: the middle, the quickest and the slowest.
struct Spent
{
    double middle = 0;
    double least = 0;
    double most = 0;

    void add(const Spent& other, double times)
    {
        middle += times * other.middle;
        least += times * other.least;
        most += times * other.most;
    }
};

/// Seconds of one of `units`, after a call to warm up. The work waits for its result: a card
/// computes on after a call has come back.
template<class Work>
Spent timed(double units, Work work)
{
    constexpr int kRepeats = 3;
    work();
    std::vector<double> times;
    double all = 0;
    while (times.size() < kRepeats && all < kEnoughSeconds) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        times.push_back(spent.count() / units);
        all += spent.count();
    }
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.front(), times.back()};
}

Spent pictureTime(const model::ClipModel& model, const spec::RunSpec& spec)
{
    const at::NoGradGuard noGrad;
    const int64_t side = model.config.vision.imageSize;
    const auto ofBatch = [&](int64_t batch) {
        const at::Tensor pixels = at::randint(0, 256, {batch, side, side, 3}, at::kByte);
        return timed(static_cast<double>(batch), [&] {
            const model::AutocastScope autocast(spec.precision, model.device());
            (void)model.encodePictures(pixels).sum().item<float>();
        });
    };
    const int64_t few = std::min(kProbeBatch, spec.schedule.batchSize);
    const int64_t many = std::min(kQuickBatch, spec.schedule.batchSize);
    const Spent small = ofBatch(few);
    // Evaluations encode in batches as large as those of the training.
    return small.middle * static_cast<double>(few) > kQuick || many == few ? small : ofBatch(many);
}

Spent sentenceTime(const model::ClipModel& model, const spec::RunSpec& spec)
{
    constexpr int64_t kMostSentences = 32;
    const int64_t count = std::min(kMostSentences, spec.schedule.batchSize);
    constexpr int64_t kTokens = 14; // of a caption or prompt with SOT and EOT
    const at::NoGradGuard noGrad;
    const auto length = static_cast<size_t>(std::min(kTokens, model.config.text.context));
    std::vector<int32_t> sentence(length, 1);
    sentence.front() = static_cast<int32_t>(model.config.text.vocabulary - 2);
    sentence.back() = static_cast<int32_t>(model.config.text.vocabulary - 1);
    const model::Sentences sentences(static_cast<size_t>(count), sentence);
    return timed(static_cast<double>(count), [&] {
        const model::AutocastScope autocast(spec.precision, model.device());
        (void)model.encodeText(sentences).sum().item<float>();
    });
}

/// What one evaluation encodes.
struct EvaluationSize
{
    double pictures = 0;
    double texts = 0;
    std::vector<const std::vector<data::Item>*> items; ///< the pictures
};

EvaluationSize evaluationSize(const spec::EvaluateSpec& evaluate, const data::StudyData& data)
{
    const auto wants = [&](std::string_view part) {
        return std::find(evaluate.what.begin(), evaluate.what.end(), part) != evaluate.what.end();
    };
    EvaluationSize size;
    const auto add = [&size](const std::vector<data::Item>& items, size_t texts) {
        size.items.push_back(&items);
        size.pictures += static_cast<double>(items.size());
        size.texts += static_cast<double>(texts);
    };
    const auto addSplit = [&](const std::vector<data::Item>& task,
                              const data::LabelledSet& zeroShot,
                              const std::vector<data::RetrievalData>& retrieval) {
        if (wants("ut"))
            add(task, data.classes.size());
        if (wants("zs"))
            add(zeroShot.items, zeroShot.classes.size());
        for (const data::RetrievalData& set : retrieval) {
            size_t captions = 0;
            for (const std::vector<std::string>& ofImage : set.captions)
                captions += ofImage.size();
            const size_t times = (wants("retrieval") ? 1 : 0) +
                                 (wants("shuffle") ? evaluate.shuffleSeeds.size() : 0);
            if (times > 0)
                add(set.images, times * captions);
        }
    };
    if (evaluate.test)
        addSplit(data.utTest, data.zeroShot, data.retrieval);
    if (evaluate.validation)
        addSplit(data.utVal, data.zeroShotValidation, data.retrievalValidation);
    return size;
}

/// Seconds that the first look at these pictures takes: long where they are to be decoded, next to
/// nothing where they were prepared for another run.
double firstLookSeconds(const spec::Study& study,
                        const std::vector<const std::vector<data::Item>*>& lists, int side)
{
    constexpr size_t kLooks = 7;
    const auto pictures = openPictures(study, side);
    if (!pictures)
        return 0; // the run will say why
    std::vector<const data::Item*> items;
    for (const std::vector<data::Item>* list : lists) {
        for (const data::Item& item : *list)
            items.push_back(&item);
    }
    if (items.empty())
        return 0;
    std::vector<uint8_t> pixels(static_cast<size_t>(3 * side) * static_cast<size_t>(side));
    // Other ones each time: those of the last estimate are prepared now.
    const auto first =
        static_cast<size_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    std::set<const data::PictureCache*> opened;
    double seconds = 0;
    int looks = 0;
    for (size_t i = 0; i < kLooks; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const data::Item& item = *items[(first + i * (items.size() / kLooks + 1)) % items.size()];
        data::PictureCache& cache = item.box.isWholeImage() ? *pictures->whole : *pictures->crops;
        if (!cache.fetch(item, pixels.data()))
            return 0;
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        if (opened.insert(&cache).second)
            continue; // the first look of all opens the cache, which happens once
        seconds += spent.count();
        ++looks;
    }
    // The mean: one that is in the cache costs next to nothing, another a whole decoding.
    // A file is decoded once for all its boxes.
    std::unordered_set<std::string_view> files;
    for (const data::Item* item : items)
        files.insert(item->file.native());
    return seconds / looks * static_cast<double>(files.size()) / loaderThreads();
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

/// A few small steps first. Where they are quick, most of them is not arithmetic, and what a
/// picture adds can only be seen in steps of the true size. The first ones of a process are several
/// times slower than those of a run that goes on for minutes, so that quick ones are only a
/// warm-up, and many are measured after them.
/// @param batch pictures of a step of the run
Result<ProbeResult> probeLikely(const model::ClipModel& model, const spec::RunSpec& spec,
                                int64_t batch, ProbeShape& shape)
{
    constexpr int kRepeats = 5;
    constexpr int kQuickRepeats = 40;
    constexpr double kQuickSeconds = 2;
    shape.batch = std::min(kProbeBatch, batch);
    CLWB_ASSIGN(const ProbeResult small, probeStep(model, spec, shape, kRepeats, kEnoughSeconds));
    if (small.seconds > kQuick)
        return small;
    shape.batch = std::min(kQuickBatch, batch);
    return probeStep(model, spec, shape, kQuickRepeats, kQuickSeconds);
}

/// Pictures that sessions encode at their start: all of their own where the image tower is frozen,
/// or where the method asks for the teacher's embeddings of them.
double picturesAtStart(const spec::RunSpec& spec, const train::RunPlan& plan, int doneSessions,
                       model::Option option)
{
    const methods::MethodInfo* info =
        methods::findMethod(spec.kind == "joint" || spec.method.empty() ? "ft" : spec.method);
    if (!info)
        return 0;
    const std::unique_ptr<methods::Method> method = info->create();
    double pictures = 0;
    for (size_t s = static_cast<size_t>(std::max(0, doneSessions)); s < plan.sessions.size(); ++s) {
        const bool hasTeacher = method->needs(plan.sessions[s].info, spec.params).teacherImages;
        if (hasTeacher || !model::trainsImage(option))
            pictures += static_cast<double>(plan.sessions[s].items.size());
    }
    return pictures;
}

Result<Estimate> estimateHere(const spec::RunSpec& spec, int doneSessions)
{
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(spec.study));
    CLWB_ASSIGN(OpenModel open, openModel(spec.model));
    CLWB_TRY(checkAgainstModel(spec, open));
    CLWB_ASSIGN(const data::StudyData data, data::loadStudyData(study, needsOf(spec), {}));
    model::useThreads(spec.threads);
    CLWB_ASSIGN(const at::Device device, model::chooseDevice(spec.device));
    open.model.moveTo(device);
    const train::RunPlan plan = train::makePlan(spec, data);
    const model::ClipModel& model = open.model;

    Estimate estimate;
    estimate.steps = plan.totalSteps;
    for (int session = 0; session < std::min<int>(doneSessions, plan.sessions.size()); ++session)
        estimate.steps -=
            spec.schedule.epochs * plan.sessions[static_cast<size_t>(session)].batchesPerEpoch;
    estimate.evaluations = train::plannedEvaluations(spec, plan, doneSessions);
    const auto evaluations = static_cast<double>(estimate.evaluations);
    const Spent perPicture = pictureTime(model, spec);
    const Spent perSentence = sentenceTime(model, spec);
    const EvaluationSize size = evaluationSize(spec.evaluate, data);
    std::vector<const std::vector<data::Item>*> lookedAt{&data.utTrain};
    if (estimate.evaluations > 0)
        lookedAt.insert(lookedAt.end(), size.items.begin(), size.items.end());
    const double first = firstLookSeconds(study, lookedAt, model.preprocess.size);
    Spent spent{first, first, first};
    // A frozen tower encodes what an evaluation asks of it once.
    const auto encodings = [&](bool isFrozen) {
        return isFrozen ? std::min(evaluations, 1.0) : evaluations;
    };
    spent.add(perPicture, encodings(spec.option == "TO") * size.pictures);
    spent.add(perSentence, encodings(spec.option == "IO") * size.texts);

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
        const int64_t batch = train::meanBatch(spec.schedule, plan, doneSessions);
        CLWB_ASSIGN(const ProbeResult probe, probeLikely(model, spec, batch, shape));
        const auto steps = static_cast<double>(estimate.steps);
        spent.add({probe.seconds, probe.least, probe.most}, steps);
        // Pictures scale with the batch, texts do not.
        if (model::trainsImage(option))
            spent.add(perPicture, 3 * steps * static_cast<double>(batch - shape.batch));
        spent.add(perPicture, picturesAtStart(spec, plan, doneSessions, option));
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
    estimate.seconds = spent.middle;
    estimate.leastSeconds = spent.least;
    estimate.mostSeconds = spent.most;
    return estimate;
}

} // namespace

Result<Estimate> estimateRun(const spec::RunSpec& spec, int doneSessions)
{
    return model::guarded("estimating a run", [&] { return estimateHere(spec, doneSessions); });
}

} // namespace clwb::run
