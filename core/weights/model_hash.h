// SPDX-License-Identifier: GPL-3.0-or-later
// The identity of a model's weights: SHA-256 over all tensors, whatever file they came from.
#pragma once

#include "core/base/sha256.h"
#include "core/weights/tensor_map.h"

#include <string>
#include <string_view>

namespace clwb::weights
{

/// Hash over tensors that come one by one in bytewise order of their Hugging Face names: name,
/// 0x00, `F32`, 0x00, shape as `d0,d1`, 0x00, data little-endian.
class ModelHash
{
public:
    /// @param values elementCount(shape) numbers. CHECK: names strictly rise.
    void add(std::string_view name, const Shape& shape, const float* values);
    /// 64 hexadecimal digits; the object must not be used afterwards.
    std::string finish();

private:
    Sha256 m_hash;
    std::string m_last;
    bool m_any = false;
};

std::string modelSha256(const TensorMap& tensors);
/// Of a base model with RKR's scales.
std::string modelSha256(const TensorMap& tensors, const TensorMap& scales);

} // namespace clwb::weights
