// SPDX-License-Identifier: GPL-3.0-or-later
// The white list of names in PyTorch archives.
#include "core/weights/pickle_names.h"

#include "core/base/check.h"

#include <array>
#include <string>
#include <utility>

namespace clwb::weights
{
namespace
{

constexpr std::array<std::pair<std::string_view, GlobalMeaning>, 11> kNames{{
    {"collections OrderedDict", GlobalMeaning::OrderedDict},
    {"torch._utils _rebuild_tensor_v2", GlobalMeaning::RebuildTensor},
    {"torch._utils _rebuild_parameter", GlobalMeaning::FirstArgument},
    {"torch.jit._pickle build_intlist", GlobalMeaning::FirstArgument},
    {"torch.jit._pickle build_tensorlist", GlobalMeaning::FirstArgument},
    {"torch.jit._pickle build_doublelist", GlobalMeaning::FirstArgument},
    {"torch.jit._pickle build_boollist", GlobalMeaning::FirstArgument},
    {"torch.jit._pickle restore_type_tag", GlobalMeaning::FirstArgument},
    {"torch Size", GlobalMeaning::FirstArgument},
    {"torch device", GlobalMeaning::Ignored},
    {"torch.jit._pickle build_tensor_from_id", GlobalMeaning::Ignored},
}};

constexpr std::array<std::pair<std::string_view, DType>, 9> kStorages{{
    {"torch FloatStorage", DType::F32},
    {"torch HalfStorage", DType::F16},
    {"torch BFloat16Storage", DType::BF16},
    {"torch DoubleStorage", DType::F64},
    {"torch LongStorage", DType::I64},
    {"torch IntStorage", DType::I32},
    {"torch ShortStorage", DType::I16},
    {"torch ByteStorage", DType::U8},
    {"torch BoolStorage", DType::Bool},
}};

std::optional<GlobalMeaning> find(std::string_view global)
{
    for (const auto& [name, meaning] : kNames) {
        if (name == global)
            return meaning;
    }
    if (storageType(global))
        return GlobalMeaning::Storage;
    if (global.starts_with("__torch__.") || global.starts_with("__torch__ "))
        return GlobalMeaning::Class;
    return std::nullopt;
}

} // namespace

std::optional<DType> storageType(std::string_view global)
{
    for (const auto& [name, type] : kStorages) {
        if (name == global)
            return type;
    }
    return std::nullopt;
}

bool isAllowedGlobal(std::string_view module, std::string_view name)
{
    return find(std::string(module) + " " + std::string(name)).has_value();
}

GlobalMeaning meaningOf(std::string_view global)
{
    const auto meaning = find(global);
    CLWB_CHECK(meaning.has_value(), global);
    return *meaning;
}

} // namespace clwb::weights
