// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/presets.h"

#include "core/base/check.h"
#include "core/spec/fields.h"
#include "core/spec/param.h"

#include <algorithm>
#include <optional>

namespace clwb::spec
{
namespace
{

/// Values of the demo study; an empty method, option or setting fits any. The last row that fits
/// wins, value by value, so that rows go from general to special.
struct DemoRow
{
    std::string_view method = {};
    std::string_view option = {};
    std::string_view setting = {};
    std::optional<double> lr = {};
    std::optional<int64_t> epochs = {};
    std::optional<int64_t> dropAfterEpoch = {};
    std::optional<double> beta = {};
    std::optional<double> alpha = {};
    std::optional<double> rkrLr = {};
};

const DemoRow kDemoRows[]{
    {.lr = 2e-4, .epochs = 3},         {.setting = "OST", .dropAfterEpoch = 2},
    {.method = "lwf", .beta = 3.0},    {.method = "geodl", .beta = 30.0},
    {.method = "vr-lwf", .beta = 3.0}, {.method = "imm", .alpha = 0.5},
    {.method = "rkr", .rkrLr = 2e-3},
};

void applyPaper(RunSpec& spec)
{
    const bool oneSession = spec.setting == "OST";
    spec.schedule.epochs = oneSession ? 15 : 10;
    spec.schedule.dropAfterEpoch = oneSession ? 10 : 0;
    if (spec.method == "geodl")
        spec.params.beta = 10.0;
}

void applyDemo(RunSpec& spec)
{
    spec.checkpoints = "all";
    spec.schedule.dropAfterEpoch = 0;
    const auto fits = [](std::string_view pattern, std::string_view value) {
        return pattern.empty() || pattern == value;
    };
    for (const DemoRow& row : kDemoRows) {
        if (!fits(row.method, spec.method) || !fits(row.option, spec.option) ||
            !fits(row.setting, spec.setting))
            continue;
        spec.schedule.lr = row.lr.value_or(spec.schedule.lr);
        spec.schedule.epochs = row.epochs.value_or(spec.schedule.epochs);
        spec.schedule.dropAfterEpoch = row.dropAfterEpoch.value_or(spec.schedule.dropAfterEpoch);
        spec.params.beta = row.beta.value_or(spec.params.beta);
        spec.params.alpha = row.alpha.value_or(spec.params.alpha);
        if (row.rkrLr)
            spec.params.rkrLr = row.rkrLr;
    }
}

} // namespace

RunSpec presetSpec(std::string_view preset, std::string_view kind, std::string_view method,
                   std::string_view option, std::string_view setting)
{
    CLWB_CHECK(preset.empty() || std::find(std::begin(kPresets), std::end(kPresets), preset) !=
                                     std::end(kPresets),
               std::string(preset));
    RunSpec spec;
    spec.kind = kind;
    spec.method = method;
    spec.option = option;
    spec.setting = setting;
    applyPaper(spec);
    if (preset == "demo")
        applyDemo(spec);
    return spec;
}

std::vector<PresetChange> changesFromPreset(const RunSpec& spec, std::string_view preset)
{
    const RunSpec start = presetSpec(preset, spec.kind, spec.method, spec.option, spec.setting);
    constexpr std::string_view kIdentity[]{"name", "study", "model", "seed", "device", "threads"};
    std::vector<PresetChange> changes;
    for (const Field& field : fields()) {
        const bool isIdentity =
            std::find(std::begin(kIdentity), std::end(kIdentity), field.key) != std::end(kIdentity);
        if (isIdentity || !isUsedBy(*findParam(field.key), spec.kind, spec.method))
            continue;
        Json value = field.get(spec);
        Json presetValue = field.get(start);
        if (value != presetValue)
            changes.push_back({std::string(field.key), std::move(value), std::move(presetValue)});
    }
    return changes;
}

} // namespace clwb::spec
