// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/param.h"

#include "core/base/number_text.h"
#include "core/spec/method_params.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace clwb::spec
{
namespace
{

constexpr size_t kMaxText = 4096;
constexpr size_t kMaxList = 1000;

std::string joined(const std::vector<std::string_view>& words)
{
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

std::string shown(const Json& value)
{
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

std::string notAllowed(const ParamDef& param, const Json& value)
{
    std::string text = "is " + shown(value) + ", allowed are " + allowedText(param);
    if (value.is_string() && !param.choices.empty()) {
        const std::vector<std::string> words(param.choices.begin(), param.choices.end());
        if (const auto nearest = nearestWord(value.get<std::string>(), words))
            text += "; did you mean \"" + *nearest + "\"?";
    }
    if (!param.rangeNote.empty())
        text += " (" + std::string(param.rangeNote) + ")";
    return text;
}

bool isWhole(const Json& value)
{
    if (value.is_number_integer())
        return true;
    return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>() &&
           std::abs(value.get<double>()) < 9e15;
}

std::optional<std::string> problemOfNumber(const ParamDef& param, const Json& value, bool whole)
{
    const bool isSpecial = param.special == "null" ? value.is_null()
                                                   : !param.special.empty() && value.is_string() &&
                                                         value.get<std::string>() == param.special;
    if (isSpecial)
        return std::nullopt;
    if (whole ? !isWhole(value) : !value.is_number()) {
        return "expected " + std::string(whole ? "a whole number" : "a number") +
               (param.special.empty() ? "" : " or " + std::string(param.special)) + ", got " +
               shown(value);
    }
    const double number = value.get<double>();
    if (!(number >= param.min && number <= param.max))
        return notAllowed(param, value);
    return std::nullopt;
}

std::optional<std::string> problemOfText(const Json& value)
{
    if (!value.is_string())
        return "expected text, got " + shown(value);
    const std::string& text = value.get_ref<const std::string&>();
    if (text.size() > kMaxText)
        return "is longer than " + std::to_string(kMaxText) + " bytes";
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(text.begin(), text.end(), isControl))
        return "holds control characters: " + shown(value);
    return std::nullopt;
}

std::optional<std::string> problemOfList(const ParamDef& param, const Json& value)
{
    const bool ofTexts = param.type == ParamType::TextList;
    if (!value.is_array())
        return "expected a list of " + std::string(ofTexts ? "texts" : "numbers") + ", got " +
               shown(value);
    if (value.empty() || value.size() > kMaxList)
        return "expected 1 to " + std::to_string(kMaxList) + " values, got " +
               std::to_string(value.size());
    for (size_t i = 0; i < value.size(); ++i) {
        if (std::find(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(i), value[i]) !=
            value.begin() + static_cast<std::ptrdiff_t>(i))
            return "holds " + shown(value[i]) + " twice";
        if (!ofTexts) {
            if (auto problem = problemOfNumber(param, value[i], true))
                return problem;
        } else if (!value[i].is_string() ||
                   std::find(param.choices.begin(), param.choices.end(),
                             value[i].get<std::string>()) == param.choices.end()) {
            return notAllowed(param, value[i]);
        }
    }
    return std::nullopt;
}

} // namespace

std::span<const ParamDef> paramTable()
{
    static const std::vector<ParamDef> table = [] {
        std::vector<ParamDef> all = detail::identityParams();
        for (auto& part : {detail::methodParams(), detail::trainingParams()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

std::span<const ParamDef> studyParamTable()
{
    static const std::vector<ParamDef> table = detail::studyParams();
    return table;
}

const ParamDef* findParam(std::string_view key)
{
    const auto table = paramTable();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const ParamDef& param) { return param.key == key; });
    return found == table.end() ? nullptr : &*found;
}

const ParamDef* findStudyParam(std::string_view key)
{
    const auto table = studyParamTable();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const ParamDef& param) { return param.key == key; });
    return found == table.end() ? nullptr : &*found;
}

std::span<const FixedRule> fixedRules()
{
    static constexpr std::array rules{
        FixedRule{"A6", "LwF distils over all classes in OST, over previous and current in MST.",
                  "The paper states it."},
        FixedRule{"A10", "Tokens are drawn with replacement; equal pseudo sentences may occur.",
                  "The paper's algorithm draws each token independently."},
        FixedRule{"A11", "A pseudo sentence is start of text, M tokens, end of text, padding.",
                  "No prompt is mentioned, and 70 tokens fit only without one."},
        FixedRule{"A25", "The year of COCO is the study's choice; 2014 is the paper's.",
                  "The 2017 training images contain Karpathy's test images."},
        FixedRule{"A33",
                  "UT-Acc is overall accuracy in OST and the mean over sessions in MST; "
                  "both are always stored.",
                  "The paper's tables do so."},
        FixedRule{"A35", "The model after the last epoch counts; nothing is chosen by results.",
                  "No early stopping is mentioned."},
    };
    return rules;
}

bool isUsedBy(const ParamDef& param, std::string_view kind, std::string_view method)
{
    const bool trains = kind != "original";
    const bool ofTraining = param.key.starts_with("params.") ||
                            param.key.starts_with("schedule.") ||
                            param.key.starts_with("optimizer.") || param.key == "option" ||
                            param.key == "on_nan" || param.key == "checkpoints";
    if (ofTraining && !trains)
        return false;
    if (param.key == "method")
        return kind == "method";
    const std::string_view user = kind == "joint" ? "joint" : method;
    return param.methods.empty() ||
           std::find(param.methods.begin(), param.methods.end(), user) != param.methods.end();
}

std::span<const std::string_view> methodIds()
{
    static constexpr std::array<std::string_view, 6> ids{"ft",  "lwf", "geodl",
                                                         "imm", "rkr", "vr-lwf"};
    return ids;
}

std::optional<std::string> findProblem(const ParamDef& param, const Json& value)
{
    switch (param.type) {
    case ParamType::Text:
        return problemOfText(value);
    case ParamType::Choice:
        if (!value.is_string())
            return "expected one of " + joined(param.choices) + ", got " + shown(value);
        if (std::find(param.choices.begin(), param.choices.end(), value.get<std::string>()) ==
            param.choices.end())
            return notAllowed(param, value);
        return std::nullopt;
    case ParamType::Number:
        return problemOfNumber(param, value, false);
    case ParamType::Integer:
        return problemOfNumber(param, value, true);
    case ParamType::Boolean:
        if (!value.is_boolean())
            return "expected true or false, got " + shown(value);
        return std::nullopt;
    case ParamType::TextList:
    case ParamType::IntegerList:
        return problemOfList(param, value);
    }
    return std::nullopt;
}

std::string allowedText(const ParamDef& param)
{
    switch (param.type) {
    case ParamType::Text:
        return param.isPath ? "path" : "text";
    case ParamType::Choice:
    case ParamType::TextList:
        return joined(param.choices);
    case ParamType::Boolean:
        return "true, false";
    case ParamType::Number:
    case ParamType::Integer:
    case ParamType::IntegerList:
        break;
    }
    const std::string range = param.type == ParamType::Number
                                  ? shortestText(param.min) + " to " + shortestText(param.max)
                                  : fixedText(param.min, 0) + " to " + fixedText(param.max, 0);
    return param.special.empty() ? range : std::string(param.special) + " or " + range;
}

} // namespace clwb::spec
