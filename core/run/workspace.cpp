// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/workspace.h"

#include "core/run/cache_folder.h"
#include "core/weights/model_directory.h"

#include <algorithm>
#include <thread>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

Result<void> saveVocabulary(const fs::path& source, const fs::path& folder)
{
    CLWB_ASSIGN(const text::Tokenizer tokenizer, text::Tokenizer::load(source));
    return tokenizer.save(folder);
}

bool wants(const spec::EvaluateSpec& evaluate, const char* part)
{
    return evaluate.after != "never" &&
           std::find(evaluate.what.begin(), evaluate.what.end(), part) != evaluate.what.end();
}

} // namespace

data::DataNeeds needsOf(const spec::RunSpec& spec)
{
    data::DataNeeds needs;
    needs.checkMemory = checkedImagesFile();
    needs.train = spec.kind != "original";
    needs.test = spec.evaluate.test && wants(spec.evaluate, "ut");
    needs.validation = spec.evaluate.validation && spec.evaluate.after != "never";
    needs.zeroShot = wants(spec.evaluate, "zs");
    needs.retrieval = wants(spec.evaluate, "retrieval") || wants(spec.evaluate, "shuffle");
    needs.testSplit = spec.evaluate.test;
    needs.replayCaptions = spec.kind == "method" && spec.params.replay == "captions";
    return needs;
}

Result<OpenModel> openModel(const fs::path& path)
{
    CLWB_ASSIGN(weights::ModelFiles files, weights::readModel(path));
    CLWB_ASSIGN(text::Tokenizer tokenizer, text::Tokenizer::load(files.vocabulary));
    if (tokenizer.vocabularySize() != files.config.text.vocabulary) {
        return fail(ErrorCode::Data,
                    "vocabulary " + files.vocabulary.string() + " has " +
                        std::to_string(tokenizer.vocabularySize()) + " entries, the model " +
                        path.string() + " expects " + std::to_string(files.config.text.vocabulary),
                    "put the model's own vocab.json and merges.txt beside it");
    }
    const std::string sha256 = files.modelSha256;
    const std::string config = files.configText;
    const std::string preprocessor = files.preprocessorText;
    const fs::path vocabulary = files.vocabulary;
    const std::string placement = files.rkrPlacement;
    const std::vector<std::string> notes = files.notes;
    return OpenModel{model::fromFiles(std::move(files)),
                     std::move(tokenizer),
                     fs::absolute(path),
                     sha256,
                     config,
                     preprocessor,
                     vocabulary,
                     placement,
                     notes};
}

Result<std::string> writeModel(const fs::path& folder, const model::Parameters& parameters,
                               const OpenModel& from)
{
    model::Parameters scales;
    for (const auto& [name, tensor] : parameters) {
        if (name.find(".rkr_") != std::string::npos)
            scales.emplace(name, tensor);
    }
    weights::DirectoryContent content;
    content.configText = from.configText;
    content.preprocessorText = from.preprocessorText;
    content.vocabulary = from.vocabulary;
    content.writeVocabulary = saveVocabulary;
    if (!scales.empty()) {
        const std::string placement =
            scales.begin()->first.ends_with(".rkr_scale") ? "block_output" : "sublayer";
        const model::HostViews host = model::hostViews(scales);
        return weights::writeRkrDirectory(folder, content, {from.path, from.sha256}, placement,
                                          host.views);
    }
    const model::HostViews host = model::hostViews(parameters);
    return weights::writeModelDirectory(folder, content, host.views);
}

Result<Pictures> openPictures(const spec::Study& study, int side)
{
    const fs::path folder = cacheFolder();
    data::PictureRule whole{side, "clip", study.images.exifOrientation};
    data::PictureRule crops = whole;
    if (study.updatedTask)
        crops.geometry = study.updatedTask->crop.geometry;
    Pictures pictures;
    CLWB_ASSIGN(pictures.whole, data::PictureCache::open(folder, whole));
    if (crops.geometry == whole.geometry) {
        pictures.crops = pictures.whole;
    } else {
        CLWB_ASSIGN(pictures.crops, data::PictureCache::open(folder, crops));
    }
    return pictures;
}

int loaderThreads()
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

} // namespace clwb::run
