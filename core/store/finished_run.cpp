// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are complete when they are stored: evaluated foreign checkpoints, reported numbers.
#include "core/store/finished_run.h"

#include "core/base/number_text.h"
#include "core/store/detail_rows.h"
#include "core/store/project_private.h"
#include "core/store/run_rows.h"

#include <algorithm>

namespace clwb::store
{
namespace
{

/// Bwt after `session` when the test records of sessions 1…session are all there.
std::optional<double> bwtAfter(const std::vector<metrics::EvaluationRecord>& records, int session)
{
    std::vector<std::vector<std::optional<double>>> rows;
    for (int number = 1; number <= session; ++number) {
        const auto record = std::find_if(records.begin(), records.end(), [number](const auto& r) {
            return r.session == number && r.split == "test" && !r.epoch && r.ut;
        });
        if (record == records.end())
            return std::nullopt;
        rows.push_back(metrics::utPerSession(*record->ut));
    }
    return metrics::backwardTransfer(rows);
}

RunColumns columnsOf(const FinishedRun& run)
{
    RunColumns columns = columnsFromSpec(run.spec);
    columns.uid = run.uid;
    columns.name = run.name;
    columns.origin = run.origin;
    columns.status = run.status;
    columns.environment = run.environment;
    columns.configurationHash = run.configurationHash;
    columns.notes = run.notes;
    columns.sessions = run.sessions;
    columns.seconds = run.seconds;
    columns.createdUtc = utcNowText();
    columns.finishedUtc = columns.createdUtc;
    if (!run.metrics.empty())
        columns.lastSession = run.metrics.rbegin()->first;
    return columns;
}

} // namespace

Result<int64_t> insertFinishedRun(Project& project, const FinishedRun& run)
{
    CLWB_TRY(requireWritable(project));
    Database& database = project.database();
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    CLWB_ASSIGN(const auto twin, database.integer("SELECT run_id FROM run WHERE uid = ?", run.uid));
    if (twin)
        return fail(ErrorCode::Usage, "run '" + run.name + "' is in the project already, as run " +
                                          std::to_string(*twin));
    CLWB_ASSIGN(const int64_t runId, insertRun(database, columnsOf(run)));
    ValueNames names;
    for (size_t at = 0; at < run.records.size(); ++at) {
        const metrics::EvaluationRecord& record = run.records[at];
        const bool isOfSession = !record.epoch && record.split == "test";
        CLWB_TRY(writeEvaluation(database, names, runId, record,
                                 isOfSession && record.ut ? bwtAfter(run.records, record.session)
                                                          : std::nullopt));
        if (at < run.details.size() && run.details[at] && isOfSession)
            CLWB_TRY(writeDetails(database, runId, record.session, record.modelSha256,
                                  *run.details[at]));
    }
    for (const auto& [session, values] : run.metrics) {
        for (const auto& [name, value] : values)
            CLWB_TRY(writeMetric(database, names, runId, session, {name, value}));
    }
    for (const std::string& tag : run.tags)
        CLWB_TRY(database.run("INSERT OR IGNORE INTO tag VALUES(?, ?)", runId, tag));
    CLWB_TRY(transaction.commit());
    return runId;
}

} // namespace clwb::store
