// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations from config.json and tensor shapes; Hugging Face's keys and defaults.
#include "core/weights/clip_config.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace clwb::weights
{
namespace
{

constexpr int64_t kMaxSize = 1'000'000;
constexpr int64_t kMaxLayers = 1000; ///< each is listed with 16 tensors before any is looked for
constexpr int64_t kVisionHeads = 12; ///< Hugging Face's defaults
constexpr int64_t kTextHeads = 8;
constexpr int64_t kHeadWidth = 64;
constexpr double kLayerNormEps = 1e-5;

const std::string kVision = "vision_model.";
const std::string kText = "text_model.";

/// Dimension `index` of a tensor that must have `rank` dimensions; 0 when it has not.
int64_t dimension(const TensorMap& tensors, const std::string& name, size_t rank, size_t index)
{
    const auto found = tensors.find(name);
    return found == tensors.end() || found->second.shape.size() != rank
               ? 0
               : found->second.shape[index];
}

int64_t layerCount(const TensorMap& tensors, const std::string& tower)
{
    int64_t layers = 0;
    while (tensors.contains(tower + "encoder.layers." + std::to_string(layers) +
                            ".self_attn.q_proj.weight"))
        ++layers;
    return layers;
}

/// All sizes that shapes tell; 0 where a tensor is missing. Heads stay 0.
ClipConfig sizesOf(const TensorMap& tensors)
{
    ClipConfig config;
    TowerConfig& vision = config.vision;
    const std::string patches = kVision + "embeddings.patch_embedding.weight";
    vision.width = dimension(tensors, patches, 4, 0);
    vision.patch = dimension(tensors, patches, 4, 3);
    const int64_t positions =
        dimension(tensors, kVision + "embeddings.position_embedding.weight", 2, 0);
    const auto side = static_cast<int64_t>(std::lround(std::sqrt(std::max(0.0, positions - 1.0))));
    vision.imageSize = side * side + 1 == positions ? side * vision.patch : 0;
    vision.layers = layerCount(tensors, kVision);
    vision.mlp = dimension(tensors, kVision + "encoder.layers.0.mlp.fc1.weight", 2, 0);
    TowerConfig& text = config.text;
    const std::string tokens = kText + "embeddings.token_embedding.weight";
    text.vocabulary = dimension(tensors, tokens, 2, 0);
    text.width = dimension(tensors, tokens, 2, 1);
    text.context = dimension(tensors, kText + "embeddings.position_embedding.weight", 2, 0);
    text.layers = layerCount(tensors, kText);
    text.mlp = dimension(tensors, kText + "encoder.layers.0.mlp.fc1.weight", 2, 0);
    config.projection = dimension(tensors, "visual_projection.weight", 2, 0);
    return config;
}

struct NamedSize
{
    std::string_view name;
    int64_t value;
};

/// Names of sizes that are still unknown, and widths that heads do not divide.
std::vector<std::string> problemsOf(const ClipConfig& config)
{
    std::vector<std::string> problems;
    const TowerConfig& vision = config.vision;
    const TowerConfig& text = config.text;
    for (const auto& [name, value] :
         std::initializer_list<NamedSize>{{"vision_config.hidden_size", vision.width},
                                          {"vision_config.num_hidden_layers", vision.layers},
                                          {"vision_config.intermediate_size", vision.mlp},
                                          {"vision_config.patch_size", vision.patch},
                                          {"vision_config.image_size", vision.imageSize},
                                          {"text_config.hidden_size", text.width},
                                          {"text_config.num_hidden_layers", text.layers},
                                          {"text_config.intermediate_size", text.mlp},
                                          {"text_config.max_position_embeddings", text.context},
                                          {"text_config.vocab_size", text.vocabulary},
                                          {"projection_dim", config.projection}}) {
        if (value <= 0)
            problems.push_back(std::string(name) +
                               ": neither given nor to be read from the tensors' shapes");
    }
    for (const auto& [name, tower] : {std::pair("vision", &vision), std::pair("text", &text)}) {
        if (tower->heads <= 0 || (tower->width > 0 && tower->width % tower->heads != 0))
            problems.push_back(std::string(name) +
                               "_config.num_attention_heads: " + std::to_string(tower->heads) +
                               " does not divide the width " + std::to_string(tower->width));
    }
    if (vision.patch > 0 && vision.imageSize % vision.patch != 0)
        problems.push_back("vision_config.image_size: " + std::to_string(vision.imageSize) +
                           " is no multiple of the patch size " + std::to_string(vision.patch));
    if (text.context == 1)
        problems.emplace_back("text_config.max_position_embeddings: must be 2 or more");
    return problems;
}

Failure unusable(std::string_view source, const std::vector<std::string>& problems)
{
    std::string message = "unusable model configuration: " + std::string(source);
    for (const std::string& problem : problems)
        message += "\n  " + problem;
    return fail(ErrorCode::Data, message, "take config.json from the same source as the weights");
}

void readTower(JsonReader& reader, TowerConfig& tower, int64_t defaultHeads)
{
    const auto size = [&](std::string_view key, int64_t fallback, int64_t most = kMaxSize) {
        return reader.integer(key, fallback, 1, most);
    };
    tower.width = size("hidden_size", tower.width);
    tower.layers = size("num_hidden_layers", tower.layers, kMaxLayers);
    tower.mlp = size("intermediate_size", tower.mlp);
    tower.heads = size("num_attention_heads", defaultHeads);
    const std::string activation = reader.oneOf("hidden_act", "quick_gelu", {"quick_gelu", "gelu"});
    tower.activation = activation == "gelu" ? Activation::Gelu : Activation::QuickGelu;
    reader.number("layer_norm_eps", kLayerNormEps, kLayerNormEps, kLayerNormEps);
}

Json towerToJson(const TowerConfig& tower)
{
    return {{"hidden_size", tower.width},
            {"intermediate_size", tower.mlp},
            {"num_hidden_layers", tower.layers},
            {"num_attention_heads", tower.heads},
            {"hidden_act", nameOf(tower.activation)},
            {"layer_norm_eps", kLayerNormEps},
            {"attention_dropout", 0.0}};
}

class Expectation
{
public:
    std::vector<ExpectedTensor> tensors;

    void add(const std::string& name, Shape shape) { tensors.push_back({name, std::move(shape)}); }
    void addPair(const std::string& prefix, Shape weight)
    {
        const int64_t rows = weight[0];
        add(prefix + ".weight", std::move(weight));
        add(prefix + ".bias", {rows});
    }
    void addBlocks(const std::string& tower, const TowerConfig& config)
    {
        const int64_t width = config.width;
        for (int64_t i = 0; i < config.layers; ++i) {
            const std::string layer = tower + "encoder.layers." + std::to_string(i) + ".";
            addPair(layer + "layer_norm1", {width});
            addPair(layer + "layer_norm2", {width});
            for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"})
                addPair(layer + "self_attn." + part, {width, width});
            addPair(layer + "mlp.fc1", {config.mlp, width});
            addPair(layer + "mlp.fc2", {width, config.mlp});
        }
    }
};

/// "3 missing: a, b, c\n", at most 10 names.
std::string listed(const char* kind, const std::vector<std::string>& names)
{
    constexpr size_t kShown = 10;
    if (names.empty())
        return {};
    std::string text = "\n  " + std::to_string(names.size()) + " " + kind + ":";
    for (size_t i = 0; i < std::min(kShown, names.size()); ++i)
        text += (i ? ", " : " ") + names[i];
    return names.size() > kShown ? text + ", …" : text;
}

} // namespace

std::string_view nameOf(Activation activation)
{
    return activation == Activation::Gelu ? "gelu" : "quick_gelu";
}

Result<ClipConfig> inferConfig(const TensorMap& tensors)
{
    ClipConfig config = sizesOf(tensors);
    config.vision.heads = config.vision.width / kHeadWidth;
    config.text.heads = config.text.width / kHeadWidth;
    const std::vector<std::string> problems = problemsOf(config);
    if (!problems.empty())
        return unusable("generated from the tensors' shapes, heads = width/64", problems);
    return config;
}

Result<ClipConfig> configFromJson(const Json& json, const TensorMap& tensors,
                                  std::string_view source)
{
    if (!json.is_object())
        return unusable(source, {"expected an object"});
    ClipConfig config = sizesOf(tensors);
    std::vector<std::string> errors;
    JsonReader reader(json, "", errors);
    config.projection = reader.integer("projection_dim", config.projection, 1, kMaxSize);
    JsonReader vision(reader.object("vision_config"), "vision_config", errors);
    readTower(vision, config.vision, kVisionHeads);
    config.vision.patch = vision.integer("patch_size", config.vision.patch, 1, kMaxSize);
    config.vision.imageSize = vision.integer("image_size", config.vision.imageSize, 1, kMaxSize);
    JsonReader text(reader.object("text_config"), "text_config", errors);
    readTower(text, config.text, kTextHeads);
    config.text.context = text.integer("max_position_embeddings", config.text.context, 1, kMaxSize);
    config.text.vocabulary = text.integer("vocab_size", config.text.vocabulary, 1, kMaxSize);
    if (errors.empty())
        errors = problemsOf(config);
    if (!errors.empty())
        return unusable(source, errors);
    return config;
}

Json configToJson(const ClipConfig& config)
{
    Json vision = towerToJson(config.vision);
    vision["model_type"] = "clip_vision_model";
    vision["image_size"] = config.vision.imageSize;
    vision["patch_size"] = config.vision.patch;
    vision["num_channels"] = 3;
    vision["projection_dim"] = config.projection;
    Json text = towerToJson(config.text);
    text["model_type"] = "clip_text_model";
    text["vocab_size"] = config.text.vocabulary;
    text["max_position_embeddings"] = config.text.context;
    text["bos_token_id"] = config.text.vocabulary - 2;
    text["eos_token_id"] = config.text.vocabulary - 1;
    text["pad_token_id"] = 0;
    text["projection_dim"] = config.projection;
    return {{"architectures", Json::array({"CLIPModel"})},
            {"model_type", "clip"},
            {"projection_dim", config.projection},
            {"text_config", std::move(text)},
            {"torch_dtype", "float32"},
            {"vision_config", std::move(vision)}};
}

std::vector<ExpectedTensor> expectedTensors(const ClipConfig& config)
{
    const TowerConfig& vision = config.vision;
    const TowerConfig& text = config.text;
    const int64_t side = vision.imageSize / vision.patch;
    Expectation expected;
    expected.add("logit_scale", {});
    expected.add(kVision + "embeddings.class_embedding", {vision.width});
    expected.add(kVision + "embeddings.patch_embedding.weight",
                 {vision.width, 3, vision.patch, vision.patch});
    expected.add(kVision + "embeddings.position_embedding.weight", {side * side + 1, vision.width});
    expected.addPair(kVision + "pre_layrnorm", {vision.width});
    expected.addPair(kVision + "post_layernorm", {vision.width});
    expected.addBlocks(kVision, vision);
    expected.add("visual_projection.weight", {config.projection, vision.width});
    expected.add(kText + "embeddings.token_embedding.weight", {text.vocabulary, text.width});
    expected.add(kText + "embeddings.position_embedding.weight", {text.context, text.width});
    expected.addPair(kText + "final_layer_norm", {text.width});
    expected.addBlocks(kText, text);
    expected.add("text_projection.weight", {config.projection, text.width});
    std::sort(expected.tensors.begin(), expected.tensors.end(),
              [](const ExpectedTensor& a, const ExpectedTensor& b) { return a.name < b.name; });
    return std::move(expected.tensors);
}

TensorDifferences compareTensors(const ClipConfig& config, const TensorMap& tensors)
{
    TensorDifferences differences;
    auto actual = tensors.begin();
    for (const ExpectedTensor& expected : expectedTensors(config)) {
        for (; actual != tensors.end() && actual->first < expected.name; ++actual)
            differences.unexpected.push_back(actual->first);
        if (actual == tensors.end() || actual->first != expected.name) {
            differences.missing.push_back(expected.name);
            continue;
        }
        if (actual->second.shape != expected.shape)
            differences.misshaped.push_back(expected.name + ": expected " +
                                            shapeText(expected.shape) + ", got " +
                                            shapeText(actual->second.shape));
        ++actual;
    }
    for (; actual != tensors.end(); ++actual)
        differences.unexpected.push_back(actual->first);
    return differences;
}

Result<void> refuseDifferences(const TensorDifferences& differences, std::string_view source)
{
    const std::string list = listed("missing", differences.missing) +
                             listed("unexpected", differences.unexpected) +
                             listed("with a wrong shape", differences.misshaped);
    if (list.empty())
        return {};
    return fail(ErrorCode::Data, "tensors do not fit the model: " + std::string(source) + list,
                "take weights and config.json from the same source");
}

int64_t parameterCount(const ClipConfig& config)
{
    int64_t count = 0;
    for (const ExpectedTensor& tensor : expectedTensors(config))
        count += elementCount(tensor.shape).value_or(0);
    return count;
}

} // namespace clwb::weights
