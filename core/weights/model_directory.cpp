// SPDX-License-Identifier: GPL-3.0-or-later
// Model directories are written beside their place and then moved there in one step.
#include "core/weights/model_directory.h"

#include "core/base/file.h"
#include "core/weights/staged_folder.h"

#include <algorithm>
#include <cmath>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

/// Copies vocab.json + merges.txt, or has them written from a merge list.
Result<void> putVocabulary(const DirectoryContent& content, const fs::path& folder)
{
    std::error_code ignored;
    if (content.vocabulary.empty())
        return {};
    if (!fs::is_directory(content.vocabulary, ignored)) {
        if (content.writeVocabulary)
            return content.writeVocabulary(content.vocabulary, folder);
        return copyFileAtomically(content.vocabulary, folder / content.vocabulary.filename());
    }
    for (const char* name : {"vocab.json", "merges.txt"})
        CLWB_TRY(copyFileAtomically(content.vocabulary / name, folder / name));
    for (const char* name :
         {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"}) {
        if (fs::exists(content.vocabulary / name, ignored))
            CLWB_TRY(copyFileAtomically(content.vocabulary / name, folder / name));
    }
    return {};
}

Result<void> putContent(const DirectoryContent& content, const fs::path& folder)
{
    CLWB_TRY(writeFileAtomically(folder / "config.json", content.configText));
    if (!content.preprocessorText.empty())
        CLWB_TRY(
            writeFileAtomically(folder / "preprocessor_config.json", content.preprocessorText));
    return putVocabulary(content, folder);
}

Json towerSummary(const TowerConfig& tower)
{
    Json summary{{"width", tower.width},
                 {"heads", tower.heads},
                 {"layers", tower.layers},
                 {"mlp", tower.mlp},
                 {"activation", nameOf(tower.activation)}};
    if (tower.patch > 0) {
        summary["patch"] = tower.patch;
        summary["image_size"] = tower.imageSize;
    } else {
        summary["context"] = tower.context;
        summary["vocabulary"] = tower.vocabulary;
    }
    return summary;
}

/// max |s − 1| over all scales.
double largestDeviation(const TensorMap& scales)
{
    double largest = 0;
    for (const auto& [name, scale] : scales) {
        for (const float value : scale.values)
            largest = std::max(largest, std::abs(static_cast<double>(value) - 1));
    }
    return largest;
}

Result<Json> summaryOf(const fs::path& path, const ModelFiles& model)
{
    CLWB_ASSIGN(const std::string fileHash, fileSha256(model.weightsFile));
    std::error_code ignored;
    Json summary{{"path", path.string()},
                 {"format", model.sourceFormat},
                 {"model_sha256", model.modelSha256},
                 {"file", model.weightsFile.string()},
                 {"file_sha256", fileHash},
                 {"file_bytes", fs::file_size(model.weightsFile, ignored)},
                 {"parameters", parameterCount(model.config)},
                 {"projection", model.config.projection},
                 {"activation", nameOf(model.config.vision.activation)},
                 {"vision", towerSummary(model.config.vision)},
                 {"text", towerSummary(model.config.text)},
                 {"logit_scale", model.tensors.at("logit_scale").values.at(0)},
                 {"preprocess", preprocessToJson(model.preprocess)},
                 {"vocabulary", model.vocabulary.string()},
                 {"unknown_tensors", model.unknownTensors},
                 {"notes", model.notes}};
    if (!model.rkrScales.empty())
        summary["rkr"] = {{"placement", model.rkrPlacement},
                          {"scales", model.rkrScales.size()},
                          {"max_deviation", largestDeviation(model.rkrScales)}};
    return summary;
}

} // namespace

DirectoryContent contentOf(const ModelFiles& model, VocabularyWriter writer)
{
    return {model.configText, model.preprocessorText, model.vocabulary, std::move(writer)};
}

Result<std::string> writeModelDirectory(const fs::path& folder, const DirectoryContent& content,
                                        std::vector<TensorView> tensors)
{
    CLWB_ASSIGN(StagedFolder staged, StagedFolder::create(folder));
    CLWB_TRY(putContent(content, staged.path()));
    CLWB_ASSIGN(std::string hash, writeSafetensors(staged.path() / "model.safetensors",
                                                   std::move(tensors), {{"format", "pt"}}));
    CLWB_TRY(staged.commit());
    return hash;
}

Result<std::string> writeModelDirectory(const fs::path& folder, const DirectoryContent& content,
                                        const TensorMap& tensors)
{
    return writeModelDirectory(folder, content, viewsOf(tensors));
}

Result<std::string> writeRkrDirectory(const fs::path& folder, const DirectoryContent& content,
                                      const RkrBase& base, std::string_view placement,
                                      std::vector<TensorView> scales)
{
    CLWB_ASSIGN(StagedFolder staged, StagedFolder::create(folder));
    CLWB_TRY(putContent(content, staged.path()));
    const Json json{{"path", base.path.string()}, {"sha256", base.sha256}};
    CLWB_TRY(writeFileAtomically(staged.path() / "base.json", json.dump(2) + "\n"));
    CLWB_ASSIGN(std::string hash,
                writeSafetensors(staged.path() / "rkr.safetensors", std::move(scales),
                                 {{"placement", std::string(placement)}}));
    CLWB_TRY(staged.commit());
    return hash;
}

Result<Json> inspectModel(const fs::path& path)
{
    ReadOptions options;
    options.needVocabulary = false;
    options.allowUnknownTensors = true;
    CLWB_ASSIGN(const ModelFiles model, readModel(path, options));
    return summaryOf(path, model);
}

Result<Json> convertWeights(const fs::path& in, const fs::path& out, const VocabularyWriter& writer)
{
    std::error_code ignored;
    const bool single = out.extension() == ".safetensors";
    if (!single && fs::exists(out, ignored) &&
        (!fs::is_directory(out, ignored) || !fs::is_empty(out, ignored)))
        return fail(ErrorCode::Usage,
                    "cannot convert: " + out.string() + " exists and is not empty",
                    "give the name of a new folder, or of a .safetensors file");
    ReadOptions options;
    options.needVocabulary = !single;
    CLWB_ASSIGN(ModelFiles model, readModel(in, options));
    CLWB_ASSIGN(Json summary, summaryOf(in, model));
    if (!model.rkrScales.empty()) {
        CLWB_TRY(foldRkrScales(model));
        summary["model_sha256"] = modelSha256(model.tensors);
        summary["notes"].push_back("RKR scales were folded into out_proj and fc2");
    }
    std::string hash;
    if (single) {
        CLWB_ASSIGN(hash, writeSafetensors(out, model.tensors, {{"format", "pt"}}));
    } else {
        CLWB_ASSIGN(hash, writeModelDirectory(out, contentOf(model, writer), model.tensors));
    }
    summary["out"] = out.string();
    summary["out_sha256"] = hash;
    return summary;
}

} // namespace clwb::weights
