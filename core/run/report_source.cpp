// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/report_source.h"

#include "core/report/paper_numbers.h"
#include "core/spec/run_spec.h"

#include <algorithm>
#include <map>
#include <optional>

namespace clwb::run
{
namespace
{

// {"params":{"M":10}} → "params.M" → "10"
void flatten(const Json& value, const std::string& key, std::map<std::string, std::string>& result)
{
    if (!value.is_object()) {
        result[key] = value.dump();
        return;
    }
    for (const auto& [name, child] : value.items())
        flatten(child, key.empty() ? name : key + "." + name, result);
}

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

void addMatrix(const std::vector<store::SessionAccuracy>& accuracies, report::ReportRun& run)
{
    for (const store::SessionAccuracy& accuracy : accuracies) {
        std::vector<std::optional<double>>& line = run.matrix[accuracy.afterSession];
        const auto index = static_cast<size_t>(std::max(accuracy.session, 1)) - 1;
        line.resize(std::max(line.size(), index + 1));
        // A session without test crops is undefined, never 0.
        if (accuracy.total > 0)
            line[index] = 100.0 * static_cast<double>(accuracy.hits) /
                          static_cast<double>(accuracy.total);
    }
}

// Classes and test crops of each session, as the last evaluation counted them.
void addSessions(const std::vector<metrics::EvaluationRecord>& records, report::ReportRun& run)
{
    const metrics::UtRecord* ut = nullptr;
    for (const metrics::EvaluationRecord& record : records) {
        if (record.ut && record.split == "test")
            ut = &*record.ut;
    }
    if (!ut)
        return;
    std::map<int, report::SessionCrops> sessions;
    const size_t classes = std::min({ut->classes.size(), ut->sessionOfClass.size(),
                                     ut->confusion.size()});
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

} // namespace

Result<report::ReportRun> reportRun(const store::Project& project, const store::RunRow& row)
{
    report::ReportRun run = columnsOf(row);
    CLWB_ASSIGN(const Json spec, project.resolvedSpec(row.runId));
    if (spec.is_object()) {
        flatten(spec, {}, run.params);
        // Only complete specs have a configuration; reported rows hold a few keys.
        if (row.origin != "paper") {
            if (const auto complete = spec::runSpecFromJson(spec))
                run.configuration = spec::configurationHash(*complete);
        }
    }
    CLWB_ASSIGN(const auto metrics, project.metrics(row.runId));
    for (const store::MetricPoint& point : metrics)
        run.series[point.session][point.name] = point.value;
    CLWB_ASSIGN(const auto accuracies, project.sessionAccuracies(row.runId));
    addMatrix(accuracies, run);
    CLWB_ASSIGN(const auto records, project.evaluations(row.runId));
    addSessions(records, run);
    return run;
}

Result<std::vector<report::ReportRun>> reportRuns(const store::Project& project,
                                                  const std::vector<store::RunRow>& rows)
{
    std::vector<report::ReportRun> runs;
    for (const store::RunRow& row : rows) {
        CLWB_ASSIGN(report::ReportRun run, reportRun(project, row));
        runs.push_back(std::move(run));
    }
    const auto reported = std::find_if(runs.begin(), runs.end(), [](const report::ReportRun& run) {
        return run.isReported() && run.setting == "MST";
    });
    if (reported != runs.end())
        reported->sessions = report::paperSessions();
    return runs;
}

} // namespace clwb::run
