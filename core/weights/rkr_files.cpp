// SPDX-License-Identifier: GPL-3.0-or-later
// Scales of the residual stream (`block_output`) or of each sublayer's output (`sublayer`).
#include "core/weights/rkr_files.h"

#include "core/base/file.h"
#include "core/weights/safetensors.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

constexpr std::string_view kBlockOutput = "block_output";
constexpr std::string_view kSublayer = "sublayer";

/// Scale names of a placement below a layer, with the linear layer each could be folded into.
using Part = std::pair<std::string_view, std::string_view>;
constexpr std::array<Part, 1> kBlockOutputParts{{{"rkr_scale", ""}}};
constexpr std::array<Part, 2> kSublayerParts{
    {{"rkr_attn_scale", "self_attn.out_proj"}, {"rkr_mlp_scale", "mlp.fc2"}}};

/// Layer prefix ("text_model.encoder.layers.3.") and width of a scale's name, if it fits the model.
std::optional<std::pair<std::string, int64_t>>
layerOf(const std::string& name, const std::string& placement, const ClipConfig& config)
{
    for (const auto& [tower, sizes] :
         {std::pair("vision_model", &config.vision), std::pair("text_model", &config.text)}) {
        const std::string layers = std::string(tower) + ".encoder.layers.";
        for (int64_t i = 0; name.starts_with(layers) && i < sizes->layers; ++i) {
            const std::string layer = layers + std::to_string(i) + ".";
            const bool fits = placement == kBlockOutput
                                  ? name == layer + std::string(kBlockOutputParts[0].first)
                                  : name == layer + std::string(kSublayerParts[0].first) ||
                                        name == layer + std::string(kSublayerParts[1].first);
            if (fits)
                return std::pair(layer, sizes->width);
        }
    }
    return std::nullopt;
}

/// Names of a tower's scales.
std::vector<std::string> scaleNames(std::string_view tower, int64_t layers,
                                    std::string_view placement)
{
    std::vector<std::string> names;
    for (int64_t i = 0; i < layers; ++i) {
        const std::string layer = std::string(tower) + ".encoder.layers." + std::to_string(i) + ".";
        if (placement == kBlockOutput) {
            names.push_back(layer + std::string(kBlockOutputParts[0].first));
            continue;
        }
        for (const auto& [part, linear] : kSublayerParts)
            names.push_back(layer + std::string(part));
    }
    return names;
}

/// A tower has scales in all its layers or, where it was frozen, in none; one tower has some.
Result<void> checkComplete(const ModelFiles& model, const fs::path& path)
{
    const std::string file = "incomplete RKR model: " + path.string() + ": ";
    if (model.rkrScales.empty())
        return fail(ErrorCode::Data, file + "it holds no scale");
    for (const auto& [tower, layers] : {std::pair("vision_model", model.config.vision.layers),
                                        std::pair("text_model", model.config.text.layers)}) {
        const std::vector<std::string> names = scaleNames(tower, layers, model.rkrPlacement);
        std::vector<std::string> missing = names;
        std::erase_if(missing, [&](const auto& name) { return model.rkrScales.contains(name); });
        if (!missing.empty() && missing.size() < names.size())
            return fail(ErrorCode::Data,
                        file + "\"" + missing.front() + "\" is missing: expected " +
                            std::to_string(names.size()) + " scales in this tower, got " +
                            std::to_string(names.size() - missing.size()));
    }
    return {};
}

/// Multiplies the rows of a matrix, or the numbers of a vector.
void scaleRows(HostTensor& tensor, const std::vector<float>& scale)
{
    const size_t columns = tensor.values.size() / scale.size();
    for (size_t row = 0; row < scale.size(); ++row) {
        for (size_t c = 0; c < columns; ++c)
            tensor.values[row * columns + c] *= scale[row];
    }
}

} // namespace

bool isRkrDirectory(const fs::path& folder)
{
    std::error_code ignored;
    return fs::exists(folder / "base.json", ignored) ||
           fs::exists(folder / "rkr.safetensors", ignored);
}

Result<RkrBase> readRkrBase(const fs::path& folder)
{
    const fs::path file = folder / "base.json";
    CLWB_ASSIGN(const std::string text, readFile(file, kMaxSpecBytes));
    Result<Json> json = parseJson(text, file.string());
    if (!json)
        return fail(ErrorCode::Data, json.error().message);
    std::vector<std::string> errors;
    if (!json->is_object())
        return fail(ErrorCode::Data, "damaged RKR model: " + file.string() + ": no object");
    JsonReader reader(*json, "", errors);
    RkrBase base{reader.text("path", ""), reader.text("sha256", "")};
    if (!errors.empty() || base.path.empty() || base.sha256.size() != 64)
        return fail(ErrorCode::Data, "damaged RKR model: " + file.string() +
                                         ": expected {\"path\": …, \"sha256\": 64 digits}");
    if (base.path.is_relative())
        base.path = folder / base.path;
    return base;
}

Result<void> readRkrScales(const fs::path& folder, ModelFiles& model)
{
    const fs::path path = folder / "rkr.safetensors";
    CLWB_ASSIGN(const SafetensorsFile file, SafetensorsFile::open(path));
    const auto placement = file.metadata().find("placement");
    model.rkrPlacement =
        placement == file.metadata().end() ? std::string(kBlockOutput) : placement->second;
    if (model.rkrPlacement != kBlockOutput && model.rkrPlacement != kSublayer)
        return fail(ErrorCode::Data, "damaged RKR model: " + path.string() + ": placement: " +
                                         "expected block_output or sublayer, got \"" +
                                         model.rkrPlacement + "\"");
    for (const TensorInfo& info : file.tensors()) {
        const auto layer = layerOf(info.name, model.rkrPlacement, model.config);
        if (!layer || info.shape != Shape{layer->second})
            return fail(ErrorCode::Data,
                        "scales do not fit the model: " + path.string() + ": \"" + info.name +
                            "\" " + shapeText(info.shape) +
                            (layer ? ": expected [" + std::to_string(layer->second) + "]"
                                   : ": no such scale for placement " + model.rkrPlacement));
        CLWB_ASSIGN(HostTensor scale, file.read(info));
        model.rkrScales.emplace(info.name, std::move(scale));
    }
    CLWB_TRY(checkComplete(model, path));
    if (const auto name = firstNonFinite(model.rkrScales))
        return fail(ErrorCode::Data, "damaged weights: " + path.string() + ": \"" + *name +
                                         "\" holds NaN or infinity");
    return {};
}

Result<void> foldRkrScales(ModelFiles& model)
{
    if (model.rkrScales.empty())
        return {};
    if (model.rkrPlacement != kSublayer)
        return fail(ErrorCode::Data,
                    "cannot fold RKR scales: placement block_output scales the residual path too, "
                    "which no plain CLIP model can express",
                    "use the RKR directory itself, or train with placement sublayer");
    for (const auto& [name, scale] : model.rkrScales) {
        const std::string layer = name.substr(0, name.rfind('.') + 1);
        for (const auto& [part, linear] : kSublayerParts) {
            if (name != layer + std::string(part))
                continue;
            for (const char* kind : {".weight", ".bias"})
                scaleRows(model.tensors.at(layer + std::string(linear) + kind), scale.values);
        }
    }
    model.rkrScales.clear();
    model.rkrPlacement.clear();
    return {};
}

} // namespace clwb::weights
