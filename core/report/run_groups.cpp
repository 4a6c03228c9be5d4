// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs share a row, in which order rows stand, and what their labels say.
#include "core/report/table_kinds.h"
#include "core/spec/param.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

namespace clwb::report::detail
{
namespace
{

template<size_t N>
size_t placeIn(const std::array<std::string_view, N>& order, const std::string& word)
{
    return static_cast<size_t>(std::find(order.begin(), order.end(), word) - order.begin());
}

/// What stands before what in the paper's tables.
auto orderKey(const ReportRun& run)
{
    constexpr std::array<std::string_view, 3> kKinds{"original", "joint", "method"};
    constexpr std::array<std::string_view, 3> kOptions{"WM", "IO", "TO"};
    const auto methods = spec::methodIds();
    const auto method = std::find(methods.begin(), methods.end(), run.method) - methods.begin();
    const size_t option = run.isReference() ? 0 : placeIn(kOptions, run.option);
    return std::tuple(placeIn(kKinds, run.kind), option, method, run.isReported(), run.runId);
}

/// Tells runs apart whose study is the same and whose pictures or lists are not; runs of older
/// programs have none and go with any.
constexpr const char* kManifest = "data_manifest.sha256";

std::string modelOf(const ReportRun& run)
{
    const std::string hash = paramText(run, "model_sha256");
    return hash.empty() ? run.model : hash;
}

/// What tells configurations apart; the seed doesn't. Where study and model lie is no difference:
/// their content is, and their name where it is not known yet.
std::map<std::string, std::string> distinguishing(const ReportRun& run)
{
    std::map<std::string, std::string> params{
        {"setting", run.setting}, {"study", shortName(run.study)}, {"model", shortName(run.model)}};
    for (const auto& [key, value] : run.params) {
        if (key.starts_with("params.") || key.starts_with("schedule.") ||
            key.starts_with("optimizer.") || key == "precision" || key == "evaluate.label_space")
            params[key] = paramText(run, key);
    }
    return params;
}

std::string configurationOf(const ReportRun& run)
{
    std::string text = run.origin + "|" + labelOf(run) + "|" + run.setting + "|" + studyKeyOf(run) +
                       "|" + modelOf(run) + "|" + run.labelSpace;
    // A run that has not come to its end is no further sample of those that have.
    if (!run.isFinished())
        text += "|" + run.status + std::to_string(run.lastSession().value_or(0));
    if (!run.configuration.empty())
        return text + "|" + run.configuration;
    for (const auto& [key, value] : distinguishing(run))
        text += "|" + key + "=" + value;
    if (run.branchedFrom)
        text += "|session " + std::to_string(run.branchedFrom->session) + " of " +
                paramText(run, "branched_from.configuration");
    return text;
}

/// "β 3.0", "MST".
std::string phraseFor(const std::string& key, const std::string& value)
{
    if (key == "setting")
        return value;
    const spec::ParamDef* param = spec::findParam(key);
    return (param ? std::string(param->label) : key) + " " + value;
}

/// Puts what differs behind labels that would otherwise be the same.
void tellApart(const std::vector<RunGroup*>& same)
{
    std::map<std::string, std::set<std::string>> values;
    for (const RunGroup* group : same) {
        for (const auto& [key, value] : distinguishing(group->first()))
            values[key];
    }
    for (auto& [key, distinct] : values) {
        for (const RunGroup* group : same) {
            const auto params = distinguishing(group->first());
            const auto found = params.find(key);
            distinct.insert(found == params.end() ? "" : found->second);
        }
    }
    std::map<std::string, int> uses;
    for (RunGroup* group : same) {
        std::string differences;
        for (const auto& [key, value] : distinguishing(group->first())) {
            if (values[key].size() > 1 && !value.empty())
                differences += (differences.empty() ? "" : ", ") + phraseFor(key, value);
        }
        if (!group->first().isFinished())
            differences += (differences.empty() ? "" : ", ") + group->first().status;
        if (!differences.empty())
            group->label += " (" + differences + ")";
        ++uses[group->label];
    }
    for (RunGroup* group : same) {
        if (uses[group->label] > 1)
            group->label += " " + numbersOf(*group);
    }
}

void tellAllApart(std::vector<RunGroup>& groups)
{
    std::map<std::string, std::vector<RunGroup*>> byLabel;
    for (RunGroup& group : groups) {
        if (!group.isMissing())
            byLabel[group.first().origin + "|" + group.label].push_back(&group);
    }
    for (const auto& [key, same] : byLabel) {
        if (same.size() > 1)
            tellApart(same);
    }
}

int64_t sourceOf(const ReportRun& run)
{
    return run.branchedFrom ? run.branchedFrom->runId : 0;
}

/// The same seed again is no further sample: the later run stands for both.
void addSample(RunGroup& group, const ReportRun* run)
{
    const auto same = std::find_if(group.runs.begin(), group.runs.end(), [&](const auto* other) {
        return run->seed && other->seed == run->seed && sourceOf(*other) == sourceOf(*run);
    });
    if (same == group.runs.end()) {
        group.runs.push_back(run);
        return;
    }
    for (ReplacedRun& earlier : group.replaced) {
        if (earlier.countedRun == (*same)->runId)
            earlier.countedRun = run->runId;
    }
    group.replaced.push_back({(*same)->runId, run->runId, run->seed});
    *same = run;
}

std::vector<RunGroup> paperOrder(const Runs& runs)
{
    Runs sorted = runs;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* a, const auto* b) { return orderKey(*a) < orderKey(*b); });
    std::vector<RunGroup> groups;
    std::map<std::string, std::vector<size_t>> known;
    std::vector<std::string> manifests; // of the groups
    for (const ReportRun* run : sorted) {
        const std::string manifest = paramText(*run, kManifest);
        std::vector<size_t>& same = known[configurationOf(*run)];
        const auto place = std::find_if(same.begin(), same.end(), [&](size_t group) {
            return manifest.empty() || manifests[group].empty() || manifests[group] == manifest;
        });
        if (place == same.end()) {
            same.push_back(groups.size());
            groups.push_back({labelOf(*run), {run}});
            manifests.push_back(manifest);
            continue;
        }
        addSample(groups[*place], run);
        if (manifests[*place].empty())
            manifests[*place] = manifest;
    }
    for (RunGroup& group : groups)
        group.label += branchPhrase(group);
    for (const auto& [configuration, same] : known) {
        for (const size_t group : same) {
            if (same.size() > 1)
                groups[group].label += " on data " + manifests[group].substr(0, 8);
        }
    }
    tellAllApart(groups);
    return groups;
}

} // namespace

