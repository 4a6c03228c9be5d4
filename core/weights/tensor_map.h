// SPDX-License-Identifier: GPL-3.0-or-later
// Named float32 tensors on the host, and the conversions from the types that weight files use.
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::weights
{

using Shape = std::vector<int64_t>;

/// A row-major float32 tensor; an empty shape is a single number.
struct HostTensor
{
    Shape shape;
    std::vector<float> values;
};

/// Tensors in bytewise order of their names.
using TensorMap = std::map<std::string, HostTensor, std::less<>>;

/// A tensor that lies elsewhere; `values` must stay valid while the view is used.
struct TensorView
{
    std::string name;
    Shape shape;
    const float* values = nullptr;
};

/// Element types that occur in weight files.
enum class DType { F32, F16, BF16, F64, I64, I32, I16, I8, U64, U32, U16, U8, Bool, F8 };

/// As in safetensors: "F32", "BF16", …; the three 8-bit floats read as "F8_E4M3".
std::string_view nameOf(DType type);
std::optional<DType> dtypeFromName(std::string_view name);
size_t bytesOf(DType type);
/// True for the types that are converted to float32 (F32, F16, BF16, F64).
bool isFloating(DType type);

/// Number of elements; nothing when a dimension is negative or the product exceeds 2^60.
std::optional<int64_t> elementCount(const Shape& shape);

/// "[768, 512]"
std::string shapeText(const Shape& shape);

/// Converts `count` little-endian numbers of a floating type. CHECK: isFloating(type).
void convertToFloat(DType type, const std::byte* source, size_t count, float* target);

/// Views of all tensors, in the map's order.
std::vector<TensorView> viewsOf(const TensorMap& tensors);

/// Name of the first tensor that holds a NaN or an infinity.
std::optional<std::string> firstNonFinite(const TensorMap& tensors);

} // namespace clwb::weights
