// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/fields.h"

#include <algorithm>
#include <array>

namespace clwb::spec
{
namespace
{

Json toValue(const std::string& value)
{
    return value;
}
Json toValue(const std::filesystem::path& value)
{
    return value.string();
}
Json toValue(const std::vector<std::string>& value)
{
    return value;
}
Json toValue(const std::vector<int64_t>& value)
{
    return value;
}
Json toValue(double value)
{
    return value;
}
Json toValue(bool value)
{
    return value;
}
Json toValue(int64_t value)
{
    return value;
}
Json toValue(uint64_t value)
{
    return value;
}

/// Whole numbers may be written 10.0.
int64_t wholeNumber(const Json& value)
{
    return value.is_number_float() ? static_cast<int64_t>(value.get<double>())
                                   : value.get<int64_t>();
}

void fromValue(std::string& member, const Json& value)
{
    member = value.get<std::string>();
}
void fromValue(std::filesystem::path& member, const Json& value)
{
    member = value.get<std::string>();
}
void fromValue(std::vector<std::string>& member, const Json& value)
{
    member = value.get<std::vector<std::string>>();
}
void fromValue(std::vector<int64_t>& member, const Json& value)
{
    member.clear();
    for (const Json& item : value)
        member.push_back(wholeNumber(item));
}
void fromValue(double& member, const Json& value)
{
    member = value.get<double>();
}
void fromValue(bool& member, const Json& value)
{
    member = value.get<bool>();
}
void fromValue(int64_t& member, const Json& value)
{
    member = wholeNumber(value);
}
void fromValue(uint64_t& member, const Json& value)
{
    member = static_cast<uint64_t>(wholeNumber(value));
}

template<auto Member>
constexpr Field top(std::string_view key)
{
    return {key, [](const RunSpec& spec) { return toValue(spec.*Member); },
            [](RunSpec& spec, const Json& value) { fromValue(spec.*Member, value); }};
}

template<auto Group, auto Member>
constexpr Field nested(std::string_view key)
{
    return {key, [](const RunSpec& spec) { return toValue(spec.*Group.*Member); },
            [](RunSpec& spec, const Json& value) { fromValue(spec.*Group.*Member, value); }};
}

template<auto Member>
constexpr Field param(std::string_view key)
{
    return nested<&RunSpec::params, Member>(key);
}

constexpr Field geodlDim()
{
    return {"params.geodl_dim",
            [](const RunSpec& spec) {
                return spec.params.geodlDim == 0 ? Json("auto") : Json(spec.params.geodlDim);
            },
            [](RunSpec& spec, const Json& value) {
                spec.params.geodlDim = value.is_string() ? 0 : wholeNumber(value);
            }};
}

constexpr Field rkrLr()
{
    return {"params.rkr_lr",
            [](const RunSpec& spec) {
                return spec.params.rkrLr ? Json(*spec.params.rkrLr) : Json(nullptr);
            },
            [](RunSpec& spec, const Json& value) {
                spec.params.rkrLr =
                    value.is_null() ? std::nullopt : std::optional(value.get<double>());
            }};
}

constexpr std::array kFields{
    top<&RunSpec::name>("name"),
    top<&RunSpec::study>("study"),
    top<&RunSpec::model>("model"),
    top<&RunSpec::kind>("kind"),
    top<&RunSpec::method>("method"),
    top<&RunSpec::option>("option"),
    top<&RunSpec::setting>("setting"),
    param<&MethodParams::beta>("params.beta"),
    param<&MethodParams::alpha>("params.alpha"),
    param<&MethodParams::distillation>("params.distillation"),
    param<&MethodParams::temperature>("params.temperature"),
    param<&MethodParams::logitScale>("params.logit_scale"),
    param<&MethodParams::teacher>("params.teacher"),
    param<&MethodParams::ceClasses>("params.ce_classes"),
    param<&MethodParams::previousTerm>("params.previous_term"),
    param<&MethodParams::replayRefresh>("params.replay_refresh"),
    param<&MethodParams::tokenPool>("params.token_pool"),
    param<&MethodParams::M>("params.M"),
    param<&MethodParams::Ks>("params.Ks"),
    param<&MethodParams::replay>("params.replay"),
    geodlDim(),
    param<&MethodParams::geodlCentring>("params.geodl_centring"),
    param<&MethodParams::geodlObjective>("params.geodl_objective"),
    param<&MethodParams::geodlGradient>("params.geodl_gradient"),
    param<&MethodParams::immChaining>("params.imm_chaining"),
    param<&MethodParams::rkrPlacement>("params.rkr_placement"),
    rkrLr(),
    param<&MethodParams::jointStart>("params.joint_start"),
    param<&MethodParams::jointSessions>("params.joint_sessions"),
    param<&MethodParams::augmentation>("params.augmentation"),
    nested<&RunSpec::schedule, &Schedule::epochs>("schedule.epochs"),
    nested<&RunSpec::schedule, &Schedule::batchSize>("schedule.batch_size"),
    nested<&RunSpec::schedule, &Schedule::microBatch>("schedule.micro_batch"),
    nested<&RunSpec::schedule, &Schedule::lr>("schedule.lr"),
    nested<&RunSpec::schedule, &Schedule::dropAfterEpoch>("schedule.drop_after_epoch"),
    nested<&RunSpec::schedule, &Schedule::dropFactor>("schedule.drop_factor"),
    nested<&RunSpec::schedule, &Schedule::keepLastPartial>("schedule.keep_last_partial"),
    nested<&RunSpec::optimizer, &OptimizerSpec::name>("optimizer.name"),
    nested<&RunSpec::optimizer, &OptimizerSpec::beta1>("optimizer.beta1"),
    nested<&RunSpec::optimizer, &OptimizerSpec::beta2>("optimizer.beta2"),
    nested<&RunSpec::optimizer, &OptimizerSpec::eps>("optimizer.eps"),
    nested<&RunSpec::optimizer, &OptimizerSpec::weightDecay>("optimizer.weight_decay"),
    nested<&RunSpec::optimizer, &OptimizerSpec::resetPerSession>("optimizer.reset_per_session"),
    nested<&RunSpec::evaluate, &EvaluateSpec::after>("evaluate.after"),
    nested<&RunSpec::evaluate, &EvaluateSpec::what>("evaluate.what"),
    nested<&RunSpec::evaluate, &EvaluateSpec::test>("evaluate.test"),
    nested<&RunSpec::evaluate, &EvaluateSpec::validation>("evaluate.validation"),
    nested<&RunSpec::evaluate, &EvaluateSpec::labelSpace>("evaluate.label_space"),
    nested<&RunSpec::evaluate, &EvaluateSpec::curve>("evaluate.curve"),
    nested<&RunSpec::evaluate, &EvaluateSpec::shuffleSeeds>("evaluate.shuffle_seeds"),
    nested<&RunSpec::evaluate, &EvaluateSpec::details>("evaluate.details"),
    top<&RunSpec::checkpoints>("checkpoints"),
    top<&RunSpec::seed>("seed"),
    top<&RunSpec::device>("device"),
    top<&RunSpec::threads>("threads"),
    top<&RunSpec::precision>("precision"),
    top<&RunSpec::onNan>("on_nan"),
};

} // namespace

std::span<const Field> fields()
{
    return kFields;
}

const Field* findField(std::string_view key)
{
    const auto found = std::find_if(kFields.begin(), kFields.end(),
                                    [&](const Field& field) { return field.key == key; });
    return found == kFields.end() ? nullptr : &*found;
}

} // namespace clwb::spec
