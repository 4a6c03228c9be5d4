// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions and their crops, the session matrix, curves, and the list of runs.
#include "core/base/number_text.h"
#include "core/report/table_kinds.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <map>
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

using SeriesValue = std::function<std::optional<double>(const ReportRun& run)>;

/// A value over the runs of a group.
Cell cellOf(const RunGroup& group, const SeriesValue& value)
{
    std::vector<double> values;
    for (const ReportRun* run : group.runs) {
        if (const auto number = value(*run))
            values.push_back(*number);
    }
    return joinedCell(values);
}

/// A row about one session of a group's runs; groups are told apart by rules.
Row sessionRow(const RunGroup& group, int session, Layout layout)
{
    Row row = rowOf(group);
    row.section = group.label + std::to_string(group.first().runId);
    row.cells = {idCell(group, layout), countCell(session)};
    return row;
}

std::optional<double> metricAfter(const ReportRun& run, int session, const std::string& metric)
{
    const auto values = run.series.find(session);
    if (values == run.series.end())
        return std::nullopt;
    const auto found = values->second.find(metric);
    return found == values->second.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> accuracyAfter(const ReportRun& run, int after, size_t session)
{
    const auto row = run.matrix.find(after);
    return row == run.matrix.end() || session >= row->second.size() ? std::nullopt
                                                                    : row->second[session];
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

/// The fixed metrics, then every other one that a run has; for people only those that one has.
std::vector<std::string> allMetrics(const std::vector<ReportRun>& runs, Layout layout)
{
    std::set<std::string> present;
    for (const ReportRun& run : runs) {
        for (const auto& [name, value] : run.metrics)
            present.insert(name);
    }
    std::vector<std::string> names;
    for (const char* name : kMetricOrder) {
        if (present.erase(name) > 0 || layout == Layout::Raw)
            names.emplace_back(name);
    }
    names.insert(names.end(), present.begin(), present.end());
    return names;
}

struct RunColumn
{
    Column column;
    Cell (*cell)(const ReportRun& run);
};

/// The columns of v_run; for people those that say what a run is.
std::vector<RunColumn> runColumns(Layout layout)
{
    const std::vector<RunColumn> all{
        {{"run_id", "Run", Role::Id}, [](const ReportRun& run) { return countCell(run.runId); }},
        {{"uid", "UID", Role::Text}, [](const ReportRun& run) { return textCell(run.uid); }},
        {{"name", "Name", Role::Text}, [](const ReportRun& run) { return textCell(run.name); }},
        {{"kind", "Kind", Role::Text}, [](const ReportRun& run) { return textCell(run.kind); }},
        {{"method", "Method", Role::Text},
         [](const ReportRun& run) { return textCell(run.method); }},
        {{"option", "Option", Role::Text},
         [](const ReportRun& run) { return textCell(run.option); }},
        {{"setting", "Setting", Role::Text},
         [](const ReportRun& run) { return textCell(run.setting); }},
        {{"status", "Status", Role::Text},
         [](const ReportRun& run) { return textCell(run.status); }},
        {{"seed", "Seed", Role::Number}, [](const ReportRun& run) { return countCell(run.seed); }},
        {{"created_utc", "Created", Role::Text},
         [](const ReportRun& run) { return textCell(run.createdUtc); }},
        {{"finished_utc", "Finished", Role::Text},
         [](const ReportRun& run) { return textCell(run.finishedUtc); }},
        {{"seconds", "Seconds", Role::Number},
         [](const ReportRun& run) { return numberCell(run.seconds); }},
        {{"study", "Study", Role::Text}, [](const ReportRun& run) { return textCell(run.study); }},
        {{"model", "Model", Role::Text}, [](const ReportRun& run) { return textCell(run.model); }},
        {{"origin", "Origin", Role::Text},
         [](const ReportRun& run) { return textCell(run.origin); }},
    };
    if (layout == Layout::Raw)
        return all;
    const std::set<std::string_view> wanted{"run_id", "name", "setting",
                                            "status", "seed", "origin"};
    std::vector<RunColumn> some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                 [&](const RunColumn& column) { return wanted.contains(column.column.key); });
    return some;
}

/// Sessions for which a run of the group has values, ascending.
template<class Values>
std::set<int> sessionsOf(const RunGroup& group, std::map<int, Values> ReportRun::*values)
{
    std::set<int> sessions;
    for (const ReportRun* run : group.runs) {
        for (const auto& [session, value] : run->*values)
            sessions.insert(session);
    }
    return sessions;
}

/// "demo" of ".../demo/study.json", "coco" of ".../coco.json": paths do not fit into a page.
std::string studyLabel(const std::string& study)
{
    const std::filesystem::path path(study);
    if (path.stem() == "study" && path.has_parent_path())
        return path.parent_path().filename().string();
    return path.stem().string();
}

/// All cells of a row, to recognise it.
std::string textOf(const Row& row)
{
    std::string text;
    for (const Cell& cell : row.cells)
        text += cell.text + "|" + (cell.value ? shortestText(*cell.value) : "") + "|";
    return text;
}

} // namespace

