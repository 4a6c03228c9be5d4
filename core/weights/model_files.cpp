// SPDX-License-Identifier: GPL-3.0-or-later
// Putting a model together from its files: weights, configuration, preprocessing, vocabulary.
#include "core/weights/model_files.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/weights/model_hash.h"
#include "core/weights/open_clip_config.h"
#include "core/weights/rkr_files.h"
#include "core/weights/weights_source.h"

#include <cstdlib>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

bool isThere(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// A JSON file of a model: what is wrong with it is a data error.
Result<Json> readModelJson(const fs::path& file, std::string& text)
{
    CLWB_ASSIGN(text, readFile(file, kMaxSpecBytes));
    Result<Json> json = parseJson(text, file.string());
    if (!json)
        return fail(ErrorCode::Data, json.error().message, json.error().hint);
    return json;
}

/// Folder or merge list at `place`; empty when there is no vocabulary.
fs::path vocabularyAt(const fs::path& place)
{
    std::error_code ignored;
    if (!fs::is_directory(place, ignored))
        return isThere(place) ? place : fs::path();
    if (isThere(place / "vocab.json") && isThere(place / "merges.txt"))
        return place;
    for (const char* name : {"bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"}) {
        if (isThere(place / name))
            return place / name;
    }
    return {};
}

Result<fs::path> findVocabulary(const fs::path& folder, const ReadOptions& options)
{
    if (fs::path found = vocabularyAt(folder); !found.empty())
        return found;
    if (const char* setting = std::getenv("CLWB_VOCABULARY"); setting && *setting) {
        if (fs::path found = vocabularyAt(setting); !found.empty())
            return found;
        return fail(ErrorCode::Data,
                    std::string("no vocabulary: CLWB_VOCABULARY is ") + setting +
                        ": expected a folder with vocab.json and merges.txt, or a .txt.gz");
    }
    if (!options.vocabulary.empty()) {
        if (fs::path found = vocabularyAt(options.vocabulary); !found.empty())
            return found;
    }
    if (!options.needVocabulary)
        return fs::path();
    return fail(ErrorCode::Data,
                "no vocabulary: " + folder.string() +
                    ": expected vocab.json and merges.txt beside the weights",
                "copy them there, or set CLWB_VOCABULARY to a folder with them or to CLIP's "
                "bpe_simple_vocab_16e6.txt.gz");
}

/// config.json, open_clip's configuration, or one generated from the shapes.
Result<void> readConfig(const std::optional<fs::path>& folder, ModelFiles& model)
{
    if (folder && isThere(*folder / "config.json")) {
        const fs::path file = *folder / "config.json";
        CLWB_ASSIGN(const Json json, readModelJson(file, model.configText));
        if (!json.contains("model_cfg")) {
            CLWB_ASSIGN(model.config, configFromJson(json, model.tensors, file.string()));
            return {};
        }
    }
    if (folder && isThere(*folder / "open_clip_config.json")) {
        const fs::path file = *folder / "open_clip_config.json";
        std::string text;
        CLWB_ASSIGN(const Json json, readModelJson(file, text));
        CLWB_ASSIGN(const OpenClipConfig read,
                    openClipConfigFromJson(json, model.tensors, file.string()));
        model.config = read.clip;
        model.preprocess = read.preprocess;
        model.configText = configToJson(model.config).dump(2) + "\n";
        model.preprocessorText = preprocessToJson(model.preprocess).dump(2) + "\n";
        return {};
    }
    CLWB_ASSIGN(model.config, inferConfig(model.tensors));
    model.configText = configToJson(model.config).dump(2) + "\n";
    model.notes.emplace_back(
        "there is no config.json: sizes come from the tensors' shapes, heads = width/64, "
        "activation quick_gelu (models trained with plain GELU lose accuracy silently)");
    return {};
}

Result<void> readPreprocess(const std::optional<fs::path>& folder, ModelFiles& model)
{
    const auto imageSize = static_cast<int>(model.config.vision.imageSize);
    if (folder && isThere(*folder / "preprocessor_config.json")) {
        const fs::path file = *folder / "preprocessor_config.json";
        CLWB_ASSIGN(const Json json, readModelJson(file, model.preprocessorText));
        CLWB_ASSIGN(model.preprocess, preprocessFromJson(json, imageSize, file.string()));
        return {};
    }
    if (!model.preprocessorText.empty()) // open_clip's configuration has it
        return {};
    model.preprocess.size = imageSize;
    model.preprocessorText = preprocessToJson(model.preprocess).dump(2) + "\n";
    if (folder)
        model.notes.emplace_back(
            "there is no preprocessor_config.json: CLIP's mean and deviation are used");
    return {};
}

/// Names and shapes must be those of the configuration, numbers finite.
Result<void> checkTensors(const ReadOptions& options, const std::string& source, ModelFiles& model)
{
    TensorDifferences differences = compareTensors(model.config, model.tensors);
    for (const std::string& name : differences.unexpected)
        model.unknownTensors.push_back(name);
    differences.unexpected = model.unknownTensors;
    if (options.allowUnknownTensors) {
        differences.unexpected.clear();
        for (const std::string& name : model.unknownTensors)
            model.tensors.erase(name);
    }
    CLWB_TRY(refuseDifferences(differences, source));
    if (const auto name = firstNonFinite(model.tensors))
        return fail(ErrorCode::Data,
                    "damaged weights: " + source + ": \"" + *name + "\" holds NaN or infinity",
                    "take an earlier checkpoint, or get the file again");
    return {};
}

/// OpenAI's files are known by their hash; an unknown one is only a note.
Result<void> noteOrigin(ModelFiles& model)
{
    CLWB_ASSIGN(const std::string hash, fileSha256(model.weightsFile));
    const std::string_view name = publishedModel(hash);
    model.notes.push_back(name.empty() ? "origin unknown: SHA-256 " + hash + " is on no list"
                                       : "origin: " + std::string(name) + ", SHA-256 as published");
    return {};
}

/// @param folder where config.json and its like lie; none for a single file
Result<ModelFiles> readPlain(const fs::path& file, const std::optional<fs::path>& folder,
                             const ReadOptions& options)
{
    CLWB_ASSIGN(LoadedWeights weights, loadWeights(file));
    ModelFiles model;
    model.weightsFile = file;
    model.tensors = std::move(weights.tensors);
    model.unknownTensors = std::move(weights.names.unknown);
    model.notes = std::move(weights.notes);
    model.sourceFormat = weights.container + ", " + std::string(nameOf(weights.names.style)) +
                         " names" + (folder ? ", model directory" : "");
    CLWB_TRY(readConfig(folder, model));
    CLWB_TRY(checkTensors(options, file.string(), model));
    CLWB_TRY(readPreprocess(folder, model));
    CLWB_ASSIGN(model.vocabulary, findVocabulary(file.parent_path(), options));
    if (options.hash) {
        model.modelSha256 = modelSha256(model.tensors);
        if (!folder)
            CLWB_TRY(noteOrigin(model));
    }
    return model;
}

/// The base of an RKR directory, checked against the hash the scales were trained on.
Result<ModelFiles> readBase(const fs::path& folder, const ReadOptions& options)
{
    CLWB_ASSIGN(const RkrBase base, readRkrBase(folder));
    if (isRkrDirectory(base.path))
        return fail(ErrorCode::Data, "damaged RKR model: " + folder.string() + ": its base " +
                                         base.path.string() + " is an RKR model itself");
    ReadOptions forBase = options;
    forBase.needVocabulary = false;
    forBase.hash = true;
    Result<ModelFiles> model = readModel(base.path, forBase);
    if (!model)
        return Failure(std::move(model).error().in("base of the RKR model " + folder.string()));
    if (model->modelSha256 == base.sha256)
        return model;
    CLWB_ASSIGN(const std::string hash, fileSha256(model->weightsFile));
    if (hash != base.sha256)
        return fail(ErrorCode::Data,
                    "base model changed: " + base.path.string() + ": expected SHA-256 " +
                        base.sha256 + ", got " + model->modelSha256,
                    "put the model back that the RKR scales were trained on");
    return model;
}

Result<ModelFiles> readRkr(const fs::path& folder, const ReadOptions& options)
{
    CLWB_ASSIGN(ModelFiles model, readBase(folder, options));
    if (isThere(folder / "config.json")) {
        CLWB_ASSIGN(const Json json, readModelJson(folder / "config.json", model.configText));
        CLWB_ASSIGN(const ClipConfig config,
                    configFromJson(json, model.tensors, (folder / "config.json").string()));
        if (config != model.config)
            return fail(ErrorCode::Data, "damaged RKR model: " + folder.string() +
                                             ": config.json differs from its base's");
    }
    CLWB_TRY(readRkrScales(folder, model));
    model.sourceFormat = "RKR scales (" + model.rkrPlacement + ") on " + model.sourceFormat;
    if (fs::path own = vocabularyAt(folder); !own.empty())
        model.vocabulary = std::move(own);
    if (model.vocabulary.empty()) {
        CLWB_ASSIGN(model.vocabulary, findVocabulary(folder, options));
    }
    model.modelSha256 = options.hash ? modelSha256(model.tensors, model.rkrScales) : std::string();
    return model;
}

} // namespace

Result<ModelFiles> readModel(const fs::path& path, const ReadOptions& options)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        if (isRkrDirectory(path))
            return readRkr(path, options);
        CLWB_ASSIGN(const fs::path file, findWeights(path));
        return readPlain(file, path, options);
    }
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    return readPlain(path, isInModelDirectory(path) ? std::optional(folder) : std::nullopt,
                     options);
}

Result<std::string> fileSha256(const fs::path& file)
{
    return sha256HexOfFile(file);
}

} // namespace clwb::weights
