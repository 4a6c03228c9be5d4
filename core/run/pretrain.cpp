// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pretrain.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/random_stream.h"
#include "core/base/sha256.h"
#include "core/base/work_queue.h"
#include "core/demo/pretrain_source.h"
#include "core/eval/texts.h"
#include "core/model/device.h"
#include "core/model/initialize.h"
#include "core/text/bpe_learner.h"
#include "core/train/pretrainer.h"
#include "core/train/tensor_file.h"
#include "core/weights/model_directory.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <new>
#include <set>
#include <thread>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

struct PretrainSpec
{
    std::string sha256; ///< of the keys that the result depends on
    fs::path art;
    fs::path out;
    std::vector<std::string> sources;
    weights::ClipConfig config;
    int vocabulary = 2048;
    int64_t batchSize = 256;
    int64_t extraTexts = 256;
    int64_t stateInterval = 200;
    uint64_t seed = 0;
    int64_t threads = 0;
    int64_t loaders = 2;
    train::PretrainOptions options;
};

weights::TowerConfig readTower(JsonReader&& reader, bool image)
{
    weights::TowerConfig tower;
    tower.width = reader.integer("width", image ? 160 : 128, 8, 4096);
    tower.heads = reader.integer("heads", image ? 5 : 4, 1, 64);
    tower.layers = reader.integer("layers", image ? 4 : 2, 1, 64);
    tower.mlp = reader.integer("mlp", 4 * tower.width, 8, 65536);
    if (image) {
        tower.imageSize = reader.integer("image_size", 48, 8, 1024);
        tower.patch = reader.integer("patch", 8, 1, 64);
    } else {
        tower.context = reader.integer("context", 77, 8, 1024);
    }
    if (tower.width % tower.heads != 0)
        reader.addError("heads", "must divide width");
    if (image && tower.imageSize % tower.patch != 0)
        reader.addError("patch", "must divide image_size");
    reader.finish();
    return tower;
}

/// Hash of a spec without the keys that change nothing but where and how fast it is computed.
std::string hashOf(Json document)
{
    for (const char* key : {"art", "out", "threads", "loaders", "state_interval"})
        document.erase(key);
    // The unordered type sorts keys, which makes the text canonical.
    return sha256Hex(nlohmann::json(document).dump());
}

Result<PretrainSpec> readSpec(const fs::path& file)
{
    CLWB_ASSIGN(const Json document, readJsonFile(file));
    std::vector<std::string> problems;
    JsonReader reader(document, "", problems);
    const fs::path base = fs::absolute(file).parent_path();
    PretrainSpec spec;
    reader.integer("schema", 1, 1, 1);
    spec.art = base / reader.text("art", "art");
    spec.out = base / reader.text("out", "model");
    if (!spec.out.has_filename()) // "model/" and "model" are one folder with one state beside it
        spec.out = spec.out.parent_path();
    spec.sources = reader.texts("sources", {});
    spec.vocabulary = static_cast<int>(reader.integer("vocabulary", 2048, 514, 65536));
    spec.batchSize = reader.integer("batch_size", 256, 2, 65536);
    spec.extraTexts = reader.integer("extra_texts", 256, 0, 4096);
    spec.stateInterval = reader.integer("state_interval", 200, 1, 1000000);
    spec.seed = static_cast<uint64_t>(reader.integer("seed", 0, 0, INT64_MAX));
    spec.threads = reader.integer("threads", 0, 0, 1024);
    spec.loaders = reader.integer("loaders", 2, 1, 64);
    spec.options.steps = reader.integer("steps", 3600, 1, 100000000);
    spec.options.warmup = reader.integer("warmup", 150, 0, 1000000);
    spec.options.learningRate = reader.number("lr", 1.5e-3, 1e-9, 1);
    spec.options.weightDecay = reader.number("weight_decay", 0.1, 0, 1);
    spec.options.clipNorm = reader.number("clip_norm", 1.0, 0, 1e6);
    spec.options.precision = reader.oneOf("precision", "fp32", {"fp32", "bf16"});
    spec.config.vision = readTower(JsonReader(reader.object("vision"), "vision", problems), true);
    spec.config.text = readTower(JsonReader(reader.object("text"), "text", problems), false);
    spec.config.projection = reader.integer("projection", 128, 8, 4096);
    spec.config.text.vocabulary = spec.vocabulary;
    reader.finish();
    if (!problems.empty())
        return Failure(usageErrors(file.string(), problems));
    spec.sha256 = hashOf(document);
    return spec;
}