Grid sessionsTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const bool isRaw = options.layout == Layout::Raw;
    Grid grid;
    grid.columns = {isRaw ? idColumn(options.layout) : Column{"data", "Data", Role::Text},
                    {"session", "Session", Role::Number},
                    {"classes", "Classes", Role::Text},
                    {"train", "Training crops", Role::Number},
                    {"test", "Test crops", Role::Number}};
    if (isRaw)
        grid.columns.push_back({"accuracy", "Accuracy at the end", Role::Metric});
    std::set<std::string> known;
    for (const ReportRun* run : sortedRuns(runs)) {
        const RunGroup group{run->isReported() ? "Paper" : studyLabel(run->study), {run}};
        for (const SessionCrops& session : run->sessions) {
            Row row = rowOf(group);
            row.section = group.label;
            row.cells = {idCell(group, options.layout), countCell(session.session),
                         textCell(joined(session.classes)), countCell(session.train),
                         countCell(session.test)};
            if (isRaw) {
                const int last = run->matrix.empty() ? 0 : run->matrix.rbegin()->first;
                row.cells.push_back(numberCell(
                    accuracyAfter(*run, last, static_cast<size_t>(session.session - 1))));
            } else if (!known.insert(textOf(row)).second) {
                continue; // the same data of another run
            }
            grid.rows.push_back(std::move(row));
        }
    }
    return grid;
}

Grid matrixTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    grid.columns = {idColumn(options.layout), {"after_session", "After session", Role::Number}};
    size_t sessions = 0;
    for (const ReportRun& run : runs) {
        for (const auto& [after, row] : run.matrix)
            sessions = std::max(sessions, row.size());
    }
    for (size_t session = 1; session <= sessions; ++session) {
        grid.columns.push_back(
            {"session_" + std::to_string(session), std::to_string(session), Role::Metric});
    }
    const std::vector<RunGroup> groups = groupsOf(sortedRuns(runs), options.layout);
    for (const RunGroup& group : groups) {
        for (const int after : sessionsOf(group, &ReportRun::matrix)) {
            Row row = sessionRow(group, after, options.layout);
            for (size_t session = 0; session < sessions; ++session)
                row.cells.push_back(cellOf(group, [&](const ReportRun& run) {
                    return accuracyAfter(run, after, session);
                }));
            grid.rows.push_back(std::move(row));
        }
    }
    addNotes(grid, groups, options);
    return grid;
}

Grid curvesTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    grid.columns = {idColumn(options.layout), {"session", "Session", Role::Number}};
    std::vector<std::string> metrics{"UT-Acc (overall)", "UT-Acc (session mean)", "UT-Acc (seen)",
                                     "ZS-Acc", "A-Acc"};
    // Fig. 4 shows one of the two (A28); programs get both.
    if (options.layout == Layout::Paper)
        metrics = {options.curve == "all" ? "UT-Acc (overall)" : "UT-Acc (seen)", "ZS-Acc",
                   "A-Acc"};
    for (const std::string& metric : metrics)
        grid.columns.push_back({metric, metric, Role::Metric});
    const std::vector<RunGroup> groups = groupsOf(sortedRuns(runs), options.layout);
    for (const RunGroup& group : groups) {
        for (const int session : sessionsOf(group, &ReportRun::series)) {
            Row row = sessionRow(group, session, options.layout);
            for (const std::string& metric : metrics)
                row.cells.push_back(cellOf(group, [&](const ReportRun& run) {
                    return metricAfter(run, session, metric);
                }));
            grid.rows.push_back(std::move(row));
        }
    }
    if (options.layout == Layout::Paper)
        addSourceColumn(grid);
    addNotes(grid, groups, options);
    return grid;
}

Grid runsTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    Grid grid;
    const std::vector<RunColumn> columns = runColumns(options.layout);
    for (const RunColumn& column : columns)
        grid.columns.push_back(column.column);
    const std::vector<std::string> metrics = allMetrics(runs, options.layout);
    for (const std::string& metric : metrics)
        grid.columns.push_back({metric, metric, Role::Metric, isHigherBetter(metric)});
    for (const ReportRun* run : sortedRuns(runs)) {
        Row row = rowOf({labelOf(*run), {run}});
        for (const RunColumn& column : columns)
            row.cells.push_back(column.cell(*run));
        for (const std::string& metric : metrics)
            row.cells.push_back(numberCell(metricOf(*run, metric)));
        grid.rows.push_back(std::move(row));
    }
    return grid;
}

} // namespace clwb::report::detail
