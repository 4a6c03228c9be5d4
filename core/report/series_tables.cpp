// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions and their crops, the session matrix, curves, and the list of runs.
#include "core/report/table_kinds.h"

#include <algorithm>
#include <array>
#include <set>

namespace clwb::report::detail
{
namespace
{

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

Cell countCell(std::optional<int64_t> value)
{
    return numberCell(value ? std::optional(static_cast<double>(*value)) : std::nullopt);
}

Cell idCell(const ReportRun& run, const TableOptions& options)
{
    if (options.layout == Layout::Raw)
        return numberCell(static_cast<double>(run.runId));
    return textCell(run.name.empty() ? labelOf(run) + " #" + std::to_string(run.runId) : run.name);
}

Column idColumn(const TableOptions& options)
{
    return options.layout == Layout::Raw ? Column{"run_id", "Run", Role::Id}
                                         : Column{"run", "Run", Role::Text};
}

Row rowOf(const ReportRun& run)
{
    Row row;
    row.runIds = {run.runId};
    row.isReference = run.isReference();
    row.isReported = run.isReported();
    return row;
}

constexpr std::array<const char*, 12> kMetricOrder{"UT-Acc (overall)",
                                                   "UT-Acc (session mean)",
                                                   "UT-Acc (seen)",
                                                   "ZS-Acc",
                                                   "TR@1",
                                                   "TR@5",
                                                   "TR@10",
                                                   "IR@1",
                                                   "IR@5",
                                                   "IR@10",
                                                   "Bwt",
                                                   "A-Acc"};

/// The fixed metrics, then every other one that a run has.
std::vector<std::string> allMetrics(const std::vector<ReportRun>& runs)
{
    std::vector<std::string> names(kMetricOrder.begin(), kMetricOrder.end());
    std::set<std::string> others;
    for (const ReportRun& run : runs) {
        for (const auto& [name, value] : run.metrics) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                others.insert(name);
        }
    }
    names.insert(names.end(), others.begin(), others.end());
    return names;
}

} // namespace

Grid sessionsTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    grid.columns = {idColumn(options),
                    {"session", "Session", Role::Number},
                    {"classes", "Classes", Role::Text},
                    {"train", "Training crops", Role::Number},
                    {"test", "Test crops", Role::Number},
                    {"accuracy", "Accuracy at the end", Role::Metric}};
    for (const ReportRun* run : sortedRuns(runs)) {
        for (const SessionCrops& session : run->sessions) {
            Row row = rowOf(*run);
            row.cells = {idCell(*run, options),
                         countCell(session.session),
                         textCell(joined(session.classes)),
                         countCell(session.train),
                         countCell(session.test),
                         Cell{}};
            const auto index = static_cast<size_t>(session.session - 1);
            if (!run->matrix.empty() && index < run->matrix.rbegin()->second.size())
                row.cells.back() = numberCell(run->matrix.rbegin()->second[index]);
            grid.rows.push_back(std::move(row));
        }
    }
    return grid;
}

Grid matrixTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    grid.columns = {idColumn(options), {"after_session", "After session", Role::Number}};
    size_t sessions = 0;
    for (const ReportRun& run : runs) {
        for (const auto& [after, row] : run.matrix)
            sessions = std::max(sessions, row.size());
    }
    for (size_t session = 1; session <= sessions; ++session) {
        grid.columns.push_back(
            {"session_" + std::to_string(session), std::to_string(session), Role::Metric});
    }
    for (const ReportRun* run : sortedRuns(runs)) {
        for (const auto& [after, accuracies] : run->matrix) {
            Row row = rowOf(*run);
            row.cells = {idCell(*run, options), countCell(after)};
            for (const auto& accuracy : accuracies)
                row.cells.push_back(numberCell(accuracy));
            row.cells.resize(grid.columns.size());
            grid.rows.push_back(std::move(row));
        }
    }
    return grid;
}

Grid curvesTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    grid.columns = {idColumn(options), {"session", "Session", Role::Number}};
    const std::array<std::string, 5> metrics{"UT-Acc (overall)", "UT-Acc (session mean)",
                                             "UT-Acc (seen)", "ZS-Acc", "A-Acc"};
    for (const std::string& metric : metrics)
        grid.columns.push_back({metric, metric, Role::Metric});
    for (const ReportRun* run : sortedRuns(runs)) {
        for (const auto& [session, values] : run->series) {
            Row row = rowOf(*run);
            row.cells = {idCell(*run, options), countCell(session)};
            for (const std::string& metric : metrics) {
                const auto found = values.find(metric);
                row.cells.push_back(found == values.end() ? Cell{} : numberCell(found->second));
            }
            grid.rows.push_back(std::move(row));
        }
    }
    return grid;
}

Grid runsTable(const std::vector<ReportRun>& runs, const TableOptions&)
{
    Grid grid;
    grid.columns = {{"run_id", "Run", Role::Id},
                    {"uid", "UID", Role::Text},
                    {"name", "Name", Role::Text},
                    {"kind", "Kind", Role::Text},
                    {"method", "Method", Role::Text},
                    {"option", "Option", Role::Text},
                    {"setting", "Setting", Role::Text},
                    {"status", "Status", Role::Text},
                    {"seed", "Seed", Role::Number},
                    {"created_utc", "Created", Role::Text},
                    {"finished_utc", "Finished", Role::Text},
                    {"seconds", "Seconds", Role::Number},
                    {"study", "Study", Role::Text},
                    {"model", "Model", Role::Text},
                    {"origin", "Origin", Role::Text}};
    const std::vector<std::string> metrics = allMetrics(runs);
    for (const std::string& metric : metrics)
        grid.columns.push_back({metric, metric, Role::Metric, isHigherBetter(metric)});
    for (const ReportRun* run : sortedRuns(runs)) {
        Row row = rowOf(*run);
        row.group = run->isReference() ? "" : run->option;
        row.contest = run->setting;
        row.cells = {
            countCell(run->runId),     textCell(run->uid),         textCell(run->name),
            textCell(run->kind),       textCell(run->method),      textCell(run->option),
            textCell(run->setting),    textCell(run->status),      countCell(run->seed),
            textCell(run->createdUtc), textCell(run->finishedUtc), numberCell(run->seconds),
            textCell(run->study),      textCell(run->model),       textCell(run->origin)};
        for (const std::string& metric : metrics)
            row.cells.push_back(numberCell(metricOf(*run, metric)));
        grid.rows.push_back(std::move(row));
    }
    return grid;
}

} // namespace clwb::report::detail
