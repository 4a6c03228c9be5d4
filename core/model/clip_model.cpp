// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/clip_model.h"

#include "core/base/check.h"
#include "core/model/image_tower.h"
#include "core/model/trainable.h"
#include "core/weights/model_hash.h"

#include <ATen/ATen.h>

#include <memory>

namespace clwb::model
{
at::Tensor ClipModel::encodePictures(const at::Tensor& pixels) const
{
    return encodeImages(parameters, config, normalizedPixels(pixels, preprocess, device()));
}

at::Tensor ClipModel::encodeText(const Sentences& sentences) const
{
    return encodeTexts(parameters, config, sentences, contextCrop);
}

const at::Tensor& ClipModel::logitScale() const
{
    return parameter(parameters, kLogitScale);
}

at::Device ClipModel::device() const
{
    return logitScale().device();
}

void ClipModel::moveTo(at::Device device)
{
    for (auto& [name, tensor] : parameters)
        tensor = tensor.to(device);
}

at::Tensor adopt(weights::HostTensor host)
{
    auto owner = std::make_shared<std::vector<float>>(std::move(host.values));
    return at::from_blob(
        owner->data(), host.shape, [owner](void*) mutable { owner.reset(); },
        at::TensorOptions().dtype(at::kFloat));
}

ClipModel fromFiles(weights::ModelFiles&& files)
{
    ClipModel model;
    model.config = files.config;
    model.preprocess = files.preprocess;
    // Cloned into LibTorch's 64-byte aligned memory, one tensor at a time: matrix kernels may round
    // differently at other alignments, and runs must be equal to the bit.
    for (auto& [name, tensor] : files.tensors)
        model.parameters.emplace(name, adopt(std::move(tensor)).clone());
    for (auto& [name, tensor] : files.rkrScales)
        model.parameters.emplace(name, adopt(std::move(tensor)).clone());
    at::Tensor& scale = model.parameters.at(kLogitScale);
    scale = scale.reshape(at::IntArrayRef{}); // some files store it as [1]
    return model;
}

HostViews hostViews(const Parameters& parameters)
{
    HostViews host;
    for (const auto& [name, tensor] : parameters) {
        host.keep.push_back(tensor.detach().to(at::kCPU, at::kFloat).contiguous());
        const at::Tensor& kept = host.keep.back();
        host.views.push_back({name, kept.sizes().vec(), kept.const_data_ptr<float>()});
    }
    return host;
}

std::string modelSha256(const Parameters& parameters)
{
    weights::ModelHash hash;
    for (const auto& [name, tensor] : parameters) {
        const at::Tensor host = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
        hash.add(name, host.sizes().vec(), host.const_data_ptr<float>());
    }
    return hash.finish();
}

at::Tensor normalizedPixels(const at::Tensor& pixels, const weights::PreprocessConfig& config,
                            at::Device device)
{
    CLWB_CHECK(pixels.scalar_type() == at::kByte && pixels.dim() == 4 && pixels.size(3) == 3);
    const at::Tensor x = pixels.to(device).permute({0, 3, 1, 2}).to(at::kFloat).div_(255.0f);
    const auto row = [&](const std::array<float, 3>& values) {
        return at::tensor(at::ArrayRef<float>(values.data(), 3)).to(device).view({1, 3, 1, 1});
    };
    return x.sub(row(config.mean)).div_(row(config.std)).contiguous();
}

std::string firstNonFinite(const Parameters& parameters)
{
    for (const auto& [name, tensor] : parameters) {
        if (!at::isfinite(tensor).all().item<bool>())
            return name;
    }
    return {};
}

} // namespace clwb::model
