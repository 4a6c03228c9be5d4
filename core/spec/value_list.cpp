// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/value_list.h"

#include "core/base/check.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>

namespace clwb::spec
{
namespace
{

constexpr int kDigits = 6;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\n\r";
    const size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Failure badList(std::string_view text, const std::string& why)
{
    return fail(ErrorCode::Usage, "“" + std::string(text) + "” " + why,
                "Write values like 1, 3, 10 or a range like 0..1 step 0.25 or 0.1..10 in 5.");
}

Json valueOf(const ParamDef& param, std::string_view text)
{
    if (const auto whole = parseInteger(text))
        return param.type == ParamType::Integer ? Json(*whole) : Json(static_cast<double>(*whole));
    if (const auto number = parseDouble(text))
        return *number;
    return text == "null" ? Json() : Json(std::string(text));
}

/// "A..B", then " step S" or " in N".
struct Range
{
    double first = 0;
    double last = 0;
    std::optional<double> step;
    std::optional<long long> count;
};

Result<Range> parseRange(std::string_view item, size_t dots, size_t dotsLength)
{
    Range range;
    std::string_view end = trimmed(item.substr(dots + dotsLength));
    std::string_view rest;
    if (const size_t blank = end.find(' '); blank != std::string_view::npos) {
        rest = trimmed(end.substr(blank));
        end = end.substr(0, blank);
    }
    const auto first = parseDouble(trimmed(item.substr(0, dots)));
    const auto last = parseDouble(end);
    if (!first || !last || !std::isfinite(*first) || !std::isfinite(*last))
        return badList(item, "is no range of numbers");
    range.first = *first;
    range.last = *last;
    if (!(range.first < range.last))
        return badList(item, "does not go from a smaller to a larger number");
    if (rest.starts_with("step "))
        range.step = parseDouble(trimmed(rest.substr(5)));
    else if (rest.starts_with("in "))
        range.count = parseInteger(trimmed(rest.substr(3)));
    if (!rest.empty() && !(range.step && *range.step > 0) && !(range.count && *range.count >= 2))
        return badList(item, "ends with neither a step above 0 nor a number of values from 2");
    return range;
}

Result<std::vector<double>> numbersOf(const ParamDef& param, std::string_view item,
                                      const Range& range)
{
    const bool isWhole = param.type == ParamType::Integer;
    if (!range.step && !range.count && !isWhole)
        return badList(item, "does not say which values: add a step or a number of values");
    std::vector<double> numbers;
    if (range.count) {
        if (*range.count > static_cast<long long>(kMostListedValues))
            return badList(item, "has more than " + std::to_string(kMostListedValues) + " values");
        const bool byFactors = param.logarithmic && range.first > 0;
        for (long long i = 0; i < *range.count; ++i) {
            const double part = static_cast<double>(i) / static_cast<double>(*range.count - 1);
            double number = byFactors ? range.first * std::pow(range.last / range.first, part)
                                      : range.first + part * (range.last - range.first);
            number = isWhole ? std::round(number) : roundedToDigits(number, kDigits);
            if (i == 0 || i + 1 == *range.count)
                number = i == 0 ? range.first : range.last; // the ends are what was written
            // Whole numbers of a short range come together.
            if (numbers.empty() || numbers.back() != number)
                numbers.push_back(number);
        }
        return numbers;
    }
    const double step = range.step.value_or(1);
    // The last one counts although 0.1 is not exactly a tenth.
    const double steps = std::floor((range.last - range.first) / step + 1e-9);
    if (!(steps < static_cast<double>(kMostListedValues)))
        return badList(item, "has more than " + std::to_string(kMostListedValues) + " values");
    for (int i = 0; i <= static_cast<int>(steps); ++i) {
        const double number = range.first + i * step;
        numbers.push_back(isWhole ? number : roundedToDigits(number, kDigits));
    }
    return numbers;
}

Result<std::vector<Json>> valuesOfItem(const ParamDef& param, std::string_view item)
{
    constexpr std::string_view kEllipsis = "…";
    size_t dots = item.find("..");
    size_t length = 2;
    if (dots == std::string_view::npos) {
        dots = item.find(kEllipsis);
        length = kEllipsis.size();
    }
    if (dots == std::string_view::npos)
        return std::vector<Json>{valueOf(param, item)};
    CLWB_ASSIGN(const Range range, parseRange(item, dots, length));
    CLWB_ASSIGN(const std::vector<double> numbers, numbersOf(param, item, range));
    std::vector<Json> values;
    for (const double number : numbers) {
        if (param.type == ParamType::Integer && std::trunc(number) == number &&
            std::abs(number) < 9e15)
            values.emplace_back(static_cast<int64_t>(number));
        else
            values.emplace_back(number);
    }
    return values;
}

} // namespace

bool takesValueList(const ParamDef& param)
{
    return param.type == ParamType::Number || param.type == ParamType::Integer;
}

Result<std::vector<Json>> parseValueList(const ParamDef& param, std::string_view text)
{
    CLWB_CHECK(takesValueList(param), std::string(param.key));
    std::vector<Json> values;
    size_t start = 0;
    while (start <= text.size()) {
        const size_t comma = std::min(text.find(',', start), text.size());
        const std::string_view item = trimmed(text.substr(start, comma - start));
        start = comma + 1;
        if (item.empty())
            continue; // a comma at the end, while typing
        CLWB_ASSIGN(const std::vector<Json> more, valuesOfItem(param, item));
        for (const Json& value : more) {
            if (const auto problem = findProblem(param, value))
                return fail(ErrorCode::Usage, *problem);
            if (std::find(values.begin(), values.end(), value) != values.end())
                return badList(item, "gives " + value.dump() + " a second time");
            values.push_back(value);
        }
        if (values.size() > kMostListedValues)
            return badList(item, "makes more than " + std::to_string(kMostListedValues) +
                                     " values in all");
    }
    if (values.empty())
        return badList(trimmed(text), "has no value");
    return values;
}

} // namespace clwb::spec
