// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of settings: key, type, range, default, reason. Reader, help and forms use it.
#pragma once

#include "core/base/json.h"

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
    std::string_view key = {};
    std::string_view label = {};
    ParamType type = ParamType::Text;
    std::vector<std::string_view> choices = {}; ///< Choice, TextList: allowed values
    double min = 0;                             ///< Number, Integer, IntegerList
    double max = 0;
    bool logarithmic = false; ///< a spin box or sweep steps by factors
    std::vector<std::string_view> methods =
        {};                            ///< methods that use it; empty: all. "joint": that kind
    std::string_view registerRow = {}; ///< "A1" …, or ""
    std::string_view help = {};        ///< what it does, unit, what extremes mean
    std::string_view reason = {};      ///< why the default is what it is, one sentence
    std::string_view special = {};   ///< a word allowed beside numbers: "auto", "null" (JSON null)
    std::string_view rangeNote = {}; ///< why the range ends there, for messages; may be empty
    bool isPath = false;             ///< Text: a file or folder
};

/// Every setting, in the order of interfaces.md §3.
std::span<const ParamDef> paramTable();
const ParamDef* findParam(std::string_view key);
/// "KEY: unknown key", with the setting that was probably meant.
std::string unknownKeyText(std::string_view key);
/// Choices of the study file that stand in the ambiguity register ("updated_task.crop.rounding").
std::span<const ParamDef> studyParamTable();
const ParamDef* findStudyParam(std::string_view key);

/// A row of the ambiguity register that leaves no choice: the rule that always holds.
struct FixedRule
{
    std::string_view registerRow;
    std::string_view rule;
    std::string_view reason;
};
std::span<const FixedRule> fixedRules();

/// Whether a run of this kind and method uses the setting.
bool isUsedBy(const ParamDef& param, std::string_view kind, std::string_view method);
/// The methods known to the program (ids as in spec.json), in the paper's order.
std::span<const std::string_view> methodIds();

/// What is wrong with a value, as a phrase that names the value and what is allowed; nothing if
/// it is fine. Does not know about combinations of settings (resolveRunSpec does).
std::optional<std::string> findProblem(const ParamDef& param, const Json& value);
/// "0 to 1", "WM, IO, TO", "auto or 1 to 4096": what a setting accepts.
std::string allowedText(const ParamDef& param);

} // namespace clwb::spec
