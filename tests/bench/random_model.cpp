// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a model directory of real size with random weights, for measurements without a checkpoint:
// random_model SIZE VOCABULARY OUT, SIZE = b32 b16 l14, VOCABULARY as Tokenizer::load takes it.
#include "core/model/clip_model.h"
#include "core/model/initialize.h"
#include "core/text/bpe_tokenizer.h"
#include "core/weights/model_directory.h"
#include "tests/bench/offline.h"

#include <cmath>
#include <cstdio>
#include <string>

using namespace clwb;
using bench::towerOf;

namespace
{

Result<std::string> writeRandomModel(const std::string& size, const std::string& vocabulary,
                                     const std::string& out)
{
    CLWB_ASSIGN(const text::Tokenizer tokenizer, text::Tokenizer::load(vocabulary));
    const bool large = size == "l14";
    weights::ClipConfig config;
    config.vision = large ? towerOf(1024, 24) : towerOf(768, 12);
    config.vision.imageSize = 224;
    config.vision.patch = large ? 14 : size == "b16" ? 16 : 32;
    config.text = large ? towerOf(768, 12) : towerOf(512, 12);
    config.text.context = 77;
    config.text.vocabulary = tokenizer.vocabularySize();
    config.projection = large ? 768 : 512;
    const model::Parameters parameters = model::randomParameters(config, 0, std::log(100.0));
    weights::DirectoryContent content;
    content.configText = weights::configToJson(config).dump(2) + "\n";
    content.preprocessorText = weights::preprocessToJson({}).dump(2) + "\n";
    content.vocabulary = vocabulary;
    content.writeVocabulary = [&](const auto&, const auto& folder) {
        return tokenizer.save(folder);
    };
    const model::HostViews host = model::hostViews(parameters);
    return weights::writeModelDirectory(out, content, host.views);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: random_model b32|b16|l14 VOCABULARY OUT\n");
        return 2;
    }
    const auto written = writeRandomModel(argv[1], argv[2], argv[3]);
    if (!written) {
        std::fprintf(stderr, "%s\n", toText(written.error()).c_str());
        return static_cast<int>(written.error().code);
    }
    return 0;
}
