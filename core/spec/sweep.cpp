// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/sweep.h"

#include "core/spec/trial_combinations.h"
#include "core/spec/trial_source.h"

#include <algorithm>
#include <map>
#include <set>

namespace fs = std::filesystem;

namespace clwb::spec
{
namespace
{

using Errors = std::vector<std::string>;

std::string describe(const Json& varied)
{
    std::string text;
    for (const auto& [key, value] : varied.items())
        text += (text.empty() ? "" : ", ") + key + "=" +
                (value.is_string() ? value.get<std::string>() : value.dump());
    return text;
}

/// Problems of single trials, those of all of them once.
class TrialErrors
{
public:
    void add(const Trial& trial, const Errors& lines)
    {
        ++m_trials;
        for (const std::string& line : lines) {
            auto& places = m_places[line];
            if (places.empty())
                m_order.push_back(line);
            places.push_back("trial " + std::to_string(trial.number) + " (" +
                             describe(trial.varied) + ")");
        }
    }
    void addGoodTrial() { ++m_trials; }
    void moveInto(Errors& errors) const
    {
        constexpr size_t kNamed = 5;
        for (const std::string& line : m_order) {
            const auto& places = m_places.at(line);
            if (places.size() == m_trials) {
                errors.push_back((m_trials > 1 ? "every trial: " : "") + line);
                continue;
            }
            for (size_t i = 0; i < std::min(places.size(), kNamed); ++i)
                errors.push_back(places[i] + ": " + line);
            if (places.size() > kNamed)
                errors.push_back(std::to_string(places.size() - kNamed) + " more trials: " + line);
        }
    }

private:
    size_t m_trials = 0;
    std::vector<std::string> m_order;
    std::map<std::string, std::vector<std::string>> m_places;
};

/// What a run is, but for its name.
std::string identityOf(const RunSpec& spec)
{
    Json document = toJson(spec);
    document.erase("name");
    return document.dump();
}

void resolveTrials(detail::TrialSource& source, const std::vector<Json>& combinations, Sweep& sweep,
                   Errors& errors)
{
    TrialErrors problems;
    std::map<std::string, int> seen;
    std::set<std::string> notes;
    for (size_t i = 0; i < combinations.size(); ++i) {
        Trial trial{static_cast<int>(i) + 1, combinations[i], {}};
        Errors lines;
        for (const auto& [key, value] : trial.varied.items()) {
            if (source.isSet(key))
                lines.push_back("--set " + key +
                                ": the sweep varies it, so it cannot be the same "
                                "for all");
        }
        auto resolved = source.resolve(trial.varied, lines);
        if (!resolved || !lines.empty()) {
            problems.add(trial, lines);
            continue;
        }
        problems.addGoodTrial();
        notes.insert(resolved->warnings.begin(), resolved->warnings.end());
        trial.spec = std::move(resolved->spec);
        const auto [first, isNew] = seen.emplace(identityOf(trial.spec), trial.number);
        if (isNew)
            sweep.trials.push_back(std::move(trial));
        else
            notes.insert("trial " + std::to_string(trial.number) + " comes to the same as trial " +
                         std::to_string(first->second) + ", left out");
    }
    problems.moveInto(errors);
    sweep.notes.assign(notes.begin(), notes.end());
}

} // namespace

Result<Sweep> resolveSweep(const Json& document, const fs::path& folder,
                           const SweepOverrides& overrides)
{
    Errors errors;
    if (!document.is_object())
        return detail::sweepErrors("sweep", {"the document: expected an object"});
    JsonReader reader(document, "", errors);
    detail::TrialSource source(reader, folder, overrides, errors);
    Sweep sweep;
    sweep.name = source.name();
    sweep.document = document;
    const std::vector<Json> combinations = detail::readCombinations(reader, errors);
    // A misspelt key elsewhere is no reason to say nothing about the trials.
    const bool hasTrials = errors.empty();
    sweep.onFailure = reader.oneOf("on_failure", "continue", {"continue", "stop"}) == "stop"
                          ? OnFailure::Stop
                          : OnFailure::Continue;
    reader.finish();
    if (hasTrials)
        resolveTrials(source, combinations, sweep, errors);
    if (!errors.empty())
        return detail::sweepErrors("sweep", errors);
    return sweep;
}

Result<Sweep> readSweep(const fs::path& file, const SweepOverrides& overrides)
{
    CLWB_ASSIGN(const Json document, readJsonFile(file));
    CLWB_ASSIGN(Sweep sweep, resolveSweep(document, fs::absolute(file).parent_path(), overrides));
    if (sweep.name.empty())
        sweep.name = file.stem().string();
    return sweep;
}

} // namespace clwb::spec
