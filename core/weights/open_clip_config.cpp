// SPDX-License-Identifier: GPL-3.0-or-later
// The part of open_clip's configuration that tensors cannot tell, put into Hugging Face's keys.
#include "core/weights/open_clip_config.h"

namespace clwb::weights
{

Result<OpenClipConfig> openClipConfigFromJson(const Json& json, const TensorMap& tensors,
                                              std::string_view source)
{
    constexpr int64_t kMaxSize = 1'000'000;
    std::vector<std::string> errors;
    if (!json.is_object())
        return fail(ErrorCode::Data,
                    "unusable model configuration: " + std::string(source) + ": no object");
    JsonReader document(json, "", errors);
    JsonReader model(document.object("model_cfg"), "model_cfg", errors);
    JsonReader vision(model.object("vision_cfg"), "vision_cfg", errors);
    JsonReader text(model.object("text_cfg"), "text_cfg", errors);
    const char* activation = model.boolean("quick_gelu", false) ? "quick_gelu" : "gelu";
    const int64_t headWidth = vision.integer("head_width", 64, 1, kMaxSize);
    const int64_t textHeads = text.integer("heads", 8, 1, kMaxSize);
    const auto patches = tensors.find("vision_model.embeddings.patch_embedding.weight");
    const int64_t width = patches == tensors.end() || patches->second.shape.empty()
                              ? headWidth
                              : patches->second.shape[0];
    if (!errors.empty())
        return fail(ErrorCode::Data,
                    "unusable model configuration: " + std::string(source) + ": " + errors.front());
    const Json huggingFace{
        {"text_config", {{"num_attention_heads", textHeads}, {"hidden_act", activation}}},
        {"vision_config",
         {{"num_attention_heads", std::max<int64_t>(1, width / headWidth)},
          {"hidden_act", activation}}}};
    OpenClipConfig config;
    CLWB_ASSIGN(config.clip, configFromJson(huggingFace, tensors, source));
    const Json& pixels = document.object("preprocess_cfg");
    Json preprocessing = Json::object();
    for (const auto& [theirs, ours] : {std::pair("mean", "image_mean"), {"std", "image_std"}}) {
        if (pixels.contains(theirs))
            preprocessing[ours] = pixels[theirs];
    }
    CLWB_ASSIGN(
        config.preprocess,
        preprocessFromJson(preprocessing, static_cast<int>(config.clip.vision.imageSize), source));
    return config;
}

} // namespace clwb::weights
