// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of settings: key, type, range, default, reason. Reader, help and forms use it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::spec
{

enum class ParamType { Text, Choice, Number, Integer, Boolean, TextList, IntegerList };

/// One setting of a run. `key` is the dotted key of spec.json ("params.beta").
struct ParamDef
{
    std::string_view key;
    std::string_view label;
    ParamType type = ParamType::Text;
    std::vector<std::string_view> choices; ///< Choice, TextList: allowed values
    double min = 0;                        ///< Number, Integer
    double max = 0;
    bool logarithmic = false;        ///< a spin box or sweep steps by factors
    std::vector<std::string_view> methods; ///< methods that use it; empty: all
    std::string_view registerRow;    ///< "A1" …, or ""
    std::string_view help;           ///< what it does, unit, what extremes mean
    std::string_view reason;         ///< why the default is what it is, one sentence
};

/// Every setting, in the order of interfaces.md §3.
std::span<const ParamDef> paramTable();
const ParamDef* findParam(std::string_view key);
/// Whether a run of this kind and method uses the setting.
bool isUsedBy(const ParamDef& param, std::string_view kind, std::string_view method);
/// The methods known to the program (ids as in spec.json), in the paper's order.
std::span<const std::string_view> methodIds();

} // namespace clwb::spec
