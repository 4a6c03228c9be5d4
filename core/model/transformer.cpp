// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/transformer.h"

#include "core/model/activation.h"

#include <ATen/ATen.h>

namespace clwb::model
{
namespace
{

at::Tensor linear(const Parameters& parameters, const std::string& name, const at::Tensor& x)
{
    return at::linear(x, parameter(parameters, name + ".weight"),
                      parameter(parameters, name + ".bias"));
}

/// x ⊙ scale where the parameter exists, x itself where it does not.
at::Tensor scaled(const Parameters& parameters, const std::string& name, const at::Tensor& x)
{
    const auto found = parameters.find(name);
    return found == parameters.end() ? x : x * found->second;
}

at::Tensor attention(const Parameters& parameters, const std::string& name, int64_t heads,
                     const at::Tensor& x, Mask mask)
{
    const int64_t batch = x.size(0);
    const int64_t tokens = x.size(1);
    const int64_t width = x.size(2);
    const auto split = [&](const at::Tensor& t) {
        return t.view({batch, tokens, heads, width / heads}).transpose(1, 2);
    };
    const at::Tensor q = split(linear(parameters, name + ".q_proj", x));
    const at::Tensor k = split(linear(parameters, name + ".k_proj", x));
    const at::Tensor v = split(linear(parameters, name + ".v_proj", x));
    const at::Tensor mixed =
        at::scaled_dot_product_attention(q, k, v, {}, 0.0, mask == Mask::Causal);
    return linear(parameters, name + ".out_proj",
                  mixed.transpose(1, 2).reshape({batch, tokens, width}));
}

} // namespace

at::Tensor layerNorm(const Parameters& parameters, const std::string& name, const at::Tensor& x)
{
    return at::layer_norm(x, {x.size(-1)}, parameter(parameters, name + ".weight"),
                          parameter(parameters, name + ".bias"), 1e-5);
}

at::Tensor runBlocks(const Parameters& parameters, const std::string& prefix,
                     const weights::TowerConfig& config, at::Tensor x, Mask mask)
{
    for (int64_t layer = 0; layer < config.layers; ++layer) {
        const std::string block = prefix + ".layers." + std::to_string(layer);
        at::Tensor attended = attention(parameters, block + ".self_attn", config.heads,
                                        layerNorm(parameters, block + ".layer_norm1", x), mask);
        x = x + scaled(parameters, block + ".rkr_attn_scale", attended);
        at::Tensor hidden = linear(parameters, block + ".mlp.fc1",
                                   layerNorm(parameters, block + ".layer_norm2", x));
        at::Tensor output =
            linear(parameters, block + ".mlp.fc2", activate(hidden, config.activation));
        x = x + scaled(parameters, block + ".rkr_mlp_scale", output);
        x = scaled(parameters, block + ".rkr_scale", x);
    }
    return x;
}

at::Tensor unitRows(const at::Tensor& x)
{
    return x / at::norm(x, 2, {-1}, true);
}

} // namespace clwb::model
