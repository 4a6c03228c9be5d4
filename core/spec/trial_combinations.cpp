// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/trial_combinations.h"

#include "core/base/number_text.h"
#include "core/base/random_stream.h"
#include "core/spec/param.h"

#include <algorithm>
#include <cmath>

namespace clwb::spec::detail
{
namespace
{

constexpr size_t kMaxTrials = 10000;
constexpr int64_t kMaxSeed = int64_t{1} << 53;

using Errors = std::vector<std::string>;

/// Every combination, the last key varying fastest.
std::vector<Json> readGrid(const Json& grid, Errors& errors)
{
    if (!grid.is_object() || grid.empty()) {
        errors.emplace_back("grid: expected an object of keys with their values");
        return {};
    }
    std::vector<Json> combinations{Json::object()};
    for (const auto& [key, values] : grid.items()) {
        if (!findParam(key)) {
            errors.push_back("grid." + unknownKeyText(key));
            continue;
        }
        checkValues("grid." + key, key, values, errors);
        if (!values.is_array() || combinations.size() * values.size() > kMaxTrials) {
            if (values.is_array())
                errors.push_back("grid: more than " + std::to_string(kMaxTrials) + " trials");
            return {};
        }
        std::vector<Json> longer;
        for (const Json& before : combinations) {
            for (const Json& value : values) {
                longer.push_back(before);
                longer.back()[key] = value;
            }
        }
        combinations = std::move(longer);
    }
    return combinations;
}

/// {"params":{"beta":3}} and {"params.beta":3} alike become the latter.
void flattenEntry(const std::string& where, const std::string& group, const Json& entry, Json& flat,
                  Errors& errors)
{
    for (const auto& [name, value] : entry.items()) {
        const std::string key = group.empty() ? name : group + "." + name;
        if (findParam(key)) {
            checkValue(where + "." + key, key, value, errors);
            if (flat.contains(key))
                errors.push_back(where + "." + key + ": is given twice");
            flat[key] = value;
        } else if (group.empty() && value.is_object()) {
            flattenEntry(where, name, value, flat, errors);
        } else {
            errors.push_back(where + "." + unknownKeyText(key));
        }
    }
}

std::vector<Json> readList(const Json& list, Errors& errors)
{
    if (!list.is_array() || list.empty() || list.size() > kMaxTrials) {
        errors.push_back("list: expected 1 to " + std::to_string(kMaxTrials) + " objects");
        return {};
    }
    std::vector<Json> combinations;
    for (size_t i = 0; i < list.size(); ++i) {
        const std::string where = "list[" + std::to_string(i) + "]";
        combinations.push_back(Json::object());
        if (list[i].is_object())
            flattenEntry(where, "", list[i], combinations.back(), errors);
        else
            errors.push_back(where + ": expected an object, got " + list[i].dump());
    }
    return combinations;
}

/// How a random value of a key is drawn.
struct Space
{
    std::string key;
    std::string kind; ///< log_uniform | uniform | integer | choice
    Json values;      ///< the two ends, or what to choose from
};

// Six digits say enough, and hide what mathematical libraries differ in.
double rounded(double value)
{
    return roundedToDigits(value, 6);
}

Json drawValue(const Space& space, RandomStream stream)
{
    if (space.kind == "choice")
        return space.values[stream.below(space.values.size())];
    if (space.kind == "integer") {
        const auto low = space.values[0].get<int64_t>();
        const auto high = space.values[1].get<int64_t>();
        return low + static_cast<int64_t>(stream.below(static_cast<uint64_t>(high - low) + 1));
    }
    const auto low = space.values[0].get<double>();
    const auto high = space.values[1].get<double>();
    const double part = stream.uniform();
    const double value = space.kind == "uniform"
                             ? low + part * (high - low)
                             : std::exp(std::log(low) + part * (std::log(high) - std::log(low)));
    return std::clamp(rounded(value), low, high);
}

void checkEnds(const std::string& where, const Space& space, Errors& errors)
{
    const Json& ends = space.values;
    const bool whole = space.kind == "integer";
    const auto fits = [&](const Json& end) {
        return whole ? end.is_number_integer() : end.is_number();
    };
    if (!ends.is_array() || ends.size() != 2 || !fits(ends[0]) || !fits(ends[1])) {
        errors.push_back(where + ": expected [low, high]" + (whole ? " of whole numbers" : "") +
                         ", got " + ends.dump());
        return;
    }
    const ParamType type = findParam(space.key)->type;
    if (type != ParamType::Integer && (whole || type != ParamType::Number)) {
        errors.push_back(where + ": draws " + (whole ? "whole numbers" : "numbers") + ", which " +
                         space.key + " is not; choice takes any values");
        return;
    }
    if (type == ParamType::Integer && !whole) {
        errors.push_back(where + ": " + space.key + " takes whole numbers, draw it with integer");
        return;
    }
    checkValue(where + "[0]", space.key, ends[0], errors);
    checkValue(where + "[1]", space.key, ends[1], errors);
    if (!(ends[0].get<double>() < ends[1].get<double>()))
        errors.push_back(where + ": low must be below high, got " + ends.dump());
    if (space.kind == "log_uniform" && !(ends[0].get<double>() > 0))
        errors.push_back(where + ": needs ends above 0, got " + ends.dump());
}

std::vector<Space> readSpaces(JsonReader& random, Errors& errors)
{
    std::vector<Space> spaces;
    const Json& document = random.object("space");
    if (document.empty())
        random.addError("space", "expected an object of keys and how to draw them");
    for (const auto& [key, rule] : document.items()) {
        if (!findParam(key)) {
            errors.push_back("random.space." + unknownKeyText(key));
            continue;
        }
        const std::string where = "random.space." + key;
        const bool isRule = rule.is_object() && rule.size() == 1;
        const std::string kind = isRule ? rule.begin().key() : std::string();
        if (kind != "log_uniform" && kind != "uniform" && kind != "integer" && kind != "choice") {
            errors.push_back(where +
                             R"(: expected one of {"log_uniform":[low,high]}, )"
                             R"({"uniform":[low,high]}, {"integer":[low,high]}, )"
                             R"({"choice":[…]}, got )" +
                             rule.dump());
            continue;
        }
        spaces.push_back({key, kind, rule.begin().value()});
        if (kind == "choice")
            checkValues(where + ".choice", key, spaces.back().values, errors);
        else
            checkEnds(where + "." + kind, spaces.back(), errors);
    }
    return spaces;
}

std::vector<Json> readRandom(const Json& document, Errors& errors)
{
    const size_t before = errors.size();
    const Json none = Json::object();
    if (!document.is_object())
        errors.push_back("random: expected an object, got " + document.dump());
    JsonReader random(document.is_object() ? document : none, "random", errors);
    const int64_t trials = random.integer("trials", 0, 1, static_cast<int64_t>(kMaxTrials));
    if (!random.has("trials"))
        random.addError("trials", "is needed, a number of runs");
    const auto seed = static_cast<uint64_t>(random.integer("seed", 0, 0, kMaxSeed));
    const std::vector<Space> spaces = readSpaces(random, errors);
    random.finish();
    std::vector<Json> combinations;
    for (int64_t trial = 1; trial <= trials && errors.size() == before; ++trial) {
        combinations.push_back(Json::object());
        for (const Space& space : spaces)
            combinations.back()[space.key] =
                drawValue(space, RandomStream::named(seed, "sweep/" + space.key,
                                                     {static_cast<uint64_t>(trial)}));
    }
    return combinations;
}

/// A part of the file and what reads it.
struct Part
{
    std::string_view name;
    std::vector<Json> (*read)(const Json&, Errors&);
};

/// Each combination once a seed of `seeds`.
std::vector<Json> withSeeds(JsonReader& reader, std::vector<Json> combinations, Errors& errors)
{
    const Json* seeds = reader.raw("seeds");
    if (!seeds)
        return combinations;
    const size_t before = errors.size();
    checkValues("seeds", "seed", *seeds, errors);
    if (errors.size() > before)
        return combinations;
    std::vector<Json> all;
    for (const Json& combination : combinations) {
        if (combination.contains("seed")) {
            reader.addError("seeds", "the trials have seeds of their own; leave one of both out");
            return combinations;
        }
        for (const Json& seed : *seeds) {
            all.push_back(combination);
            all.back()["seed"] = seed;
        }
    }
    return all;
}

} // namespace

void checkValue(const std::string& where, const std::string& key, const Json& value,
                std::vector<std::string>& errors)
{
    if (value == Json("") && (key == "method" || key == "option"))
        return;
    if (const auto problem = findProblem(*findParam(key), value))
        errors.push_back(where + ": " + *problem);
}

void checkValues(const std::string& where, const std::string& key, const Json& values,
                 std::vector<std::string>& errors)
{
    if (!values.is_array() || values.empty()) {
        errors.push_back(where + ": expected a list of values, got " + values.dump());
        return;
    }
    for (size_t i = 0; i < values.size(); ++i) {
        checkValue(where + "[" + std::to_string(i) + "]", key, values[i], errors);
        for (size_t j = 0; j < i; ++j) {
            if (values[i] == values[j])
                errors.push_back(where + ": " + values[i].dump() + " is given twice");
        }
    }
}

std::vector<Json> readCombinations(JsonReader& reader, Errors& errors)
{
    const std::string mode = reader.oneOf("mode", "", {"grid", "list", "random"});
    constexpr Part kParts[]{{"grid", readGrid}, {"list", readList}, {"random", readRandom}};
    std::vector<Json> combinations;
    for (const Part& part : kParts) {
        const Json* document = reader.raw(part.name);
        if (!document && mode == part.name)
            reader.addError(part.name, "is needed in mode " + mode);
        if (!document)
            continue;
        std::vector<Json> found = part.read(*document, errors);
        if (mode == part.name)
            combinations = std::move(found);
    }
    return withSeeds(reader, std::move(combinations), errors);
}

} // namespace clwb::spec::detail