/// Composes batches on loader threads; batch k is a function of (seed, k) alone.
class BatchSource
{
public:
    BatchSource(const demo::PretrainSource& source, const text::Tokenizer& tokenizer,
                const PretrainSpec& spec, int64_t firstStep)
        : m_source(source)
        , m_tokenizer(tokenizer)
        , m_spec(spec)
        , m_names(source.conceptNames())
    {
        for (int64_t i = 0; i < spec.loaders; ++i)
            m_queues.push_back(std::make_unique<WorkQueue<Result<train::PretrainBatch>>>(3));
        for (int64_t i = 0; i < spec.loaders; ++i) {
            m_threads.emplace_back([this, i, firstStep] {
                WorkQueue<Result<train::PretrainBatch>>& queue = *m_queues[static_cast<size_t>(i)];
                for (int64_t step = firstStep; step < m_spec.options.steps; ++step) {
                    if (step % m_spec.loaders == i && !queue.push(composeCaught(step)))
                        return;
                }
            });
        }
    }

    ~BatchSource()
    {
        for (auto& queue : m_queues)
            queue->close();
        for (std::thread& thread : m_threads)
            thread.join();
    }
    BatchSource(const BatchSource&) = delete;
    BatchSource& operator=(const BatchSource&) = delete;

    Result<train::PretrainBatch> batch(int64_t step)
    {
        auto batch = m_queues[static_cast<size_t>(step % m_spec.loaders)]->pop();
        if (!batch)
            return fail(ErrorCode::RunFailed, "the composing threads ended early");
        return std::move(*batch); // a Result: the batch or why there is none
    }

private:
    /// An exception must not leave its thread: it becomes the error of its step.
    [[nodiscard]] Result<train::PretrainBatch> composeCaught(int64_t step) const
    {
        const std::string what = "cannot compose the batch of step " + std::to_string(step + 1);
        try {
            return compose(step);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::OutOfMemory, what + ": not enough memory",
                        "use a smaller batch_size or fewer loaders");
        } catch (const std::exception& exception) {
            return fail(ErrorCode::RunFailed, what + ": " + exception.what());
        }
    }

    [[nodiscard]] train::PretrainBatch compose(int64_t step) const
    {
        const double progress =
            static_cast<double>(step) / static_cast<double>(m_spec.options.steps);
        const int64_t side = m_spec.config.vision.imageSize;
        train::PretrainBatch batch;
        batch.pixels = at::empty({m_spec.batchSize, side, side, 3}, at::kByte);
        std::vector<std::vector<int>> shown;
        std::vector<std::string> captions;
        std::set<int> used;
        auto* pixels = batch.pixels.mutable_data_ptr<uint8_t>();
        for (int64_t i = 0; i < m_spec.batchSize; ++i) {
            demo::PretrainSample sample = m_source.sample(
                m_spec.seed, static_cast<uint64_t>(step * m_spec.batchSize + i), progress);
            std::copy(sample.image.pixels.begin(), sample.image.pixels.end(),
                      pixels + i * side * side * 3);
            captions.push_back(std::move(sample.caption));
            std::sort(sample.concepts.begin(), sample.concepts.end());
            used.insert(sample.concepts.begin(), sample.concepts.end());
            shown.push_back(std::move(sample.concepts));
        }
        batch.positive = at::zeros({m_spec.batchSize, m_spec.batchSize}, at::kBool);
        auto* positive = batch.positive.mutable_data_ptr<bool>();
        for (size_t i = 0; i < shown.size(); ++i)
            for (size_t j = 0; j < shown.size(); ++j)
                positive[i * shown.size() + j] = shown[i] == shown[j];
        addExtraTexts(step, used, captions);
        batch.texts = eval::tokenize(m_tokenizer, captions, m_spec.config.text.context);
        return batch;
    }

    /// Names of things that no picture of the batch shows: negatives of image→text.
    void addExtraTexts(int64_t step, const std::set<int>& used,
                       std::vector<std::string>& captions) const
    {
        RandomStream stream =
            RandomStream::named(m_spec.seed, "extra-texts", {static_cast<uint64_t>(step)});
        std::vector<int> free;
        for (int id = 0; id < static_cast<int>(m_names.size()); ++id) {
            if (!used.contains(id))
                free.push_back(id);
        }
        stream.shuffle(free);
        free.resize(std::min(free.size(), static_cast<size_t>(m_spec.extraTexts)));
        for (const int id : free)
            captions.push_back("this is a photo of " + m_names[static_cast<size_t>(id)] + ".");
    }

    const demo::PretrainSource& m_source;
    const text::Tokenizer& m_tokenizer;
    const PretrainSpec& m_spec;
    std::vector<std::string> m_names;
    std::vector<std::unique_ptr<WorkQueue<Result<train::PretrainBatch>>>> m_queues;
    std::vector<std::thread> m_threads;
};

