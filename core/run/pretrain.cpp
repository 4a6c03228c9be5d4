// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pretrain.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/random_stream.h"
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
#include <memory>
#include <set>
#include <thread>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

struct PretrainSpec
{
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
            m_queues.push_back(std::make_unique<WorkQueue<train::PretrainBatch>>(3));
        for (int64_t i = 0; i < spec.loaders; ++i) {
            m_threads.emplace_back([this, i, firstStep] {
                WorkQueue<train::PretrainBatch>& queue = *m_queues[static_cast<size_t>(i)];
                for (int64_t step = firstStep; step < m_spec.options.steps; ++step) {
                    if (step % m_spec.loaders == i && !queue.push(compose(step)))
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
        return std::move(*batch);
    }

private:
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
    std::vector<std::unique_ptr<WorkQueue<train::PretrainBatch>>> m_queues;
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

/// The state that an earlier, stopped call of the same spec left; a fresh one where there is none.
Result<train::PretrainState> loadState(const fs::path& file, model::ClipModel& model)
{
    train::PretrainState state;
    if (!fs::exists(file))
        return state;
    CLWB_ASSIGN(train::TensorFile stored, train::readTensorFile(file));
    state.step = parseJson(stored.text, file.string())->at("step").get<int64_t>();
    for (auto& [name, tensor] : stored.tensors) {
        if (name.starts_with("model/"))
            model.parameters.at(name.substr(6)).copy_(tensor);
        else
            state.optimizer.emplace(name, tensor);
    }
    return state;
}

} // namespace

Result<fs::path> pretrainModel(const fs::path& specFile,
                               const std::function<void(const PretrainReport&)>& report,
                               const StopToken& stop)
{
    CLWB_ASSIGN(const PretrainSpec spec, readSpec(specFile));
    CLWB_ASSIGN(const demo::PretrainSource source,
                demo::PretrainSource::open(spec.art, static_cast<int>(spec.config.vision.imageSize),
                                           spec.sources));
    CLWB_ASSIGN(const text::Tokenizer tokenizer,
                text::learnVocabulary(source.captionCorpus(), spec.vocabulary));
    model::useThreads(spec.threads);
    model::ClipModel model = newModel(spec);
    const fs::path stateFile = fs::path(spec.out).concat(".state");
    CLWB_ASSIGN(train::PretrainState state, loadState(stateFile, model));

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
        CLWB_TRY(train::writeTensorFile(stateFile, tensors, Json{{"step", now.step}}.dump()));
        return writeModel(spec.out, model, tokenizer);
    };
    CLWB_TRY(train::pretrain(
        model, spec.options, std::move(state), spec.stateInterval,
        [&](int64_t step) { return batches.batch(step); }, onProgress, onState, stop));
    if (reached < spec.options.steps)
        return fail(ErrorCode::Stopped, "pre-training stopped at step " + std::to_string(reached),
                    "run the same command again to go on");
    return spec.out;
}

} // namespace clwb::run
