// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/clip.h"

#include "core/base/json.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace clwb::replay
{
namespace
{

constexpr double kNormEpsilon = 1e-5;

at::Tensor layerNorm(const Tensors& weights, const std::string& name, const at::Tensor& x)
{
    return at::layer_norm(x, {x.size(-1)}, weights.at(name + ".weight"), weights.at(name + ".bias"),
                          kNormEpsilon);
}

at::Tensor affine(const Tensors& weights, const std::string& name, const at::Tensor& x)
{
    return at::matmul(x, weights.at(name + ".weight").t()) + weights.at(name + ".bias");
}

/// x ⊙ s where the model has this scale.
at::Tensor scaled(const Tensors& weights, const std::string& name, const at::Tensor& x)
{
    const auto scale = weights.find(name);
    return scale == weights.end() ? x : x * scale->second;
}

at::Tensor activated(const Tower& tower, const at::Tensor& x)
{
    if (tower.isQuickGelu)
        return x * at::sigmoid(1.702 * x);
    return 0.5 * x * (1.0 + at::erf(x / std::sqrt(2.0)));
}

/// softmax(q·kᵀ/√d + mask)·v for each head. @param x [N, T, width]
at::Tensor attention(const Tower& tower, const Tensors& weights, const std::string& name,
                     const at::Tensor& x, const at::Tensor& mask)
{
    const int64_t batch = x.size(0);
    const int64_t length = x.size(1);
    const int64_t size = x.size(2) / tower.heads;
    const auto heads = [&](const char* part) {
        return affine(weights, name + part, x)
            .reshape({batch, length, tower.heads, size})
            .transpose(1, 2);
    };
    at::Tensor scores = at::matmul(heads(".q_proj"), heads(".k_proj").transpose(2, 3)) /
                        std::sqrt(static_cast<double>(size));
    if (mask.defined())
        scores = scores + mask;
    const at::Tensor mixed = at::matmul(at::softmax(scores, -1), heads(".v_proj"));
    return affine(weights, name + ".out_proj",
                  mixed.transpose(1, 2).reshape({batch, length, x.size(2)}));
}

at::Tensor transformer(const Tower& tower, const Tensors& weights, const std::string& prefix,
                       at::Tensor x, const at::Tensor& mask = {})
{
    for (int64_t i = 0; i < tower.layers; ++i) {
        const std::string layer = prefix + ".encoder.layers." + std::to_string(i);
        const at::Tensor mixed = attention(tower, weights, layer + ".self_attn",
                                           layerNorm(weights, layer + ".layer_norm1", x), mask);
        x = x + scaled(weights, layer + ".rkr_attn_scale", mixed);
        const at::Tensor inner =
            affine(weights, layer + ".mlp.fc1", layerNorm(weights, layer + ".layer_norm2", x));
        const at::Tensor outer = affine(weights, layer + ".mlp.fc2", activated(tower, inner));
        x = x + scaled(weights, layer + ".rkr_mlp_scale", outer);
        x = scaled(weights, layer + ".rkr_scale", x);
    }
    return x;
}

at::Tensor normalised(const at::Tensor& rows)
{
    return rows / (rows * rows).sum(-1, true).sqrt();
}

int64_t countLayers(const Tensors& weights, const std::string& prefix)
{
    int64_t count = 0;
    while (
        weights.contains(prefix + ".encoder.layers." + std::to_string(count) + ".mlp.fc1.weight"))
        ++count;
    return count;
}

Tower readTower(const Json& config, const char* part, int64_t heads)
{
    Tower tower;
    const Json section = config.value(part, Json::object());
    tower.heads = section.value("num_attention_heads", heads);
    tower.isQuickGelu = section.value("hidden_act", "quick_gelu") == "quick_gelu";
    return tower;
}

} // namespace

Result<Clip> readClip(const std::filesystem::path& modelFolder, const Tensors& weights)
{
    CLWB_ASSIGN(const Json config, readJsonFile(modelFolder / "config.json"));
    Clip clip;
    clip.vision = readTower(config, "vision_config", 12);
    clip.text = readTower(config, "text_config", 8);
    clip.vision.layers = countLayers(weights, "vision_model");
    clip.text.layers = countLayers(weights, "text_model");
    if (clip.vision.layers == 0 || clip.text.layers == 0)
        return fail(ErrorCode::Data, modelFolder.string() + ": a tower has no layers");
    return clip;
}

at::Tensor imageFeatures(const Clip& clip, const Tensors& weights, const at::Tensor& pixels)
{
    const std::string embeddings = "vision_model.embeddings.";
    const at::Tensor& filters = weights.at(embeddings + "patch_embedding.weight");
    const int64_t patch = filters.size(-1);
    const int64_t width = filters.size(0);
    // A convolution whose stride is its size is one product with each patch.
    const at::Tensor patches = pixels.unfold(2, patch, patch)
                                   .unfold(3, patch, patch)
                                   .permute({0, 2, 3, 1, 4, 5})
                                   .reshape({pixels.size(0), -1, 3 * patch * patch});
    const at::Tensor tokens = at::matmul(patches, filters.reshape({width, -1}).t());
    const at::Tensor start = weights.at(embeddings + "class_embedding")
                                 .reshape({1, 1, width})
                                 .expand({pixels.size(0), 1, width});
    at::Tensor x =
        at::cat({start, tokens}, 1) + weights.at(embeddings + "position_embedding.weight");
    x = layerNorm(weights, "vision_model.pre_layrnorm", x);
    x = transformer(clip.vision, weights, "vision_model", x).select(1, 0);
    x = layerNorm(weights, "vision_model.post_layernorm", x);
    return normalised(at::matmul(x, weights.at("visual_projection.weight").t()));
}

at::Tensor textFeatures(const Clip& clip, const Tensors& weights, const at::Tensor& ids)
{
    const std::string embeddings = "text_model.embeddings.";
    const int64_t length = ids.size(1);
    at::Tensor x = weights.at(embeddings + "token_embedding.weight")
                       .index_select(0, ids.reshape({-1}))
                       .reshape({ids.size(0), length, -1});
    x = x + weights.at(embeddings + "position_embedding.weight").slice(0, 0, length);
    const at::Tensor mask =
        at::full({length, length}, -std::numeric_limits<double>::infinity(), x.options()).triu(1);
    x = transformer(clip.text, weights, "text_model", x, mask);
    x = layerNorm(weights, "text_model.final_layer_norm", x);
    // The end token has the largest id; of several the first counts.
    const at::Tensor last = ids.argmax(1).reshape({-1, 1, 1}).expand({-1, 1, x.size(2)});
    x = x.gather(1, last).squeeze(1);
    return normalised(at::matmul(x, weights.at("text_projection.weight").t()));
}

} // namespace clwb::replay
