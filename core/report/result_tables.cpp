// SPDX-License-Identifier: GPL-3.0-or-later
// Tables II to VIII: results by method and option, ablations, word shuffle.
#include "core/base/number_text.h"
#include "core/report/table_kinds.h"

#include <algorithm>
#include <functional>
#include <set>

namespace clwb::report::detail
{
namespace
{

/// A metric column and where its values lie.
struct MetricColumn
{
    std::string key;
    std::string metric;
};

using Runs = std::vector<const ReportRun*>;

Runs runsWhere(const std::vector<ReportRun>& runs,
               const std::function<bool(const ReportRun&)>& fits)
{
    Runs chosen;
    for (const ReportRun* run : sortedRuns(runs)) {
        if (fits(*run))
            chosen.push_back(run);
    }
    return chosen;
}

void addMetricColumns(Grid& grid, const std::vector<MetricColumn>& metrics)
{
    for (const MetricColumn& metric : metrics)
        grid.columns.push_back(
            {metric.key, metric.key, Role::Metric, isHigherBetter(metric.metric)});
}

/// "paper" beside rows of both origins.
void addSourceColumn(Grid& grid, const std::vector<RunGroup>& groups)
{
    const auto isReported = [](const RunGroup& group) { return group.first().isReported(); };
    if (std::none_of(groups.begin(), groups.end(), isReported) ||
        std::all_of(groups.begin(), groups.end(), isReported))
        return;
    grid.columns.insert(grid.columns.begin() + 1, {"source", "Source", Role::Text});
    for (size_t i = 0; i < groups.size(); ++i) {
        auto& cells = grid.rows[i].cells;
        cells.insert(cells.begin() + 1, textCell(isReported(groups[i]) ? "reported" : "own"));
    }
}

Row rowOf(const RunGroup& group)
{
    Row row;
    for (const ReportRun* run : group.runs)
        row.runIds.push_back(run->runId);
    row.isReference = group.first().isReference();
    row.isReported = group.first().isReported();
    row.group = row.isReference ? "" : group.first().option;
    return row;
}

/// Tables III and IV.
Grid methodTable(const Runs& runs, const std::vector<MetricColumn>& metrics,
                 const TableOptions& options)
{
    Grid grid;
    if (options.layout == Layout::Raw) {
        grid.columns = {{"run_id", "Run", Role::Id},
                        {"method", "Method", Role::Text},
                        {"option", "Option", Role::Text}};
        addMetricColumns(grid, metrics);
        for (const ReportRun* run : runs) {
            Row row = rowOf({labelOf(*run), {run}});
            row.cells = {numberCell(static_cast<double>(run->runId)), textCell(run->method),
                         textCell(run->option)};
            for (const MetricColumn& metric : metrics)
                row.cells.push_back(numberCell(metricOf(*run, metric.metric)));
            grid.rows.push_back(std::move(row));
        }
        return grid;
    }
    grid.columns = {{"label", "Method", Role::Text}};
    addMetricColumns(grid, metrics);
    const std::vector<RunGroup> groups = paperOrder(runs, options.joinSeeds);
    for (const RunGroup& group : groups) {
        Row row = rowOf(group);
        row.cells = {textCell(group.label)};
        for (const MetricColumn& metric : metrics)
            row.cells.push_back(metricCell(group, metric.metric));
        grid.rows.push_back(std::move(row));
    }
    addSourceColumn(grid, groups);
    return grid;
}

bool isCaptionReplay(const ReportRun& run)
{
    return paramText(run, "params.replay") == "captions";
}

/// Whether a VR-LwF run belongs to a series in which the parameter `fixed` keeps its value.
bool isOfAblation(const ReportRun& run, const std::string& fixed, const std::string& value)
{
    return run.method == "vr-lwf" && run.option == "WM" && paramText(run, fixed) == value;
}

/// The paper's own ablations stand in tables of their own, not among its main results.
bool isReportedAblation(const ReportRun& run)
{
    const auto differs = [&](const char* key, const std::string& value) {
        const std::string text = paramText(run, key);
        return !text.empty() && text != value;
    };
    return run.isReported() && run.method == "vr-lwf" &&
           (isCaptionReplay(run) || differs("params.M", "10") || differs("params.Ks", "100"));
}

/// M or Ks of a run; caption replay has no M.
Cell ablationCell(const ReportRun& run, const std::string& param)
{
    if (param == "params.M" && isCaptionReplay(run))
        return textCell("captions");
    return numberCell(parseDouble(paramText(run, param)));
}

/// Tables V to VIII; one table a setting in the paper, told apart by Bwt here.
Grid ablationTable(const Runs& runs, const std::string& key, const std::string& param,
                   const TableOptions& options)
{
    Grid grid;
    const bool isRaw = options.layout == Layout::Raw;
    if (isRaw)
        grid.columns = {{"run_id", "Run", Role::Id}, {key, key, Role::Number}};
    else
        grid.columns = {{"setting", "Setting", Role::Text}, {key, key, Role::Number}};
    addMetricColumns(grid, {{"UT-Acc", ""},
                            {"Bwt", "Bwt"},
                            {"ZS-Acc", "ZS-Acc"},
                            {"TR@1", "TR@1"},
                            {"IR@1", "IR@1"},
                            {"A-Acc", "A-Acc"}});
    std::vector<RunGroup> groups;
    if (isRaw) {
        for (const ReportRun* run : runs)
            groups.push_back({"", {run}});
    } else {
        groups = paperOrder(runs, options.joinSeeds);
        const auto order = [&](const RunGroup& group) {
            return std::tuple(group.first().setting == "MST", group.first().isReported(),
                              ablationCell(group.first(), param).value.value_or(1e9));
        };
        std::stable_sort(groups.begin(), groups.end(),
                         [&](const auto& a, const auto& b) { return order(a) < order(b); });
    }
    for (const RunGroup& group : groups) {
        const ReportRun& first = group.first();
        Row row = rowOf(group);
        row.group.clear();
        row.contest = first.setting;
        row.cells = {isRaw ? numberCell(static_cast<double>(first.runId)) : textCell(first.setting),
                     ablationCell(first, param)};
        const std::string ut =
            first.setting == "OST" ? "UT-Acc (overall)" : "UT-Acc (session mean)";
        for (const std::string& metric :
             {ut, std::string("Bwt"), std::string("ZS-Acc"), std::string("TR@1"),
              std::string("IR@1"), std::string("A-Acc")})
            row.cells.push_back(metricCell(group, metric));
        grid.rows.push_back(std::move(row));
    }
    if (!isRaw)
        addSourceColumn(grid, groups);
    return grid;
}

/// The prefixes under which a run holds retrieval: "" and "shuffled SEED ".
std::set<std::string> retrievalPrefixes(const ReportRun& run)
{
    std::set<std::string> prefixes;
    for (const auto& [name, value] : run.metrics) {
        if (name == "TR@1")
            prefixes.insert("");
        else if (name.starts_with("shuffled ") && name.ends_with("TR@1"))
            prefixes.insert(name.substr(0, name.size() - 4));
    }
    return prefixes;
}

} // namespace

Grid ostTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const Runs chosen = runsWhere(runs, [](const ReportRun& run) {
        return run.setting == "OST" && !run.metrics.empty() && !isReportedAblation(run);
    });
    return methodTable(chosen,
                       {{"UT-Acc", "UT-Acc (overall)"},
                        {"ZS-Acc", "ZS-Acc"},
                        {"TR@1", "TR@1"},
                        {"TR@5", "TR@5"},
                        {"IR@1", "IR@1"},
                        {"IR@5", "IR@5"},
                        {"A-Acc", "A-Acc"}},
                       options);
}

