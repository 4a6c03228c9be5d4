// SPDX-License-Identifier: GPL-3.0-or-later
// The name table of CLIP's three namings; tensors are moved, only in_proj and projections are
// copied.
#include "core/weights/name_maps.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace clwb::weights
{
namespace
{

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 13> kFixedNames{{
    {"logit_scale", "logit_scale"},
    {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
    {"visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"},
    {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
    {"visual.ln_pre.weight", "vision_model.pre_layrnorm.weight"},
    {"visual.ln_pre.bias", "vision_model.pre_layrnorm.bias"},
    {"visual.ln_post.weight", "vision_model.post_layernorm.weight"},
    {"visual.ln_post.bias", "vision_model.post_layernorm.bias"},
    {"token_embedding.weight", "text_model.embeddings.token_embedding.weight"},
    {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
    {"ln_final.weight", "text_model.final_layer_norm.weight"},
    {"ln_final.bias", "text_model.final_layer_norm.bias"},
    {"text_projection.weight", "text_projection.weight"}, // open_clip's variant as a linear layer
}};

constexpr std::array<Pair, 2> kTransposedNames{{
    {"visual.proj", "visual_projection.weight"},
    {"text_projection", "text_projection.weight"},
}};

constexpr std::array<Pair, 2> kBlockPrefixes{{
    {"visual.transformer.resblocks.", "vision_model.encoder.layers."},
    {"transformer.resblocks.", "text_model.encoder.layers."},
}};

constexpr std::array<Pair, 5> kBlockParts{{
    {"ln_1", "layer_norm1"},
    {"ln_2", "layer_norm2"},
    {"mlp.c_fc", "mlp.fc1"},
    {"mlp.c_proj", "mlp.fc2"},
    {"attn.out_proj", "self_attn.out_proj"},
}};

/// Where a tensor goes: one name, or q, k, v below `layer`.
struct Target
{
    std::string name;
    bool transpose = false;
    bool splitThree = false; ///< `name` is then "….self_attn.?_proj.weight" with ? to fill in
};

/// "12.ln_1.weight" of a block prefix; nothing for names outside the table.
std::optional<Target> blockTarget(std::string_view rest, std::string_view newPrefix)
{
    const size_t dot = rest.find('.');
    if (dot == 0 || dot == std::string_view::npos ||
        rest.substr(0, dot).find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    const std::string layer = std::string(newPrefix) + std::string(rest.substr(0, dot + 1));
    const std::string_view part = rest.substr(dot + 1);
    if (part == "attn.in_proj_weight")
        return Target{layer + "self_attn.?_proj.weight", false, true};
    if (part == "attn.in_proj_bias")
        return Target{layer + "self_attn.?_proj.bias", false, true};
    for (const auto& [old, renamed] : kBlockParts) {
        for (const std::string_view kind : {".weight", ".bias"}) {
            if (part == std::string(old) + std::string(kind))
                return Target{layer + std::string(renamed) + std::string(kind)};
        }
    }
    return std::nullopt;
}

/// Target of a name in OpenAI's naming.
std::optional<Target> targetOf(std::string_view name)
{
    for (const auto& [old, renamed] : kFixedNames) {
        if (name == old)
            return Target{std::string(renamed)};
    }
    for (const auto& [old, renamed] : kTransposedNames) {
        if (name == old)
            return Target{std::string(renamed), true};
    }
    for (const auto& [old, renamed] : kBlockPrefixes) {
        if (name.starts_with(old))
            return blockTarget(name.substr(old.size()), renamed);
    }
    return std::nullopt;
}

Failure wrongShape(const std::string& name, const Shape& shape, const std::string& expected)
{
    return fail(ErrorCode::Data, "wrong tensor: \"" + name + "\": expected " + expected +
                                     ", got shape " + shapeText(shape));
}

Result<HostTensor> transposed(const std::string& name, const HostTensor& tensor)
{
    if (tensor.shape.size() != 2)
        return wrongShape(name, tensor.shape, "two dimensions");
    const auto rows = static_cast<size_t>(tensor.shape[0]);
    const auto columns = static_cast<size_t>(tensor.shape[1]);
    HostTensor result{{tensor.shape[1], tensor.shape[0]}, std::vector<float>(tensor.values.size())};
    for (size_t r = 0; r < rows; ++r) {
        for (size_t c = 0; c < columns; ++c)
            result.values[c * rows + r] = tensor.values[r * columns + c];
    }
    return result;
}

class Renamer
{
public:
    Renamer(TensorMap& tensors, NameReport& report)
        : m_old(tensors)
        , m_report(report)
    {}

    Result<void> run()
    {
        while (!m_old.empty()) {
            auto node = m_old.extract(m_old.begin());
            CLWB_TRY(place(node.key(), std::move(node.mapped())));
        }
        m_old = std::move(m_new);
        return {};
    }

private:
    Result<void> place(const std::string& original, HostTensor tensor)
    {
        std::string name = original;
        if (name.starts_with("module."))
            name.erase(0, 7);
        if (isIgnoredBuffer(name)) {
            m_report.ignored.push_back(original);
            return {};
        }
        if (m_report.style == NameStyle::CustomText && name.starts_with("text."))
            name.erase(0, 5);
        if (name == "logit_scale" && tensor.shape == Shape{1})
            tensor.shape.clear();
        if (m_report.style == NameStyle::HuggingFace)
            return put(name, std::move(tensor));
        const auto target = targetOf(name);
        if (!target) {
            m_report.unknown.push_back(original);
            return {};
        }
        if (target->splitThree)
            return split(original, target->name, tensor);
        if (target->transpose) {
            CLWB_ASSIGN(tensor, transposed(original, tensor));
        }
        return put(target->name, std::move(tensor));
    }

    Result<void> put(const std::string& name, HostTensor tensor)
    {
        if (!m_new.emplace(name, std::move(tensor)).second)
            return fail(ErrorCode::Data, "two tensors give \"" + name + "\"");
        return {};
    }

    Result<void> split(const std::string& original, const std::string& pattern,
                       const HostTensor& tensor)
    {
        if (tensor.shape.empty() || tensor.shape[0] % 3 != 0)
            return wrongShape(original, tensor.shape, "3·width rows");
        Shape shape = tensor.shape;
        shape[0] /= 3;
        const size_t part = tensor.values.size() / 3;
        for (size_t i = 0; i < 3; ++i) {
            std::string name = pattern;
            name[name.find('?')] = "qkv"[i];
            const auto begin = tensor.values.begin() + static_cast<std::ptrdiff_t>(i * part);
            CLWB_TRY(put(name, {shape, {begin, begin + static_cast<std::ptrdiff_t>(part)}}));
        }
        return {};
    }

    TensorMap& m_old;
    TensorMap m_new;
    NameReport& m_report;
};

std::optional<NameStyle> styleOf(const TensorMap& tensors)
{
    const auto has = [&](const std::string& name) {
        return tensors.contains(name) || tensors.contains("module." + name);
    };
    if (has("text.token_embedding.weight"))
        return NameStyle::CustomText;
    if (has("token_embedding.weight") || has("visual.class_embedding") ||
        has("visual.conv1.weight"))
        return NameStyle::OpenAi;
    for (const auto& [name, tensor] : tensors) {
        if (name.find("vision_model.") != std::string::npos ||
            name.find("text_model.") != std::string::npos)
            return NameStyle::HuggingFace;
    }
    return std::nullopt;
}

} // namespace

std::string_view nameOf(NameStyle style)
{
    switch (style) {
    case NameStyle::HuggingFace:
        return "Hugging Face";
    case NameStyle::OpenAi:
        return "OpenAI / open_clip";
    case NameStyle::CustomText:
        break;
    }
    return "open_clip with a separate text tower";
}

bool isIgnoredBuffer(std::string_view name)
{
    constexpr std::array<std::string_view, 5> kBuffers{
        "position_ids", "attn_mask", "input_resolution", "context_length", "vocab_size"};
    const std::string_view last = name.substr(name.rfind('.') + 1);
    return std::find(kBuffers.begin(), kBuffers.end(), last) != kBuffers.end();
}

Result<NameReport> toHuggingFaceNames(TensorMap& tensors)
{
    const auto style = styleOf(tensors);
    if (!style)
        return fail(ErrorCode::Data,
                    "no CLIP model: none of its " + std::to_string(tensors.size()) +
                        " tensor names belongs to CLIP" +
                        (tensors.empty() ? "" : ", first \"" + tensors.begin()->first + "\""),
                    "give a CLIP model with Hugging Face, OpenAI or open_clip names");
    NameReport report{*style, {}, {}};
    for (const auto& [name, tensor] : tensors) {
        if (name.find("visual.layer1.") != std::string::npos)
            return fail(ErrorCode::Data,
                        "unsupported model: its image tower is a ResNet (\"" + name + "\")",
                        "give a CLIP model with a vision transformer, such as ViT-B/32");
    }
    CLWB_TRY(Renamer(tensors, report).run());
    return report;
}

} // namespace clwb::weights
