// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/text_tower.h"

#include "core/base/check.h"
#include "core/model/transformer.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace clwb::model
{
namespace
{

struct PaddedTokens
{
    at::Tensor ids;          ///< [N, L] int64, zero padded
    at::Tensor readPosition; ///< [N] int64, first position of the largest id (EOT)
};

PaddedTokens pad(const Sentences& sentences, int64_t context, ContextCrop crop)
{
    CLWB_CHECK(!sentences.empty());
    size_t longest = 1;
    for (const auto& sentence : sentences) {
        CLWB_CHECK(!sentence.empty() && static_cast<int64_t>(sentence.size()) <= context,
                   "sentence of ", sentence.size(), " tokens, context ", context);
        longest = std::max(longest, sentence.size());
    }
    const auto count = static_cast<int64_t>(sentences.size());
    const int64_t length = crop == ContextCrop::Full ? context : static_cast<int64_t>(longest);
    PaddedTokens padded{at::zeros({count, length}, at::kLong), at::empty({count}, at::kLong)};
    auto* ids = padded.ids.mutable_data_ptr<int64_t>();
    auto* positions = padded.readPosition.mutable_data_ptr<int64_t>();
    for (size_t row = 0; row < sentences.size(); ++row) {
        const auto& sentence = sentences[row];
        std::copy(sentence.begin(), sentence.end(), ids + static_cast<int64_t>(row) * length);
        positions[row] = std::max_element(sentence.begin(), sentence.end()) - sentence.begin();
    }
    return padded;
}

} // namespace

at::Tensor encodeTexts(const Parameters& parameters, const weights::ClipConfig& config,
                       const Sentences& sentences, ContextCrop crop)
{
    const at::Tensor& table = parameter(parameters, "text_model.embeddings.token_embedding.weight");
    const at::Tensor& positions =
        parameter(parameters, "text_model.embeddings.position_embedding.weight");
    PaddedTokens tokens = pad(sentences, config.text.context, crop);
    const int64_t length = tokens.ids.size(1);

    at::Tensor x =
        at::embedding(table, tokens.ids.to(table.device())) + positions.narrow(0, 0, length);
    x = runBlocks(parameters, "text_model.encoder", config.text, std::move(x), Mask::Causal);
    // One row a sentence is read, so the final LayerNorm need not see the others.
    const at::Tensor rows = at::arange(x.size(0), x.options().dtype(at::kLong));
    x = at::index(x, {rows, tokens.readPosition.to(x.device())});
    x = layerNorm(parameters, "text_model.final_layer_norm", x);
    x = at::linear(x, parameter(parameters, "text_projection.weight"));
    return unitRows(x.to(at::kFloat));
}

} // namespace clwb::model
