// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/tensor_file.h"

#include "core/model/clip_model.h"
#include "core/weights/safetensors.h"

namespace clwb::train
{

Result<std::string> writeTensorFile(const std::filesystem::path& file,
                                    const model::Parameters& tensors, const std::string& text)
{
    const model::HostViews host = model::hostViews(tensors);
    return weights::writeSafetensors(file, host.views, {{"state", text}});
}

Result<TensorFile> readTensorFile(const std::filesystem::path& file)
{
    CLWB_ASSIGN(const weights::SafetensorsFile stored, weights::SafetensorsFile::open(file));
    TensorFile result;
    for (const weights::TensorInfo& info : stored.tensors()) {
        CLWB_ASSIGN(weights::HostTensor tensor, stored.read(info));
        result.tensors.emplace(info.name, model::adopt(std::move(tensor)));
    }
    const auto text = stored.metadata().find("state");
    if (text != stored.metadata().end())
        result.text = text->second;
    return result;
}

} // namespace clwb::train
