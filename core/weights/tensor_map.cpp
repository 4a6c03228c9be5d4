// SPDX-License-Identifier: GPL-3.0-or-later
// Number conversions; all bytes are little-endian like the machines this program runs on.
#include "core/weights/tensor_map.h"

#include "core/base/check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

static_assert(std::endian::native == std::endian::little, "weight files are little-endian");

namespace clwb::weights
{
namespace
{

constexpr int64_t kMaxElements = int64_t{1} << 60;

constexpr std::array<std::pair<std::string_view, DType>, 16> kDTypeNames{{
    {"F32", DType::F32},
    {"F16", DType::F16},
    {"BF16", DType::BF16},
    {"F64", DType::F64},
    {"I64", DType::I64},
    {"I32", DType::I32},
    {"I16", DType::I16},
    {"I8", DType::I8},
    {"U64", DType::U64},
    {"U32", DType::U32},
    {"U16", DType::U16},
    {"U8", DType::U8},
    {"BOOL", DType::Bool},
    {"F8_E4M3", DType::F8},
    {"F8_E5M2", DType::F8},
    {"F8_E8M0", DType::F8},
}};

float halfToFloat(uint16_t half)
{
    const uint32_t sign = (half & 0x8000u) << 16;
    const uint32_t exponent = (half >> 10) & 0x1Fu;
    const uint32_t mantissa = half & 0x3FFu;
    if (exponent == 0) { // zero and subnormals: mantissa · 2⁻²⁴ is exact in float
        const float value = static_cast<float>(mantissa) * 0x1p-24f;
        return sign ? -value : value;
    }
    const uint32_t wide = exponent == 0x1F ? 0xFFu : exponent + 112;
    return std::bit_cast<float>(sign | (wide << 23) | (mantissa << 13));
}

template<class Source, class Convert>
void convertEach(const std::byte* source, size_t count, float* target, Convert convert)
{
    for (size_t i = 0; i < count; ++i) {
        Source value;
        std::memcpy(&value, source + i * sizeof(Source), sizeof(Source));
        target[i] = convert(value);
    }
}

} // namespace

std::string_view nameOf(DType type)
{
    return std::find_if(kDTypeNames.begin(), kDTypeNames.end(),
                        [&](const auto& entry) { return entry.second == type; })
        ->first;
}

std::optional<DType> dtypeFromName(std::string_view name)
{
    const auto found = std::find_if(kDTypeNames.begin(), kDTypeNames.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    return found == kDTypeNames.end() ? std::nullopt : std::optional(found->second);
}

size_t bytesOf(DType type)
{
    switch (type) {
    case DType::F64:
    case DType::I64:
    case DType::U64:
        return 8;
    case DType::F32:
    case DType::I32:
    case DType::U32:
        return 4;
    case DType::F16:
    case DType::BF16:
    case DType::I16:
    case DType::U16:
        return 2;
    case DType::I8:
    case DType::U8:
    case DType::Bool:
    case DType::F8:
        return 1;
    }
    CLWB_CHECK(false, "dtype");
}

bool isFloating(DType type)
{
    return type == DType::F32 || type == DType::F16 || type == DType::BF16 || type == DType::F64;
}

std::optional<int64_t> elementCount(const Shape& shape)
{
    int64_t count = 1;
    bool empty = false;
    for (const int64_t size : shape) {
        if (size < 0)
            return std::nullopt;
        empty = empty || size == 0;
        if (size > 0 && count > kMaxElements / size)
            return std::nullopt;
        count *= size > 0 ? size : 1;
    }
    return empty ? 0 : count;
}

std::string shapeText(const Shape& shape)
{
    std::string text = "[";
    for (size_t i = 0; i < shape.size(); ++i)
        text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

void convertToFloat(DType type, const std::byte* source, size_t count, float* target)
{
    switch (type) {
    case DType::F32:
        if (count > 0)
            std::memcpy(target, source, count * sizeof(float));
        return;
    case DType::F16:
        convertEach<uint16_t>(source, count, target, halfToFloat);
        return;
    case DType::BF16:
        convertEach<uint16_t>(source, count, target, [](uint16_t value) {
            return std::bit_cast<float>(static_cast<uint32_t>(value) << 16);
        });
        return;
    case DType::F64:
        convertEach<double>(source, count, target,
                            [](double value) { return static_cast<float>(value); });
        return;
    default:
        CLWB_CHECK(false, "no floating type");
    }
}

std::vector<TensorView> viewsOf(const TensorMap& tensors)
{
    std::vector<TensorView> views;
    views.reserve(tensors.size());
    for (const auto& [name, tensor] : tensors)
        views.push_back({name, tensor.shape, tensor.values.data()});
    return views;
}

std::optional<std::string> firstNonFinite(const TensorMap& tensors)
{
    for (const auto& [name, tensor] : tensors) {
        // x·0 is 0 for finite x and NaN otherwise: a sum without branches
        float sum = 0.0f;
        for (const float value : tensor.values)
            sum += value * 0.0f;
        if (!std::isfinite(sum))
            return name;
    }
    return std::nullopt;
}

} // namespace clwb::weights
