// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/initialize.h"

#include "core/base/random_stream.h"
#include "core/model/trainable.h"

#include <ATen/ATen.h>

#include <cmath>
#include <string>

namespace clwb::model
{
namespace
{

class Initializer
{
public:
    explicit Initializer(uint64_t seed)
        : m_seed(seed)
    {}

    void normal(const std::string& name, at::IntArrayRef shape, double deviation)
    {
        at::Tensor tensor = at::empty(shape, at::kFloat);
        RandomStream stream = RandomStream::named(m_seed, "initialisation/" + name);
        auto* values = tensor.mutable_data_ptr<float>();
        for (int64_t i = 0; i < tensor.numel(); ++i)
            values[i] = static_cast<float>(deviation * stream.normal());
        m_parameters[name] = tensor;
    }

    void constant(const std::string& name, at::IntArrayRef shape, double value)
    {
        m_parameters[name] = at::full(shape, value, at::kFloat);
    }

    void layerNorm(const std::string& name, int64_t width)
    {
        constant(name + ".weight", {width}, 1);
        constant(name + ".bias", {width}, 0);
    }

    void linear(const std::string& name, int64_t out, int64_t in, double deviation)
    {
        normal(name + ".weight", {out, in}, deviation);
        constant(name + ".bias", {out}, 0);
    }

    void blocks(const std::string& prefix, const weights::TowerConfig& tower)
    {
        const int64_t w = tower.width;
        const double narrow = std::pow(static_cast<double>(w), -0.5);
        // Outputs that add to the residual stream shrink with depth.
        const double residual = narrow * std::pow(2.0 * static_cast<double>(tower.layers), -0.5);
        const double hidden = std::pow(2.0 * static_cast<double>(w), -0.5);
        for (int64_t layer = 0; layer < tower.layers; ++layer) {
            const std::string block = prefix + ".layers." + std::to_string(layer);
            for (const char* projection : {".q_proj", ".k_proj", ".v_proj"})
                linear(block + ".self_attn" + projection, w, w, narrow);
            linear(block + ".self_attn.out_proj", w, w, residual);
            layerNorm(block + ".layer_norm1", w);
            layerNorm(block + ".layer_norm2", w);
            linear(block + ".mlp.fc1", tower.mlp, w, hidden);
            linear(block + ".mlp.fc2", w, tower.mlp, residual);
        }
    }

    Parameters take() { return std::move(m_parameters); }

private:
    uint64_t m_seed;
    Parameters m_parameters;
};

} // namespace

Parameters randomParameters(const weights::ClipConfig& config, uint64_t seed, double logitScale)
{
    Initializer init(seed);
    const weights::TowerConfig& vision = config.vision;
    const weights::TowerConfig& text = config.text;
    const int64_t grid = vision.imageSize / vision.patch;
    const double visionScale = std::pow(static_cast<double>(vision.width), -0.5);
    const double textScale = std::pow(static_cast<double>(text.width), -0.5);

    init.normal("vision_model.embeddings.class_embedding", {vision.width}, visionScale);
    init.normal("vision_model.embeddings.patch_embedding.weight",
                {vision.width, 3, vision.patch, vision.patch}, 0.02);
    init.normal("vision_model.embeddings.position_embedding.weight",
                {grid * grid + 1, vision.width}, visionScale);
    init.layerNorm("vision_model.pre_layrnorm", vision.width);
    init.blocks("vision_model.encoder", vision);
    init.layerNorm("vision_model.post_layernorm", vision.width);
    init.normal("visual_projection.weight", {config.projection, vision.width}, visionScale);

    init.normal("text_model.embeddings.token_embedding.weight", {text.vocabulary, text.width},
                0.02);
    init.normal("text_model.embeddings.position_embedding.weight", {text.context, text.width},
                0.01);
    init.blocks("text_model.encoder", text);
    init.layerNorm("text_model.final_layer_norm", text.width);
    init.normal("text_projection.weight", {config.projection, text.width}, textScale);
    init.constant(kLogitScale, {}, logitScale);
    return init.take();
}

} // namespace clwb::model
