// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/sweep_document.h"

#include "core/spec/fields.h"

#include <algorithm>

namespace clwb::spec
{
namespace
{

/// Dotted key → value; settings of other methods left out, as in toJson().
Json flatSpec(const RunSpec& spec)
{
    Json flat = Json::object();
    const Json document = toJson(spec);
    for (const Field& field : fields()) {
        const std::string key(field.key);
        const size_t dot = key.find('.');
        const Json* group = &document;
        if (dot != std::string::npos)
            group = &document.at(key.substr(0, dot));
        const auto value = group->find(dot == std::string::npos ? key : key.substr(dot + 1));
        if (value != group->end())
            flat[key] = *value;
    }
    return flat;
}

bool areSame(const std::vector<Trial>& some, const std::vector<Trial>& others)
{
    bool same = some.size() == others.size();
    for (size_t i = 0; same && i < some.size(); ++i)
        same = some[i].number == others[i].number && toJson(some[i].spec) == toJson(others[i].spec);
    return same;
}

} // namespace

Result<Json> sweepDocument(const std::string& name, OnFailure onFailure,
                           const std::vector<Trial>& trials)
{
    std::vector<Json> specs;
    for (const Trial& trial : trials)
        specs.push_back(flatSpec(trial.spec));
    Json base = specs.front();
    base.erase("name"); // a trial's own, lest the reader add what tells it apart
    for (const auto& item : specs.front().items()) {
        const bool isShared = std::all_of(specs.begin(), specs.end(), [&](const Json& spec) {
            return spec.contains(item.key()) && spec.at(item.key()) == item.value();
        });
        if (!isShared)
            base.erase(item.key());
    }
    for (Json& spec : specs) {
        for (const auto& [key, value] : base.items())
            spec.erase(key);
    }
    Json list = Json::array();
    for (size_t i = 0; i < trials.size(); ++i) {
        while (static_cast<int>(list.size()) + 1 < trials[i].number)
            list.push_back(i > 0 ? specs[i - 1] : specs[i]);
        list.push_back(specs[i]);
    }
    Json document{
        {"schema", 1},  {"name", name},
        {"base", base}, {"mode", "list"},
        {"list", list}, {"on_failure", onFailure == OnFailure::Stop ? "stop" : "continue"}};
    const auto read = resolveSweep(document, {});
    if (!read)
        return Failure(Error(read.error()).in("the file of sweep " + name));
    if (!areSame(read->trials, trials))
        return fail(ErrorCode::Data,
                    "the sweep " + name +
                        " cannot be written as a file: it would come to other "
                        "trials",
                    "Give the file that it came from to “clwb slurm”.");
    return document;
}

} // namespace clwb::spec
