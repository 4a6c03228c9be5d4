// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/preflight.h"

#include "core/base/file.h"
#include "core/methods/method.h"
#include "core/model/trainable.h"
#include "core/run/workspace.h"

#include <ATen/core/Tensor.h>

#include <memory>

namespace clwb::run
{

Result<void> checkAgainstModel(const spec::RunSpec& spec, const OpenModel& model)
{
    if (spec.kind != "original" && !model.rkrPlacement.empty()) {
        return fail(ErrorCode::Data,
                    "model " + model.path.string() +
                        " is a base model with RKR scales, which a run "
                        "cannot start from",
                    "start from its base model; `sublayer` scales can be folded into a plain model "
                    "with `clwb convert-weights`");
    }
    const int64_t context = model.model.config.text.context;
    if (spec.method == "vr-lwf" && spec.params.replay == "random_tokens" &&
        spec.params.M > context - 2) {
        return fail(ErrorCode::Usage,
                    "params.M: " + std::to_string(spec.params.M) +
                        " tokens with SOT and EOT do not " + "fit the model's context of " +
                        std::to_string(context),
                    "choose M <= " + std::to_string(context - 2));
    }
    return {};
}

uint64_t trainedBytes(const spec::RunSpec& spec, const OpenModel& model)
{
    const methods::MethodInfo* info =
        methods::findMethod(spec.kind == "joint" || spec.method.empty() ? "ft" : spec.method);
    if (!info)
        return 0;
    const std::unique_ptr<methods::Method> method = info->create();
    const model::Option option = model::optionFromText(spec.option.empty() ? "WM" : spec.option);
    model::ClipModel prepared = model.model; // shares the tensors
    method->prepareModel(prepared, option, spec.params);
    uint64_t bytes = 0;
    for (const std::string& name : method->trainedNames(
             prepared.parameters, option, spec.params,
             model::trainedNames(prepared.parameters, option,
                                 model::trainsLogitScale(option, spec.params.logitScale))))
        bytes += static_cast<uint64_t>(prepared.parameters.at(name).nbytes());
    return bytes;
}

uint64_t checkpointBytes(const spec::RunSpec& spec, const OpenModel& model)
{
    if (spec.kind == "original")
        return 0;
    return 4 * trainedBytes(spec, model);
}

std::optional<std::string> lowDiskWarning(const std::filesystem::path& folder,
                                          uint64_t checkpointBytes)
{
    const uint64_t free = freeBytes(folder);
    if (free / 3 >= checkpointBytes)
        return std::nullopt;
    const auto megabytes = [](uint64_t bytes) {
        return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MB";
    };
    return "disk nearly full: " + megabytes(free) + " left in " + folder.string() +
           ", needed are " + megabytes(3 * checkpointBytes) + " for checkpoints";
}

} // namespace clwb::run
