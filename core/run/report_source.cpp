// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/report_source.h"

#include "core/report/paper_numbers.h"
#include "core/spec/run_spec.h"
#include "core/store/sqlite.h"

#include <algorithm>
#include <map>
#include <optional>

namespace clwb::run
{
namespace
{

report::ReportRun columnsOf(const store::RunRow& row)
{
    report::ReportRun run;
    run.runId = row.runId;
    run.uid = row.uid;
    run.name = row.name;
    run.kind = row.kind;
    run.method = row.method;
    run.option = row.option;
    run.setting = row.setting;
    run.status = row.status;
    run.seed = row.seed;
    run.createdUtc = row.createdUtc;
    run.finishedUtc = row.finishedUtc;
    run.seconds = row.seconds;
    run.study = row.study;
    run.model = row.model;
    run.origin = row.origin;
    run.metrics = row.metrics;
    return run;
}

// The same data and weights are the same wherever they lie.
std::string configurationOf(spec::RunSpec spec, const report::ReportRun& run)
{
    if (const std::string study = report::paramText(run, "study_sha256"); !study.empty())
        spec.study = study;
    if (const std::string model = report::paramText(run, "model_sha256"); !model.empty())
        spec.model = model;
    return spec::configurationHash(spec);
}

void addMatrix(const std::vector<store::SessionAccuracy>& accuracies, report::ReportRun& run)
{
    for (const store::SessionAccuracy& accuracy : accuracies) {
        std::vector<std::optional<double>>& line = run.matrix[accuracy.afterSession];
        const auto index = static_cast<size_t>(std::max(accuracy.session, 1)) - 1;
        line.resize(std::max(line.size(), index + 1));
        // A session without test crops is undefined, never 0.
        if (accuracy.total > 0)
            line[index] =
                100.0 * static_cast<double>(accuracy.hits) / static_cast<double>(accuracy.total);
    }
}

using Records = std::vector<metrics::EvaluationRecord>;

bool isOfSession(const metrics::EvaluationRecord& record)
{
    return record.split == "test" && !record.epoch;
}

// Classes and test crops of each session, as the last evaluation counted them.
void addSessions(const Records& records, report::ReportRun& run)
{
    const metrics::UtRecord* ut = nullptr;
    for (const metrics::EvaluationRecord& record : records) {
        if (record.ut && record.split == "test")
            ut = &*record.ut;
        if (!record.retrieval.empty() && record.split == "test")
            run.retrievalSet = record.retrieval.front().name;
    }
    if (!ut)
        return;
    run.labelSpace = ut->labelSpace;
    std::map<int, report::SessionCrops> sessions;
    const size_t classes =
        std::min({ut->classes.size(), ut->sessionOfClass.size(), ut->confusion.size()});
    for (size_t index = 0; index < classes; ++index) {
        report::SessionCrops& session = sessions[ut->sessionOfClass[index]];
        session.session = ut->sessionOfClass[index];
        session.classes.push_back(ut->classes[index]);
        int64_t crops = session.test.value_or(0);
        for (const int64_t count : ut->confusion[index])
            crops += count;
        session.test = crops;
    }
    for (auto& [number, session] : sessions)
        run.sessions.push_back(std::move(session));
}

bool canCount(const Records& records, LabelSpace space)
{
    return std::all_of(records.begin(), records.end(), [&](const auto& record) {
        return !isOfSession(record) || !record.ut || space == LabelSpace::All ||
               record.ut->seenHits.size() == record.ut->classes.size();
    });
}

// Bwt after a session of which the matrix holds all rows up to it.
std::optional<double> bwtAfter(const report::ReportRun& run, int session)
{
    std::vector<std::vector<std::optional<double>>> rows;
    for (int number = 1; number <= session; ++number) {
        const auto row = run.matrix.find(number);
        if (row == run.matrix.end())
            return std::nullopt;
        rows.push_back(row->second);
    }
    return metrics::backwardTransfer(rows);
}

// Everything that comes from counts of the updated task, counted anew; no model is needed.
void countAnew(const Records& records, LabelSpace space, report::ReportRun& run)
{
    run.labelSpace = space == LabelSpace::Seen ? "seen" : "all";
    constexpr const char* kCounted[]{"UT-Acc (overall)", "UT-Acc (session mean)", "UT-Acc (seen)",
                                     "Bwt", "A-Acc"};
    run.matrix.clear();
    for (const metrics::EvaluationRecord& record : records) {
        if (!isOfSession(record) || !record.ut)
            continue;
        std::map<std::string, double>& values = run.series[record.session];
        for (const char* name : kCounted)
            values.erase(name);
        // Before the first session no class has been seen: nothing is defined.
        if (space == LabelSpace::Seen && record.session == 0)
            continue;
        metrics::EvaluationRecord counted = record;
        counted.retrieval.clear();
        counted.ut->labelSpace = run.labelSpace;
        run.matrix[record.session] = metrics::utPerSession(*counted.ut);
        for (const metrics::MetricValue& value : metrics::metricValues(counted))
            values[value.name] = value.value;
        if (const auto bwt = bwtAfter(run, record.session))
            values["Bwt"] = *bwt;
    }
    if (!run.series.empty())
        run.metrics = run.series.rbegin()->second;
}

} // namespace

LabelSpace labelSpaceFromText(std::string_view text)
{
    if (text == "all")
        return LabelSpace::All;
    return text == "seen" ? LabelSpace::Seen : LabelSpace::AsStored;
}

Result<report::ReportRun> reportRun(const store::Project& project, const store::RunRow& row,
                                    LabelSpace space)
{
    report::ReportRun run = columnsOf(row);
    CLWB_ASSIGN(const Json spec, project.resolvedSpec(row.runId));
    if (spec.is_object()) {
        run.params = dottedTexts(spec);
        // Only complete specs have a configuration; reported rows hold a few keys.
        if (row.origin != "paper") {
            if (auto complete = spec::runSpecFromJson(spec))
                run.configuration = configurationOf(std::move(*complete), run);
        }
    }
    CLWB_ASSIGN(const auto metrics, project.metrics(row.runId));
    for (const store::MetricPoint& point : metrics)
        run.series[point.session][point.name] = point.value;
    CLWB_ASSIGN(const auto accuracies, project.sessionAccuracies(row.runId));
    addMatrix(accuracies, run);
    // A record holds a confusion matrix; with many runs reading all of them takes seconds.
    if (space == LabelSpace::AsStored) {
        CLWB_ASSIGN(const Records last,
                    project.evaluations(row.runId, store::WhichRecords::LastOfTest));
        if (last.empty() || (last.front().ut && !last.front().retrieval.empty())) {
            addSessions(last, run);
            return run;
        }
    }
    CLWB_ASSIGN(const Records records, project.evaluations(row.runId));
    addSessions(records, run);
    if (space != LabelSpace::AsStored && !records.empty() && canCount(records, space))
        countAnew(records, space, run);
    return run;
}

Result<std::vector<report::ReportRun>>
reportRuns(const store::Project& project, const std::vector<store::RunRow>& rows, LabelSpace space)
{
    CLWB_ASSIGN(const auto branches, branchesOf(project));
    std::vector<report::ReportRun> runs;
    for (const store::RunRow& row : rows) {
        CLWB_ASSIGN(report::ReportRun run, reportRun(project, row, space));
        if (const auto branch = branches.find(row.runId); branch != branches.end())
            run.branchedFrom = branch->second;
        runs.push_back(std::move(run));
    }
    const auto reported = std::find_if(runs.begin(), runs.end(), [](const report::ReportRun& run) {
        return run.isReported() && run.setting == "MST";
    });
    if (reported != runs.end())
        reported->sessions = report::paperSessions();
    return runs;
}

Result<std::map<int64_t, report::BranchedFrom>> branchesOf(const store::Project& project)
{
    std::map<int64_t, report::BranchedFrom> branches;
    // Values of `param` are JSON texts. The source may lie in another project, or in the trash.
    CLWB_ASSIGN(store::Statement row,
                project.database().prepare(
                    "SELECT run.run_id, source.run_id, CAST(session.value AS INTEGER) FROM run "
                    "JOIN param AS session ON session.run_id = run.run_id "
                    "AND session.key = 'branched_from.session' "
                    "LEFT JOIN param AS uid ON uid.run_id = run.run_id "
                    "AND uid.key = 'branched_from.uid' "
                    "LEFT JOIN run AS source ON source.uid = trim(uid.value, '\"') "
                    "AND source.trashed_utc IS NULL WHERE run.trashed_utc IS NULL"));
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            return branches;
        branches[row.integer(0)] = {row.optionalInteger(1).value_or(0),
                                    static_cast<int>(row.integer(2))};
    }
}

std::vector<store::ReportedRun> paperRows()
{
    std::vector<store::ReportedRun> rows;
    for (const report::ReportRun& run : report::paperRuns()) {
        store::ReportedRun row;
        row.name = run.name;
        row.kind = run.kind;
        row.method = run.method;
        row.option = run.option;
        row.setting = run.setting;
        row.source = "Tables " + report::paramText(run, "paper.tables");
        row.params = run.params;
        row.session = run.lastSession().value_or(0);
        row.metrics = run.metrics;
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace clwb::run
