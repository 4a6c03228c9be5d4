// SPDX-License-Identifier: GPL-3.0-or-later
// The model hash of the file formats page, computed from a stream of tensors.
#include "core/weights/model_hash.h"

#include "core/base/check.h"

namespace clwb::weights
{

void ModelHash::add(std::string_view name, const Shape& shape, const float* values)
{
    CLWB_CHECK(!m_any || m_last < name, m_last, " before ", name);
    m_any = true;
    m_last = name;
    std::string head(name);
    head += '\0';
    head += "F32";
    head += '\0';
    for (size_t i = 0; i < shape.size(); ++i)
        head += (i ? "," : "") + std::to_string(shape[i]);
    head += '\0';
    m_hash.update(head);
    const auto count = elementCount(shape);
    CLWB_CHECK(count.has_value());
    m_hash.update(values, static_cast<size_t>(*count) * sizeof(float));
}

std::string ModelHash::finish()
{
    return toHex(m_hash.finish());
}

std::string modelSha256(const TensorMap& tensors)
{
    return modelSha256(tensors, {});
}

std::string modelSha256(const TensorMap& tensors, const TensorMap& scales)
{
    ModelHash hash;
    auto next = scales.begin();
    for (const auto& [name, tensor] : tensors) {
        for (; next != scales.end() && next->first < name; ++next)
            hash.add(next->first, next->second.shape, next->second.values.data());
        hash.add(name, tensor.shape, tensor.values.data());
    }
    for (; next != scales.end(); ++next)
        hash.add(next->first, next->second.shape, next->second.values.data());
    return hash.finish();
}

} // namespace clwb::weights