Result<void> writeModel(const fs::path& folder, const model::ClipModel& model,
                        const text::Tokenizer& tokenizer)
{
    weights::DirectoryContent content;
    content.configText = weights::configToJson(model.config).dump(2) + "\n";
    content.preprocessorText = weights::preprocessToJson(model.preprocess).dump(2) + "\n";
    content.vocabulary = "learnt";
    content.writeVocabulary = [&](const fs::path&, const fs::path& target) {
        return tokenizer.save(target);
    };
    const model::HostViews host = model::hostViews(model.parameters);
    CLWB_TRY(weights::writeModelDirectory(folder, content, host.views));
    return {};
}

model::ClipModel newModel(const PretrainSpec& spec)
{
    model::ClipModel model;
    model.config = spec.config;
    model.preprocess.size = static_cast<int>(spec.config.vision.imageSize);
    model.parameters = model::randomParameters(spec.config, spec.seed, std::log(20.0));
    return model;
}

Failure unusableState(const fs::path& file, const std::string& problem)
{
    return fail(ErrorCode::Data, "cannot continue from " + file.string() + ": " + problem,
                "remove it together with the model beside it, or name another `out`");
}

/// Copies a stored tensor into one of the same shape.
Result<void> restoreTensor(const fs::path& file, const std::string& name, const at::Tensor& stored,
                           model::Parameters& parameters)
{
    const auto target = parameters.find(name);
    if (target == parameters.end() || target->second.sizes() != stored.sizes())
        return unusableState(file, "tensor " + name + " does not fit the model");
    target->second.copy_(stored);
    return {};
}

/// A state is complete with a tensor of the model and its moments and steps of Adam, and no more.
Result<void> checkMoments(const fs::path& file, const model::ClipModel& model,
                          const model::Parameters& optimizer)
{
    for (const auto& [name, tensor] : model.parameters) {
        for (const char* kind : {"adam.m/", "adam.v/", "adam.t/"}) {
            const auto found = optimizer.find(kind + name);
            const bool isSteps = std::string_view(kind) == "adam.t/";
            const bool fits =
                found != optimizer.end() &&
                (isSteps ? found->second.dim() == 0 : found->second.sizes() == tensor.sizes());
            if (!fits)
                return unusableState(file, "tensor " + (kind + name) + " is missing or misshaped");
        }
    }
    return {};
}

