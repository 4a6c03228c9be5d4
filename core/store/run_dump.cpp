// SPDX-License-Identifier: GPL-3.0-or-later
// Reads everything the project holds about one run, and puts it into another project.
#include "core/store/run_dump.h"

#include "core/store/load_rows.h"
#include "core/store/schema.h"

#include <cmath>
#include <limits>
#include <optional>

namespace clwb::store
{
namespace
{

template<class Function, class... Values>
Result<void> eachRow(Database& database, std::string_view sql, Function perRow,
                     const Values&... values)
{
    CLWB_ASSIGN(Statement rows, database.prepare(sql));
    rows.bindAll(values...);
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return {};
        perRow(rows);
    }
}

double storedNumber(const Statement& row, int valueColumn, int kindColumn)
{
    const std::string kind = row.text(kindColumn);
    if (kind == "inf")
        return std::numeric_limits<double>::infinity();
    if (kind == "-inf")
        return -std::numeric_limits<double>::infinity();
    return row.isNull(valueColumn) ? std::numeric_limits<double>::quiet_NaN()
                                   : row.number(valueColumn);
}

int smallInteger(const Statement& row, int column)
{
    return static_cast<int>(row.integer(column));
}

Json jsonOrEmpty(const std::string& text)
{
    auto document = parseJson(text, "run");
    return document && document->is_object() ? std::move(*document) : Json::object();
}

Result<RunColumns> readColumnsOf(Database& database, int64_t runId)
{
    std::optional<RunColumns> columns;
    CLWB_TRY(eachRow(
        database,
        "SELECT uid, name, kind, method, option, setting, status, origin, study, model, seed, "
        "created_utc, coalesce(finished_utc, ''), seconds, configuration_hash, study_sha256, "
        "model_sha256, spec, environment, folder, message, notes, starred, sessions, last_session "
        "FROM run WHERE run_id = ?",
        [&columns](const Statement& row) {
            RunColumns& run = columns.emplace();
            int column = 0;
            for (std::string* text :
                 {&run.uid, &run.name, &run.kind, &run.method, &run.option, &run.setting,
                  &run.status, &run.origin, &run.study, &run.model})
                *text = row.text(column++);
            run.seed = row.optionalInteger(10);
            run.createdUtc = row.text(11);
            run.finishedUtc = row.text(12);
            run.seconds = row.optionalNumber(13);
            run.configurationHash = row.text(14);
            run.studySha256 = row.text(15);
            run.modelSha256 = row.text(16);
            run.spec = jsonOrEmpty(row.text(17));
            run.environment = jsonOrEmpty(row.text(18));
            if (!row.isNull(19))
                run.folder = row.text(19);
            run.message = row.text(20);
            run.notes = row.text(21);
            run.starred = row.integer(22) != 0;
            run.sessions = smallInteger(row, 23);
            run.lastSession = smallInteger(row, 24);
        },
        runId));
    if (!columns)
        return fail(ErrorCode::Usage, "there is no run " + std::to_string(runId),
                    "`clwb list` shows the runs");
    return std::move(*columns);
}

Result<void> readMetricsOf(Database& database, int64_t runId, RunDump& dump)
{
    CLWB_TRY(eachRow(
        database,
        "SELECT session, 0, name, value, value_kind FROM metric JOIN value_name USING(name_id) "
        "WHERE run_id = ?1 UNION ALL SELECT session, epoch, name, value, value_kind "
        "FROM epoch_metric JOIN value_name USING(name_id) WHERE run_id = ?1 ORDER BY 1, 2, 3",
        [&dump](const Statement& row) {
            dump.metrics.push_back(
                {smallInteger(row, 0), smallInteger(row, 1), row.text(2), storedNumber(row, 3, 4)});
        },
        runId));
    return eachRow(
        database,
        "SELECT after_session, session, hits, total FROM session_accuracy WHERE run_id = ? "
        "ORDER BY 1, 2",
        [&dump](const Statement& row) {
            dump.accuracies.push_back(
                {smallInteger(row, 0), smallInteger(row, 1), row.integer(2), row.integer(3)});
        },
        runId);
}

Result<void> readStepsOf(Database& database, int64_t runId, RunDump& dump)
{
    CLWB_ASSIGN(const std::string times, stepTimeColumns(database));
    return eachRow(
        database,
        "SELECT s.step, s.session, s.epoch, s.lr, n.name, l.value, l.value_kind, " + times +
            " FROM step s LEFT JOIN step_loss l USING(run_id, step) "
            "LEFT JOIN value_name n USING(name_id) WHERE s.run_id = ? ORDER BY s.step, n.name",
        [&dump](const Statement& row) {
            const int64_t step = row.integer(0);
            if (dump.steps.empty() || dump.steps.back().step != step)
                dump.steps.push_back({step,
                                      smallInteger(row, 1),
                                      smallInteger(row, 2),
                                      row.number(3),
                                      {},
                                      stepTime(row, 7, 8)});
            if (!row.isNull(4))
                dump.steps.back().losses[row.text(4)] = storedNumber(row, 5, 6);
        },
        runId);
}

} // namespace

