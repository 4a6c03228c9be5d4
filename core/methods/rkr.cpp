// SPDX-License-Identifier: GPL-3.0-or-later
// RKR, scaling factors only: a vector of scales for each block of the trained towers, everything
// else frozen (algorithms.md §5.5). The blocks apply them: core/model/transformer.cpp.
#include "core/base/number_text.h"
#include "core/methods/method.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace clwb::methods
{

MethodInfo describe_rkr();

namespace
{

bool isScale(const std::string& name)
{
    return name.find(".rkr_") != std::string::npos;
}

/// Scales of 1, [width] each, for every block of a tower; names as in interfaces.md §4.
void addScales(model::ClipModel& model, const std::string& tower,
               const weights::TowerConfig& config, const std::string& placement)
{
    const std::vector<std::string> parts =
        placement == "sublayer" ? std::vector<std::string>{"rkr_attn_scale", "rkr_mlp_scale"}
                                : std::vector<std::string>{"rkr_scale"};
    const auto options = at::TensorOptions().dtype(at::kFloat).device(model.device());
    for (int64_t layer = 0; layer < config.layers; ++layer) {
        const std::string block = tower + ".encoder.layers." + std::to_string(layer) + ".";
        for (const std::string& part : parts)
            model.parameters.emplace(block + part, at::ones({config.width}, options));
    }
}

/// Loss = CE. One set of scales, made before the first session, is trained on in all of them.
class Rkr final : public Method
{
public:
    void prepareModel(model::ClipModel& model, model::Option option,
                      const spec::MethodParams& params) override
    {
        if (model::trainsImage(option))
            addScales(model, "vision_model", model.config.vision, params.rkrPlacement);
        if (model::trainsText(option))
            addScales(model, "text_model", model.config.text, params.rkrPlacement);
    }

    [[nodiscard]] std::vector<std::string> trainedNames(const model::Parameters& parameters,
                                                        model::Option, const spec::MethodParams&,
                                                        std::vector<std::string>) const override
    {
        std::vector<std::string> names;
        for (const auto& [name, tensor] : parameters) {
            if (isScale(name))
                names.push_back(name);
        }
        return names;
    }

    // A rate of the scales' own drops where the schedule's does.
    [[nodiscard]] double learningRate(double scheduled, const spec::RunSpec& spec) const override
    {
        if (!spec.params.rkrLr)
            return scheduled;
        const bool dropped = scheduled != spec.schedule.lr;
        return dropped ? *spec.params.rkrLr * spec.schedule.dropFactor : *spec.params.rkrLr;
    }

    // Adam bounds how far a scale can move (§5.5): a user should see when the rate was the limit.
    [[nodiscard]] SessionOutcome endSession(const SessionContext& context) override
    {
        if (context.session.session < context.session.sessions)
            return {context.trained, context.trained, std::nullopt, {}};
        double largest = 0;
        for (const std::string& name : context.trainedNames) {
            const at::Tensor& scale = model::parameter(context.trained, name);
            largest = std::max(largest, (scale.detach() - 1).abs().max().item<double>());
        }
        return {context.trained, context.trained, std::nullopt,
                "after session " + std::to_string(context.session.session) +
                    " the scales lie within 1 ± " + fixedText(largest, 6) + " (max |s − 1|)"};
    }
};

} // namespace

MethodInfo describe_rkr()
{
    return {"rkr",
            "RKR",
            "Section IV; scaling factors only",
            "Freezes all weights and trains a scale for each channel of each block.",
            {},
            [] { return std::make_unique<Rkr>(); }};
}

} // namespace clwb::methods