/// The state that an earlier, stopped call of the same spec left; a fresh one where there is none.
/// Errors: Data: damaged, or of another spec.
Result<train::PretrainState> loadState(const fs::path& file, const PretrainSpec& spec,
                                       model::ClipModel& model)
{
    train::PretrainState state;
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return state;
    CLWB_ASSIGN(train::TensorFile stored, train::readTensorFile(file));
    const Result<Json> document = parseJson(stored.text, file.string());
    if (!document)
        return unusableState(file, "its description is no JSON");
    std::vector<std::string> problems;
    JsonReader reader(*document, "", problems);
    state.step = reader.integer("step", 0, 0, spec.options.steps);
    if (reader.text("spec_sha256", "") != spec.sha256)
        problems.emplace_back("it belongs to another spec");
    if (!problems.empty())
        return unusableState(file, problems.front());
    size_t restored = 0;
    for (auto& [name, tensor] : stored.tensors) {
        if (name.starts_with("model/")) {
            CLWB_TRY(restoreTensor(file, name.substr(6), tensor, model.parameters));
            ++restored;
        } else {
            state.optimizer.emplace(name, tensor);
        }
    }
    if (restored != model.parameters.size())
        return unusableState(file, "tensors of the model are missing");
    CLWB_TRY(checkMoments(file, model, state.optimizer));
    return state;
}

/// `out` is replaced as a whole: what lies there must be this training's own.
Result<void> checkOut(const PretrainSpec& spec, const fs::path& stateFile)
{
    std::error_code ignored;
    const fs::file_status status = fs::status(spec.out, ignored);
    const bool isFree =
        !fs::exists(status) || (fs::is_directory(status) && fs::is_empty(spec.out, ignored));
    if (isFree || (fs::is_directory(status) && fs::exists(stateFile, ignored)))
        return {};
    return fail(ErrorCode::Usage,
                "out: " + spec.out.string() + " exists and is not an empty folder",
                "name another `out` in the spec, or remove it");
}

} // namespace

Result<fs::path> pretrainModel(const fs::path& specFile,
                               const std::function<void(const PretrainReport&)>& report,
                               const StopToken& stop)
{
    CLWB_ASSIGN(const PretrainSpec spec, readSpec(specFile));
    const fs::path stateFile = fs::path(spec.out).concat(".state");
    CLWB_TRY(checkOut(spec, stateFile));
    CLWB_ASSIGN(const demo::PretrainSource source,
                demo::PretrainSource::open(spec.art, static_cast<int>(spec.config.vision.imageSize),
                                           spec.sources));
    CLWB_ASSIGN(const text::Tokenizer tokenizer,
                text::learnVocabulary(source.captionCorpus(), spec.vocabulary));
    model::useThreads(spec.threads);
    model::ClipModel model = newModel(spec);
    CLWB_ASSIGN(train::PretrainState state, loadState(stateFile, spec, model));

    BatchSource batches(source, tokenizer, spec, state.step);
    int64_t reached = state.step;
    const auto onProgress = [&](const train::PretrainProgress& p) {
        reached = p.step;
        report({p.step, spec.options.steps, p.loss, p.accuracy, p.learningRate, p.logitScale,
                p.secondsPerStep});
    };
    const auto onState = [&](const train::PretrainState& now) -> Result<void> {
        model::Parameters tensors = now.optimizer;
        for (const auto& [name, tensor] : model.parameters)
            tensors.emplace("model/" + name, tensor);
        const Json description{{"step", now.step}, {"spec_sha256", spec.sha256}};
        CLWB_TRY(train::writeTensorFile(stateFile, tensors, description.dump()));
        return writeModel(spec.out, model, tokenizer);
    };
    CLWB_TRY(train::pretrain(
        model, spec.options, state, spec.stateInterval,
        [&](int64_t step) { return batches.batch(step); }, onProgress, onState, stop));
    if (reached < spec.options.steps)
        return fail(ErrorCode::Stopped, "pre-training stopped at step " + std::to_string(reached),
                    "run the same command again to go on");
    return spec.out;
}

} // namespace clwb::run
