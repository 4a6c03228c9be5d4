// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's search of α or β (algorithms.md §7): candidates see training and validation data
// only.
#include "core/base/number_text.h"
#include "core/spec/fields.h"
#include "core/spec/param.h"
#include "core/spec/sweep.h"
#include "core/spec/trial_combinations.h"
#include "core/spec/trial_source.h"

#include <algorithm>
#include <cmath>

namespace fs = std::filesystem;

namespace clwb::spec
{
namespace
{

using Errors = std::vector<std::string>;

/// A method's parameter and the values that are tried unless the file says others.
struct DefaultGrid
{
    std::string_view method;
    std::string_view parameter;
    std::vector<double> values;
};

const std::vector<DefaultGrid>& defaultGrids()
{
    static const std::vector<DefaultGrid> grids{
        {"imm", "params.alpha", {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}},
        {"lwf", "params.beta", {0.1, 0.3, 1, 3, 10}},
        {"vr-lwf", "params.beta", {0.1, 0.3, 1, 3, 10}},
        {"geodl", "params.beta", {1, 3, 10, 30, 100}},
    };
    return grids;
}

const DefaultGrid* defaultGrid(const std::string& method)
{
    const auto& grids = defaultGrids();
    const auto found = std::find_if(grids.begin(), grids.end(),
                                    [&](const DefaultGrid& grid) { return grid.method == method; });
    return found == grids.end() ? nullptr : &*found;
}

/// The base is a training of one method that the test split will judge in the end.
void checkBase(const RunSpec& base, Errors& errors)
{
    if (base.kind != "method")
        errors.push_back("base.kind: is \"" + base.kind + "\", a search trains a method");
    if (!base.evaluate.test)
        errors.emplace_back("base.evaluate.test: is false, but the chosen run is evaluated on the "
                            "test split; candidates never are, leave the key out");
    if (base.evaluate.after == "never")
        errors.emplace_back(
            "base.evaluate.after: is \"never\", the chosen run would have no result");
}

void checkParameter(const Search& search, const detail::TrialSource& source, Errors& errors)
{
    const ParamDef* param = findParam(search.parameter);
    if (!param) {
        errors.push_back("parameter: " + unknownKeyText(search.parameter));
        return;
    }
    if ((param->type != ParamType::Number && param->type != ParamType::Integer) ||
        search.parameter == "seed")
        errors.push_back("parameter: " + search.parameter + " is nothing that a search can choose");
    else if (!isUsedBy(*param, search.base.kind, search.base.method))
        errors.push_back("parameter: " + search.parameter + " is not used by method \"" +
                         search.base.method + "\"");
    if (source.isSet(search.parameter))
        errors.push_back("--set " + search.parameter + ": is what the search chooses");
}

void readParameter(JsonReader& reader, Search& search, Errors& errors)
{
    search.parameter = reader.text("parameter", "");
    if (!search.parameter.empty())
        return;
    if (const DefaultGrid* grid = defaultGrid(search.base.method))
        search.parameter = grid->parameter;
    else
        errors.push_back("parameter: is needed, method \"" + search.base.method +
                         "\" has neither α nor β");
}

void readValues(JsonReader& reader, Search& search, Errors& errors)
{
    const Json* values = reader.raw("values");
    const DefaultGrid* grid = defaultGrid(search.base.method);
    if (!values && grid && grid->parameter == search.parameter) {
        search.values = grid->values;
        return;
    }
    if (!values) {
        reader.addError("values", "are needed, there are no usual ones of " + search.parameter);
        return;
    }
    const size_t before = errors.size();
    detail::checkValues("values", search.parameter, *values, errors);
    if (errors.size() > before)
        return;
    for (const Json& value : *values) {
        if (value.is_number())
            search.values.push_back(value.get<double>());
        else
            reader.addError("values", "expected numbers, got " + value.dump());
    }
}

Json numberOf(const Search& search, double value)
{
    return findParam(search.parameter)->type == ParamType::Integer
               ? Json(static_cast<int64_t>(value))
               : Json(value);
}

Trial trialOf(const Search& search, double value, int number)
{
    Trial trial{number, Json::object(), search.base};
    trial.varied[search.parameter] = numberOf(search, value);
    findField(search.parameter)->set(trial.spec, trial.varied[search.parameter]);
    trial.spec.name = detail::trialName(search.base, trial.varied);
    return trial;
}

// Neither the test split nor retrieval, which the objective does not ask for, and only at the end.
void judgeByValidation(RunSpec& spec)
{
    spec.evaluate.after = "run";
    spec.evaluate.what = {"ut", "zs"};
    spec.evaluate.test = false;
    spec.evaluate.validation = true;
    spec.checkpoints = "last";
}

} // namespace

bool Search::needsOneTraining() const
{
    return base.method == "imm" && !base.isMultiSession() && parameter == "params.alpha";
}

Result<Search> resolveSearch(const Json& document, const fs::path& folder,
                             const SweepOverrides& overrides)
{
    Errors errors;
    if (!document.is_object())
        return detail::sweepErrors("search", {"the document: expected an object"});
    JsonReader reader(document, "", errors);
    detail::TrialSource source(reader, folder, overrides, errors);
    Search search;
    search.name = source.name();
    search.document = document;
    search.refine = reader.boolean("refine", false);
    auto base = source.resolve(Json::object(), errors);
    if (base) {
        search.base = std::move(base->spec);
        search.notes = std::move(base->warnings);
        checkBase(search.base, errors);
        readParameter(reader, search, errors);
        if (!search.parameter.empty())
            checkParameter(search, source, errors);
        if (findParam(search.parameter))
            readValues(reader, search, errors);
    }
    reader.raw("parameter");
    reader.raw("values");
    reader.finish();
    if (!errors.empty())
        return detail::sweepErrors("search", errors);
    return search;
}

Result<Search> readSearch(const fs::path& file, const SweepOverrides& overrides)
{
    CLWB_ASSIGN(const Json document, readJsonFile(file));
    CLWB_ASSIGN(Search search,
                resolveSearch(document, fs::absolute(file).parent_path(), overrides));
    if (search.name.empty())
        search.name = file.stem().string();
    return search;
}

Trial candidateOf(const Search& search, double value, int number)
{
    Trial trial = trialOf(search, value, number);
    trial.spec.name += " (candidate)";
    judgeByValidation(trial.spec);
    return trial;
}

Trial trainingOf(const Search& search, int number)
{
    Trial trial{number, {{"method", "ft"}}, search.base};
    trial.spec.method = "ft";
    trial.spec.name = displayLabel("method", "ft", search.base.option) + " for " + search.base.name;
    judgeByValidation(trial.spec);
    return trial;
}

Trial winnerOf(const Search& search, double value, int number)
{
    return trialOf(search, value, number);
}

std::vector<double> refinedValues(const Search& search, double best)
{
    std::vector<double> values;
    for (const double value : {best / std::sqrt(3.0), best * std::sqrt(3.0)}) {
        double shown = roundedToDigits(value, 6);
        const ParamDef* param = findParam(search.parameter);
        if (param->type == ParamType::Integer)
            shown = std::round(shown);
        const bool isKnown =
            std::find(search.values.begin(), search.values.end(), shown) != search.values.end() ||
            std::find(values.begin(), values.end(), shown) != values.end();
        if (!isKnown && !findProblem(*param, numberOf(search, shown)))
            values.push_back(shown);
    }
    return values;
}

} // namespace clwb::spec
