// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/tiny_model.h"

#include "core/base/random_stream.h"
#include "core/text/bpe_learner.h"
#include "core/weights/model_directory.h"

#include <cmath>

namespace clwb::test
{
namespace
{

constexpr int kVocabulary = 600;

weights::ClipConfig tinyConfig(int32_t vocabulary, const TinyShape& shape)
{
    weights::ClipConfig config;
    config.vision.width = 32;
    config.vision.heads = 2;
    config.vision.layers = shape.layers;
    config.vision.mlp = 64;
    config.vision.patch = 8;
    config.vision.imageSize = 16;
    if (shape.isGelu)
        config.vision.activation = weights::Activation::Gelu;
    config.text = config.vision;
    config.text.width = shape.textWidth;
    config.text.patch = 0;
    config.text.imageSize = 0;
    config.text.context = 16;
    config.text.vocabulary = vocabulary;
    config.projection = 16;
    return config;
}

bool isNormScale(const std::string& name)
{
    return name.find("norm") != std::string::npos && name.ends_with(".weight");
}

weights::HostTensor randomTensor(const weights::ExpectedTensor& expected, uint64_t seed,
                                 const TinyShape& shape)
{
    weights::HostTensor tensor;
    tensor.shape = expected.shape;
    const auto count = static_cast<size_t>(*weights::elementCount(expected.shape));
    RandomStream stream = RandomStream::named(seed, expected.name);
    for (size_t i = 0; i < count; ++i) {
        if (expected.name == "logit_scale")
            tensor.values.push_back(static_cast<float>(std::log(shape.temperature)));
        else if (isNormScale(expected.name))
            tensor.values.push_back(1.0f);
        else if (expected.name.ends_with(".bias"))
            tensor.values.push_back(static_cast<float>(shape.biasDeviation * stream.normal()));
        else
            tensor.values.push_back(static_cast<float>(0.1 * stream.normal()));
    }
    return tensor;
}

} // namespace

Result<void> writeTinyModel(const std::filesystem::path& folder, uint64_t seed,
                            const TinyShape& shape)
{
    const std::vector<std::string> texts{
        "this is a photo of a red square", "a green disc next to a blue cross",
        "there is a yellow bar beside a pink square", "a cyan disc and a black cross, a brown bar"};
    CLWB_ASSIGN(const text::Tokenizer tokenizer, text::learnVocabulary(texts, kVocabulary));
    const weights::ClipConfig config = tinyConfig(tokenizer.vocabularySize(), shape);
    weights::TensorMap tensors;
    for (const weights::ExpectedTensor& expected : weights::expectedTensors(config))
        tensors[expected.name] = randomTensor(expected, seed, shape);
    weights::PreprocessConfig preprocess;
    preprocess.size = 16;
    weights::DirectoryContent content;
    content.configText = weights::configToJson(config).dump(2) + "\n";
    content.preprocessorText = weights::preprocessToJson(preprocess).dump(2) + "\n";
    CLWB_TRY(weights::writeModelDirectory(folder, content, tensors));
    return tokenizer.save(folder);
}

} // namespace clwb::test