Result<RunDump> readDump(Database& database, int64_t runId)
{
    RunDump dump;
    CLWB_ASSIGN(Transaction snapshot, Transaction::begin(database, TransactionKind::Read));
    CLWB_ASSIGN(dump.columns, readColumnsOf(database, runId));
    CLWB_TRY(eachRow(
        database, "SELECT tag FROM tag WHERE run_id = ? ORDER BY tag",
        [&dump](const Statement& row) { dump.tags.push_back(row.text(0)); }, runId));
    CLWB_TRY(readMetricsOf(database, runId, dump));
    CLWB_TRY(readStepsOf(database, runId, dump));
    CLWB_TRY(eachRow(
        database,
        "SELECT session, epoch, split, clwb_unpack(record) FROM evaluation WHERE run_id = ? ORDER "
        "BY 1, 2, 3",
        [&dump](const Statement& row) {
            dump.evaluations.push_back(
                {smallInteger(row, 0), smallInteger(row, 1), row.text(2), row.text(3)});
        },
        runId));
    CLWB_TRY(eachRow(
        database, "SELECT number, created_utc, text FROM warning WHERE run_id = ? ORDER BY 1",
        [&dump](const Statement& row) {
            dump.warnings.push_back({row.integer(0), row.text(1), row.text(2)});
        },
        runId));
    CLWB_ASSIGN(dump.load, loadPoints(database, runId));
    CLWB_TRY(snapshot.commit());
    return dump;
}

Result<int64_t> insertDump(Database& database, ValueNames& names, const RunDump& dump)
{
    RunColumns columns = dump.columns;
    if (columns.status == "running" || columns.status == "queued")
        columns.status = "interrupted";
    CLWB_ASSIGN(const int64_t runId, insertRun(database, columns));
    for (const std::string& tag : dump.tags)
        CLWB_TRY(database.run("INSERT OR IGNORE INTO tag VALUES(?, ?)", runId, tag));
    for (const DumpedMetric& metric : dump.metrics) {
        CLWB_ASSIGN(const int64_t name, names.idOf(database, metric.name));
        const StoredNumber number(metric.value);
        CLWB_TRY(metric.epoch == 0
                     ? database.run("INSERT OR REPLACE INTO metric VALUES(?, ?, ?, ?, ?)", runId,
                                    metric.session, name, number.value, number.kind)
                     : database.run("INSERT OR REPLACE INTO epoch_metric VALUES(?, ?, ?, ?, ?, ?)",
                                    runId, metric.session, metric.epoch, name, number.value,
                                    number.kind));
    }
    for (const DumpedAccuracy& accuracy : dump.accuracies)
        CLWB_TRY(database.run("INSERT OR REPLACE INTO session_accuracy VALUES(?, ?, ?, ?, ?)",
                              runId, accuracy.afterSession, accuracy.session, accuracy.hits,
                              accuracy.total));
    for (const StepItem& step : dump.steps)
        CLWB_TRY(applyItem(database, names, runId, step));
    for (const DumpedEvaluation& evaluation : dump.evaluations)
        CLWB_TRY(database.run("INSERT OR REPLACE INTO evaluation(run_id, session, epoch, split, "
                              "record) VALUES(?, ?, ?, ?, clwb_pack(?))",
                              runId, evaluation.session, evaluation.epoch, evaluation.split,
                              evaluation.record));
    for (const WarningItem& warning : dump.warnings)
        CLWB_TRY(applyItem(database, names, runId, warning));
    for (const LoadPoint& point : dump.load)
        CLWB_TRY(writeLoad(database, runId, point));
    // The steps arrive thinned out: a finished run is not thinned again.
    if (!dump.steps.empty() && columns.status == "finished")
        CLWB_TRY(database.run("UPDATE run SET compacted_step = ?2 WHERE run_id = ?1", runId,
                              dump.steps.back().step));
    return runId;
}

Result<ImportReport> insertDumps(Project& project, const std::vector<RunDump>& dumps)
{
    ImportReport report;
    Database& database = project.database();
    ValueNames names;
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    for (const RunDump& dump : dumps) {
        CLWB_ASSIGN(const auto twin,
                    database.integer("SELECT run_id FROM run WHERE uid = ?", dump.columns.uid));
        if (twin) {
            report.skipped.push_back("'" + dump.columns.name + "' (uid " + dump.columns.uid +
                                     ") is run " + std::to_string(*twin) + " already");
            continue;
        }
        CLWB_ASSIGN(const int64_t runId, insertDump(database, names, dump));
        report.imported.push_back(runId);
    }
    CLWB_TRY(transaction.commit());
    return report;
}

} // namespace clwb::store
