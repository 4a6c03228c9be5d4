// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs share a row, in which order rows stand, and what their labels say.
#include "core/report/table_kinds.h"
#include "core/spec/param.h"

#include <algorithm>
#include <array>
#include <cmath>
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

/// Parameters that tell configurations apart; the seed doesn't.
std::map<std::string, std::string> distinguishing(const ReportRun& run)
{
    std::map<std::string, std::string> params;
    for (const auto& [key, value] : run.params) {
        if (key.starts_with("params.") || key.starts_with("schedule.") ||
            key.starts_with("optimizer."))
            params.insert({key, value});
    }
    return params;
}

std::string configurationOf(const ReportRun& run)
{
    std::string text = run.origin + "|" + labelOf(run) + "|" + run.setting + "|";
    if (!run.configuration.empty())
        return text + run.configuration;
    text += run.study + "|" + run.model;
    for (const auto& [key, value] : distinguishing(run))
        text += "|" + key + "=" + value;
    return text;
}

std::string paramLabel(const std::string& key)
{
    const spec::ParamDef* param = spec::findParam(key);
    return param ? std::string(param->label) : key;
}

/// Puts what differs behind labels that would otherwise be the same.
void tellApart(std::vector<RunGroup>& groups)
{
    std::map<std::string, std::vector<RunGroup*>> byLabel;
    for (RunGroup& group : groups)
        byLabel[group.first().origin + "|" + group.label].push_back(&group);
    for (auto& [key, same] : byLabel) {
        if (same.size() < 2)
            continue;
        std::map<std::string, std::set<std::string>> values;
        for (const RunGroup* group : same) {
            for (const auto& [param, value] : distinguishing(group->first()))
                values[param];
        }
        for (auto& [param, distinct] : values) {
            for (const RunGroup* group : same)
                distinct.insert(paramText(group->first(), param));
        }
        std::map<std::string, int> uses;
        for (RunGroup* group : same) {
            std::string differences;
            for (const auto& [param, distinct] : values) {
                const std::string text = paramText(group->first(), param);
                if (distinct.size() > 1 && !text.empty())
                    differences +=
                        (differences.empty() ? "" : ", ") + paramLabel(param) + " " + text;
            }
            if (!differences.empty())
                group->label += " (" + differences + ")";
            ++uses[group->label];
        }
        for (RunGroup* group : same) {
            if (uses[group->label] > 1)
                group->label += " #" + std::to_string(group->first().runId);
        }
    }
}

} // namespace

std::vector<const ReportRun*> sortedRuns(const std::vector<ReportRun>& runs)
{
    std::vector<const ReportRun*> sorted;
    for (const ReportRun& run : runs)
        sorted.push_back(&run);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* a, const auto* b) { return a->runId < b->runId; });
    return sorted;
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

std::vector<RunGroup> paperOrder(const std::vector<const ReportRun*>& runs, bool joinSeeds)
{
    std::vector<const ReportRun*> sorted = runs;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* a, const auto* b) { return orderKey(*a) < orderKey(*b); });
    std::vector<RunGroup> groups;
    std::map<std::string, size_t> known;
    for (const ReportRun* run : sorted) {
        const std::string configuration = configurationOf(*run);
        const auto found = known.find(configuration);
        if (joinSeeds && found != known.end()) {
            groups[found->second].runs.push_back(run);
            continue;
        }
        known[configuration] = groups.size();
        groups.push_back({labelOf(*run), {run}});
    }
    tellApart(groups);
    return groups;
}

Cell metricCell(const RunGroup& group, const std::string& metric)
{
    std::vector<double> values;
    for (const ReportRun* run : group.runs) {
        if (const auto value = metricOf(*run, metric))
            values.push_back(*value);
    }
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

} // namespace clwb::report::detail