Grid mstTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const Runs chosen = runsWhere(runs, [](const ReportRun& run) {
        return run.setting == "MST" && !run.metrics.empty() && !isReportedAblation(run);
    });
    return methodTable(chosen,
                       {{"UT-Acc", "UT-Acc (session mean)"},
                        {"Bwt", "Bwt"},
                        {"ZS-Acc", "ZS-Acc"},
                        {"TR@1", "TR@1"},
                        {"TR@5", "TR@5"},
                        {"IR@1", "IR@1"},
                        {"IR@5", "IR@5"},
                        {"A-Acc", "A-Acc"}},
                       options);
}

Grid tokensTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const Runs chosen =
        runsWhere(runs, [](const ReportRun& run) { return isOfAblation(run, "params.Ks", "100"); });
    return ablationTable(chosen, "M", "params.M", options);
}

Grid sentencesTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const Runs chosen = runsWhere(runs, [](const ReportRun& run) {
        return isOfAblation(run, "params.M", "10") && !isCaptionReplay(run);
    });
    return ablationTable(chosen, "Ks", "params.Ks", options);
}

Grid shuffleTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    const bool isRaw = options.layout == Layout::Raw;
    grid.columns = {isRaw ? Column{"run_id", "Run", Role::Id}
                          : Column{"label", "Model", Role::Text},
                    {"shuffled", "Shuffled", Role::Text},
                    {"seed", "Seed", Role::Number}};
    const std::vector<std::string> metrics{"TR@1", "TR@5", "TR@10", "IR@1", "IR@5", "IR@10"};
    for (const std::string& metric : metrics)
        grid.columns.push_back({metric, metric, Role::Metric});
    for (const ReportRun* run : sortedRuns(runs)) {
        const std::set<std::string> prefixes = retrievalPrefixes(*run);
        // Plain retrieval alone says nothing about word order, but cited models have no more.
        if (prefixes.size() < 2 && !run->params.contains("paper.cited"))
            continue;
        for (const std::string& prefix : prefixes) {
            Row row = rowOf({labelOf(*run), {run}});
            const std::string seed =
                prefix.size() > 10 ? prefix.substr(9, prefix.size() - 10) : std::string();
            row.cells = {
                isRaw ? numberCell(static_cast<double>(run->runId)) : textCell(labelOf(*run)),
                textCell(prefix.empty() ? "false" : "true"), numberCell(parseDouble(seed))};
            for (const std::string& metric : metrics)
                row.cells.push_back(numberCell(metricOf(*run, prefix + metric)));
            grid.rows.push_back(std::move(row));
        }
    }
    return grid;
}

} // namespace clwb::report::detail
