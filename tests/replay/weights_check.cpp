// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/weights_check.h"

#include "core/base/json.h"
#include "core/base/number_text.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

namespace fs = std::filesystem;

namespace clwb::replay
{
namespace
{

// |m̂|/√v̂ of Adam is at most (1−β1)/√(1−β2) = 3.2 for the usual β, in isolated steps.
constexpr double kAdamReach = 4;

bool isSameBits(const at::Tensor& a, const at::Tensor& b)
{
    const at::Tensor left = a.contiguous();
    const at::Tensor right = b.contiguous();
    return left.nbytes() == right.nbytes() &&
           std::memcmp(left.const_data_ptr(), right.const_data_ptr(), left.nbytes()) == 0;
}

Result<WrittenModel> readScales(const fs::path& folder, const Settings& settings,
                                const Tensors& start, Findings& findings)
{
    WrittenModel model;
    CLWB_ASSIGN(const TensorFile file, readTensorFile(folder / "rkr.safetensors"));
    const auto placement = file.metadata.find("placement");
    if (placement == file.metadata.end() || placement->second != settings.rkrPlacement)
        findings.add("model form", folder.string() + ": placement differs from the spec's");
    if (fs::exists(folder / "model.safetensors"))
        findings.add("model form", folder.string() + ": has model.safetensors besides the scales");
    CLWB_ASSIGN(const Json base, readJsonFile(folder / "base.json"));
    if (base.value("sha256", "") != settings.modelSha256)
        findings.add("model form", folder.string() + ": base.json names another base model");
    model.tensors = start;
    for (const auto& [name, tensor] : file.tensors)
        model.tensors[name] = tensor;
    model.hash = modelHash(model.tensors);
    return model;
}

} // namespace

Result<WrittenModel> readWritten(const fs::path& folder, const Settings& settings,
                                 const Tensors& start, Findings& findings)
{
    if (settings.method == "rkr")
        return readScales(folder, settings, start, findings);
    CLWB_ASSIGN(TensorFile file, readTensorFile(folder / "model.safetensors"));
    const auto format = file.metadata.find("format");
    if (format == file.metadata.end() || format->second != "pt" || !file.isFloat32)
        findings.add("model form", folder.string() + ": expected F32 and metadata format pt");
    WrittenModel model;
    model.tensors = std::move(file.tensors);
    model.hash = modelHash(model.tensors);
    return model;
}

void compareModels(const std::string& place, const Tensors& written, const ExpectedModel& expected,
                   Findings& findings)
{
    const auto isTrained = [&](const std::string& name) {
        return std::binary_search(expected.trained.begin(), expected.trained.end(), name);
    };
    for (const auto& [name, value] : written) {
        if (!expected.replayed.contains(name))
            findings.add("tensor names", place + ": " + name + " is unexpected");
    }
    for (const auto& [name, value] : expected.replayed) {
        const auto found = written.find(name);
        if (found == written.end() || found->second.sizes() != value.sizes()) {
            findings.add("tensor names", place + ": " + name + " is absent or of another shape");
            continue;
        }
        if (!isTrained(name)) {
            if (!isSameBits(found->second, expected.start.at(name)))
                findings.add("frozen tensor", place + ": " + name + " has changed");
            continue;
        }
        const auto known = expected.start.find(name);
        const at::Tensor before = known == expected.start.end()
                                      ? at::ones(value.sizes(), at::kDouble)
                                      : known->second.to(at::kDouble);
        const at::Tensor update = found->second.to(at::kDouble) - before;
        const at::Tensor mine = value.detach().to(at::kDouble) - before;
        if (name.ends_with("k_proj.bias")) {
            if (!(update.abs().max().item<double>() <= kAdamReach * expected.rateSum))
                findings.add("trained tensor", place + ": " + name + " moved too far");
            continue;
        }
        const double size = mine.norm().item<double>();
        const double difference = (update - mine).norm().item<double>();
        if (!(difference <= kUpdateTolerance * size))
            findings.add("trained tensor", place + ": the update of " + name + " differs by " +
                                               shortestText(difference) + " in L2 norm of " +
                                               shortestText(size));
    }
}

} // namespace clwb::replay
