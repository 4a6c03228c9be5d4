// SPDX-License-Identifier: GPL-3.0-or-later
// Both towers as loops over doubles: slow, and plain enough to check against the formulas by eye.
#pragma once

#include "core/model/parameters.h"
#include "core/weights/clip_config.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace clwb::model
{

using Rows = std::vector<std::vector<double>>;

inline double numberAt(const Parameters& parameters, const std::string& name, size_t index)
{
    return static_cast<double>(parameters.at(name).const_data_ptr<float>()[index]);
}

inline Rows naiveLinear(const Parameters& p, const std::string& name, const Rows& x,
                        bool bias = true)
{
    const auto out = static_cast<size_t>(p.at(name + ".weight").size(0));
    Rows y(x.size(), std::vector<double>(out));
    for (size_t r = 0; r < x.size(); ++r) {
        for (size_t o = 0; o < out; ++o) {
            double sum = bias ? numberAt(p, name + ".bias", o) : 0;
            for (size_t i = 0; i < x[r].size(); ++i)
                sum += numberAt(p, name + ".weight", o * x[r].size() + i) * x[r][i];
            y[r][o] = sum;
        }
    }
    return y;
}

inline Rows naiveNorm(const Parameters& p, const std::string& name, Rows x)
{
    for (auto& row : x) {
        double mean = 0, variance = 0;
        for (const double v : row)
            mean += v / static_cast<double>(row.size());
        for (const double v : row)
            variance += (v - mean) * (v - mean) / static_cast<double>(row.size());
        for (size_t i = 0; i < row.size(); ++i)
            row[i] =
                (row[i] - mean) / std::sqrt(variance + 1e-5) * numberAt(p, name + ".weight", i) +
                numberAt(p, name + ".bias", i);
    }
    return x;
}

inline Rows naiveAttention(const Parameters& p, const std::string& name, size_t heads,
                           const Rows& x, bool causal)
{
    const Rows q = naiveLinear(p, name + ".q_proj", x);
    const Rows k = naiveLinear(p, name + ".k_proj", x);
    const Rows v = naiveLinear(p, name + ".v_proj", x);
    const size_t size = x[0].size() / heads;
    Rows mixed(x.size(), std::vector<double>(x[0].size()));
    for (size_t h = 0; h < heads; ++h) {
        for (size_t r = 0; r < x.size(); ++r) {
            const size_t seen = causal ? r + 1 : x.size();
            std::vector<double> weight(seen);
            double sum = 0;
            for (size_t c = 0; c < seen; ++c) {
                double dot = 0;
                for (size_t i = h * size; i < (h + 1) * size; ++i)
                    dot += q[r][i] * k[c][i];
                weight[c] = std::exp(dot / std::sqrt(static_cast<double>(size)));
                sum += weight[c];
            }
            for (size_t c = 0; c < seen; ++c)
                for (size_t i = h * size; i < (h + 1) * size; ++i)
                    mixed[r][i] += weight[c] / sum * v[c][i];
        }
    }
    return naiveLinear(p, name + ".out_proj", mixed);
}

inline void add(Rows& x, const Rows& y)
{
    for (size_t r = 0; r < x.size(); ++r)
        for (size_t i = 0; i < x[r].size(); ++i)
            x[r][i] += y[r][i];
}

inline Rows naiveBlocks(const Parameters& p, const std::string& prefix,
                        const weights::TowerConfig& tower, Rows x, bool causal)
{
    for (int64_t layer = 0; layer < tower.layers; ++layer) {
        const std::string block = prefix + ".layers." + std::to_string(layer);
        add(x, naiveAttention(p, block + ".self_attn", static_cast<size_t>(tower.heads),
                              naiveNorm(p, block + ".layer_norm1", x), causal));
        Rows hidden = naiveLinear(p, block + ".mlp.fc1", naiveNorm(p, block + ".layer_norm2", x));
        for (auto& row : hidden)
            for (double& v : row)
                v = v / (1 + std::exp(-1.702 * v));
        add(x, naiveLinear(p, block + ".mlp.fc2", hidden));
    }
    return x;
}

inline std::vector<double> unit(std::vector<double> row)
{
    double square = 0;
    for (const double v : row)
        square += v * v;
    for (double& v : row)
        v /= std::sqrt(square);
    return row;
}

/// @param pixels [3, side, side] @return a row of unit length
inline std::vector<double> naiveImage(const Parameters& p, const weights::ClipConfig& config,
                                      const float* pixels)
{
    const auto side = static_cast<size_t>(config.vision.imageSize);
    const auto patch = static_cast<size_t>(config.vision.patch);
    const auto width = static_cast<size_t>(config.vision.width);
    const std::string prefix = "vision_model.embeddings.";
    Rows x(1, std::vector<double>(width));
    for (size_t w = 0; w < width; ++w)
        x[0][w] = numberAt(p, prefix + "class_embedding", w);
    for (size_t top = 0; top < side; top += patch) {
        for (size_t left = 0; left < side; left += patch) {
            std::vector<double> token(width);
            for (size_t w = 0; w < width; ++w)
                for (size_t c = 0; c < 3; ++c)
                    for (size_t i = 0; i < patch; ++i)
                        for (size_t j = 0; j < patch; ++j)
                            token[w] +=
                                numberAt(p, prefix + "patch_embedding.weight",
                                         ((w * 3 + c) * patch + i) * patch + j) *
                                static_cast<double>(pixels[(c * side + top + i) * side + left + j]);
            x.push_back(token);
        }
    }
    for (size_t r = 0; r < x.size(); ++r)
        for (size_t w = 0; w < width; ++w)
            x[r][w] += numberAt(p, prefix + "position_embedding.weight", r * width + w);
    x = naiveBlocks(p, "vision_model.encoder", config.vision,
                    naiveNorm(p, "vision_model.pre_layrnorm", x), false);
    const Rows first = naiveNorm(p, "vision_model.post_layernorm", {x[0]});
    return unit(naiveLinear(p, "visual_projection", first, false)[0]);
}

inline std::vector<double> naiveText(const Parameters& p, const weights::ClipConfig& config,
                                     const std::vector<int32_t>& ids)
{
    const auto width = static_cast<size_t>(config.text.width);
    const std::string prefix = "text_model.embeddings.";
    Rows x;
    for (size_t r = 0; r < ids.size(); ++r) {
        x.emplace_back(width);
        for (size_t w = 0; w < width; ++w)
            x[r][w] = numberAt(p, prefix + "token_embedding.weight",
                               static_cast<size_t>(ids[r]) * width + w) +
                      numberAt(p, prefix + "position_embedding.weight", r * width + w);
    }
    x = naiveNorm(p, "text_model.final_layer_norm",
                  naiveBlocks(p, "text_model.encoder", config.text, x, true));
    return unit(naiveLinear(p, "text_projection", {x.back()}, false)[0]);
}

} // namespace clwb::model
