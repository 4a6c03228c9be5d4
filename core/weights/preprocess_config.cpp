// SPDX-License-Identifier: GPL-3.0-or-later
// Hugging Face's preprocessor_config.json.
#include "core/weights/preprocess_config.h"

#include "core/base/number_text.h"

#include <charconv>
#include <cmath>

namespace clwb::weights
{
namespace
{

constexpr int64_t kMaxSide = 16'384;

/// `key` as a number, {"shortest_edge": n} or {"height": n, "width": n}; `fallback` when absent.
int64_t sideOf(JsonReader& reader, std::string_view key, int64_t fallback,
               std::vector<std::string>& errors)
{
    const Json* value = reader.raw(key);
    if (!value || value->is_null())
        return fallback;
    if (!value->is_object())
        return reader.integer(key, fallback, 1, kMaxSide);
    JsonReader sizes(*value, std::string(key), errors);
    if (sizes.has("shortest_edge"))
        return sizes.integer("shortest_edge", fallback, 1, kMaxSide);
    const int64_t height = sizes.integer("height", fallback, 1, kMaxSide);
    const int64_t width = sizes.integer("width", fallback, 1, kMaxSide);
    if (height != width)
        reader.addError(key, "expected a square, got " + std::to_string(height) + "×" +
                                 std::to_string(width));
    return height;
}

void readColours(JsonReader& reader, std::string_view key, std::array<float, 3>& out)
{
    const Json* value = reader.raw(key);
    if (!value || value->is_null())
        return;
    bool numbers = value->is_array() && value->size() == 3;
    for (size_t i = 0; numbers && i < 3; ++i) {
        numbers = (*value)[i].is_number() && std::isfinite((*value)[i].get<double>());
        if (numbers)
            out[i] = static_cast<float>((*value)[i].get<double>());
    }
    if (!numbers)
        reader.addError(key, "expected three numbers, for red, green and blue");
}

/// The double whose text is the float's shortest text: 0.48145466, not 0.48145467042922974.
double shortestDouble(float value)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return parseDouble(std::string_view(text.data(), static_cast<size_t>(end - text.data())))
        .value_or(value);
}

/// Steps that CLIP takes and this program cannot leave out.
void requireSteps(JsonReader& reader)
{
    for (const char* key : {"do_resize", "do_center_crop", "do_normalize"}) {
        if (!reader.boolean(key, true))
            reader.addError(key, "is false, only true is supported");
    }
    constexpr int64_t kBicubic = 3; // Pillow's number of the filter
    reader.integer("resample", kBicubic, kBicubic, kBicubic);
}

} // namespace

Result<PreprocessConfig> preprocessFromJson(const Json& json, int imageSize,
                                            std::string_view source)
{
    std::vector<std::string> errors;
    PreprocessConfig config;
    if (!json.is_object()) {
        errors.emplace_back("expected an object");
    } else {
        JsonReader reader(json, "", errors);
        const int64_t crop = sideOf(reader, "crop_size", imageSize, errors);
        const int64_t size = sideOf(reader, "size", crop, errors);
        if (size != crop || crop != imageSize)
            errors.push_back("size " + std::to_string(size) + ", crop_size " +
                             std::to_string(crop) + ": expected the model's image size " +
                             std::to_string(imageSize) + " for both");
        readColours(reader, "image_mean", config.mean);
        readColours(reader, "image_std", config.std);
        for (const float deviation : config.std) {
            if (!(deviation > 0.0f))
                reader.addError("image_std", "expected numbers above 0");
        }
        requireSteps(reader);
    }
    config.size = imageSize;
    if (errors.empty())
        return config;
    std::string message = "unusable image preprocessing: " + std::string(source);
    for (const std::string& error : errors)
        message += "\n  " + error;
    return fail(ErrorCode::Data, message,
                "take preprocessor_config.json from the same source as the weights");
}

Json preprocessToJson(const PreprocessConfig& config)
{
    const auto list = [](const std::array<float, 3>& values) {
        Json numbers = Json::array();
        for (const float value : values)
            numbers.push_back(shortestDouble(value));
        return numbers;
    };
    return {{"crop_size", config.size},
            {"do_center_crop", true},
            {"do_normalize", true},
            {"do_resize", true},
            {"feature_extractor_type", "CLIPFeatureExtractor"},
            {"image_mean", list(config.mean)},
            {"image_std", list(config.std)},
            {"resample", 3},
            {"size", config.size}};
}

} // namespace clwb::weights
