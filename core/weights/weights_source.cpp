// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and loading the tensors of a model, whatever container and naming they come in.
#include "core/weights/weights_source.h"

#include "core/base/file.h"
#include "core/weights/safetensors.h"
#include "core/weights/torch_archive.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

constexpr std::array<const char*, 4> kWeightFiles{
    "model.safetensors", "open_clip_model.safetensors", "pytorch_model.bin",
    "open_clip_pytorch_model.bin"};

/// Hashes of OpenAI's files, as they stand in their addresses.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPublished{{
    {"40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af", "OpenAI ViT-B/32"},
    {"5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f", "OpenAI ViT-B/16"},
    {"b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836", "OpenAI ViT-L/14"},
    {"3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02", "OpenAI ViT-L/14@336px"},
}};

void noteTypes(const std::vector<std::string>& types, LoadedWeights& weights)
{
    for (const std::string& type : types) {
        if (type != "F32")
            weights.notes.push_back("tensors stored as " + type + " were converted to F32");
    }
}

Result<LoadedWeights> loadSafetensors(const fs::path& file)
{
    CLWB_ASSIGN(const SafetensorsFile source, SafetensorsFile::open(file));
    LoadedWeights weights;
    weights.container = "safetensors";
    std::set<std::string> types;
    std::vector<std::string> ignored;
    std::vector<std::string> unknown;
    for (const TensorInfo& info : source.tensors()) {
        if (isIgnoredBuffer(info.name)) {
            ignored.push_back(info.name);
        } else if (!isFloating(info.dtype)) {
            unknown.push_back(info.name);
        } else {
            CLWB_ASSIGN(HostTensor tensor, source.read(info));
            weights.tensors.emplace_hint(weights.tensors.end(), info.name, std::move(tensor));
            types.emplace(nameOf(info.dtype));
        }
    }
    noteTypes({types.begin(), types.end()}, weights);
    weights.names.ignored = std::move(ignored);
    weights.names.unknown = std::move(unknown);
    return weights;
}

Result<LoadedWeights> loadArchive(const fs::path& file)
{
    CLWB_ASSIGN(TorchArchive archive, readTorchArchive(file));
    LoadedWeights weights;
    weights.container = archive.torchScript ? "TorchScript archive" : "PyTorch archive";
    weights.tensors = std::move(archive.tensors);
    noteTypes(archive.types, weights);
    for (std::string& name : archive.skipped)
        (isIgnoredBuffer(name) ? weights.names.ignored : weights.names.unknown)
            .push_back(std::move(name));
    return weights;
}

/// Archives are told by their first bytes or by the usual endings, so that a cut-off or empty one
/// gets the message about downloads.
bool looksLikeArchive(const fs::path& file)
{
    std::array<char, 2> start{};
    std::ifstream(file, std::ios::binary).read(start.data(), start.size());
    if (start[0] == 'P' && start[1] == 'K')
        return true;
    const std::string ending = file.extension().string();
    return ending == ".pt" || ending == ".pth" || ending == ".bin" || ending == ".ckpt";
}

} // namespace

Result<fs::path> findWeights(const fs::path& folder)
{
    std::error_code ignored;
    for (const char* name : kWeightFiles) {
        if (fs::exists(folder / name, ignored))
            return folder / name;
    }
    if (fs::exists(folder / "model.safetensors.index.json", ignored))
        return fail(ErrorCode::Data,
                    "cannot read model: " + folder.string() +
                        ": its weights are split into several files",
                    "save the model as one model.safetensors");
    return fail(ErrorCode::Data, "no model: " + folder.string() + ": expected model.safetensors",
                "give a model directory, a .safetensors file or a .pt archive");
}

bool isInModelDirectory(const fs::path& file)
{
    const bool isKnown = std::any_of(kWeightFiles.begin(), kWeightFiles.end(),
                                     [&](const char* name) { return file.filename() == name; });
    const auto has = [&](const char* name) {
        std::error_code ignored;
        return fs::exists(file.parent_path() / name, ignored);
    };
    return isKnown && (has("config.json") || has("open_clip_config.json"));
}

Result<LoadedWeights> loadWeights(const fs::path& file)
{
    std::error_code error;
    if (!fs::exists(file, error))
        return fail(ErrorCode::Data, "no model: " + file.string() + ": no such file or folder",
                    "give a model directory, a .safetensors file or a .pt archive");
    if (!fs::is_regular_file(file, error))
        return fail(ErrorCode::Data,
                    "cannot read weights: " + file.string() + ": expected a regular file");
    CLWB_ASSIGN(LoadedWeights weights,
                looksLikeArchive(file) ? loadArchive(file) : loadSafetensors(file));
    Result<NameReport> report = toHuggingFaceNames(weights.tensors);
    if (!report)
        return Failure(std::move(report).error().in(file.string()));
    const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    append(report->ignored, weights.names.ignored);
    append(report->unknown, weights.names.unknown);
    weights.names = std::move(*report);
    return weights;
}

std::string_view publishedModel(std::string_view fileSha256)
{
    for (const auto& [hash, name] : kPublished) {
        if (hash == fileSha256)
            return name;
    }
    return {};
}

} // namespace clwb::weights