std::string shortName(const std::string& path)
{
    const std::filesystem::path place(path);
    const bool isStandard = place.filename() == "study.json" && place.has_parent_path();
    return (isStandard ? place.parent_path() : place).filename().string();
}

Runs sortedRuns(const std::vector<ReportRun>& runs)
{
    Runs sorted;
    for (const ReportRun& run : runs)
        sorted.push_back(&run);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* a, const auto* b) { return a->runId < b->runId; });
    return sorted;
}

std::vector<RunGroup> groupsOf(const Runs& runs, Layout layout)
{
    if (layout == Layout::Paper)
        return paperOrder(runs);
    std::vector<RunGroup> groups;
    for (const ReportRun* run : runs) {
        groups.push_back({labelOf(*run), {run}});
        groups.back().label += branchPhrase(groups.back());
    }
    return groups;
}

std::string numbersOf(const RunGroup& group)
{
    constexpr size_t kMostNamed = 3;
    std::string text;
    for (size_t at = 0; at < std::min(kMostNamed, group.runs.size()); ++at)
        text += (at == 0 ? "#" : ", #") + std::to_string(group.runs[at]->runId);
    return group.runs.size() > kMostNamed ? text + ", …" : text;
}

std::string branchPhrase(const RunGroup& group)
{
    const auto& branch = group.first().branchedFrom;
    if (!branch)
        return {};
    const bool isShared = std::all_of(group.runs.begin(), group.runs.end(), [&](const auto* run) {
        return sourceOf(*run) == branch->runId;
    });
    return isShared ? " " + branchText(*branch)
                    : " from " + std::to_string(group.runs.size()) + " runs, session " +
                          std::to_string(branch->session);
}

Row rowOf(const RunGroup& group)
{
    const ReportRun& first = group.first();
    Row row;
    for (const ReportRun* run : group.runs) {
        if (run->runId != 0)
            row.runIds.push_back(run->runId);
    }
    row.isReference = first.isReference();
    row.isReported = first.isReported();
    row.isUnfinished = !first.isFinished();
    row.group = row.isReference ? "" : first.option;
    // Numbers of other data, or counted among other classes, are no rivals.
    row.contest = first.setting + "|" + studyKeyOf(first) + "|" + first.labelSpace;
    return row;
}

Cell textCell(std::string text)
{
    Cell cell;
    cell.text = std::move(text);
    return cell;
}

Cell numberCell(std::optional<double> value)
{
    Cell cell;
    cell.value = value;
    return cell;
}

Cell joinedCell(const std::vector<double>& values)
{
    Cell cell;
    if (values.empty())
        return cell;
    const auto count = static_cast<double>(values.size());
    double mean = 0;
    for (const double value : values)
        mean += value / count;
    cell.value = values.size() == 1 ? values.front() : mean;
    cell.count = static_cast<int>(values.size());
    if (values.size() > 1) {
        double squares = 0;
        for (const double value : values)
            squares += (value - mean) * (value - mean);
        cell.deviation = std::sqrt(squares / (count - 1));
    }
    return cell;
}

Cell idCell(const RunGroup& group, Layout layout)
{
    if (layout == Layout::Paper)
        return textCell(group.label);
    return numberCell(static_cast<double>(group.first().runId));
}

Column idColumn(Layout layout)
{
    return layout == Layout::Raw ? Column{"run_id", "Run", Role::Id}
                                 : Column{"label", "Method", Role::Text};
}

} // namespace clwb::report::detail
