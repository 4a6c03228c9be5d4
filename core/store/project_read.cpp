// SPDX-License-Identifier: GPL-3.0-or-later
// Typed reading of a project: run list, curves, records.
#include "core/base/check.h"
#include "core/base/number_text.h"
#include "core/store/project_private.h"
#include "core/store/run_list_rows.h"
#include "core/store/run_lock.h"
#include "core/store/schema.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr std::string_view kRunColumns =
    "SELECT run_id, uid, name, kind, method, option, setting, status, seed, created_utc, "
    "coalesce(finished_utc, ''), seconds, study, model, origin, starred, notes, folder, message, "
    "owner_host, coalesce(owner_pid, 0), sessions, last_session, owner_boot, "
    "coalesce(owner_start, 0), study_sha256 FROM run ";

/// Runs `perRow` for every row.
template<class Function>
Result<void> forEachRow(Statement& statement, Function perRow)
{
    while (true) {
        CLWB_ASSIGN(const bool found, statement.step());
        if (!found)
            return {};
        perRow(statement);
    }
}

/// Opens statement, binds and collects one value per row.
template<class T, class Make, class... Values>
Result<std::vector<T>> collect(Database& database, std::string_view sql, Make make,
                               const Values&... values)
{
    CLWB_ASSIGN(Statement statement, database.prepare(sql));
    statement.bindAll(values...);
    std::vector<T> rows;
    CLWB_TRY(forEachRow(statement, [&](Statement& row) { rows.push_back(make(row)); }));
    return rows;
}

/// @param owner one that may be at work
void describeOwner(RunRow& run, const Owner& owner)
{
    const Owner self = thisProcess();
    run.ownerPlace = owner == self             ? OwnerPlace::ThisProcess
                     : owner.host != self.host ? OwnerPlace::OtherHost
                                               : OwnerPlace::ThisHost;
    run.ownerHost = owner.host;
    // A run that was continued is older than its program's work on it.
    const auto since = run.folder.empty() ? std::nullopt : lockedSince(run.folder);
    run.ownerSinceUtc = since ? utcText(*since) : run.createdUtc;
    run.owner =
        owner.host + " (pid " + std::to_string(owner.pid) + ", since " + run.ownerSinceUtc + ")";
}

RunRow runFromRow(Statement& row, const Project& project)
{
    RunRow run;
    run.runId = row.integer(0);
    run.uid = row.text(1);
    run.name = row.text(2);
    run.kind = row.text(3);
    run.method = row.text(4);
    run.option = row.text(5);
    run.setting = row.text(6);
    run.status = row.text(7);
    run.seed = row.optionalInteger(8);
    run.createdUtc = row.text(9);
    run.finishedUtc = row.text(10);
    run.seconds = row.optionalNumber(11);
    run.study = row.text(12);
    run.model = row.text(13);
    run.origin = row.text(14);
    run.starred = row.integer(15) != 0;
    run.notes = row.text(16);
    if (!row.isNull(17))
        run.folder = resolveRunFolder(project.file(), run.runId, row.text(17));
    run.message = row.text(18);
    if (run.status == "running" || run.status == "queued") {
        const Owner owner{row.text(19), row.text(23), row.integer(20), row.integer(24)};
        // The file says so only once a program may write it; a reader must not believe the dead.
        if (!mayBeAtWork(owner, run.uid))
            run.status = "interrupted";
        else
            describeOwner(run, owner);
    }
    run.sessions = static_cast<int>(row.integer(21));
    run.lastSession = static_cast<int>(row.integer(22));
    run.studySha256 = row.text(25);
    return run;
}

/// Adds tags and last metrics to the runs that `condition` (on run r) selects.
template<class... Values>
Result<void> addDetails(Database& database, std::vector<RunRow>& runs, const std::string& condition,
                        const Values&... values)
{
    std::unordered_map<int64_t, RunRow*> byId;
    byId.reserve(runs.size());
    for (RunRow& run : runs)
        byId[run.runId] = &run;
    CLWB_ASSIGN(Statement tags, database.prepare("SELECT t.run_id, t.tag FROM run r JOIN tag t "
                                                 "USING(run_id) WHERE " +
                                                 condition + " ORDER BY t.run_id, t.tag"));
    tags.bindAll(values...);
    CLWB_TRY(forEachRow(tags, [&](Statement& row) {
        if (const auto run = byId.find(row.integer(0)); run != byId.end())
            run->second->tags.push_back(row.text(1));
    }));

    std::unordered_map<int64_t, std::string> names;
    CLWB_ASSIGN(Statement nameRows, database.prepare("SELECT name_id, name FROM value_name"));
    CLWB_TRY(forEachRow(nameRows, [&](Statement& row) { names[row.integer(0)] = row.text(1); }));
    CLWB_ASSIGN(Statement metrics,
                database.prepare("SELECT m.run_id, m.name_id, m.value FROM run r JOIN metric m ON "
                                 "m.run_id = r.run_id AND m.session = r.last_session WHERE " +
                                 condition + " AND m.value IS NOT NULL"));
    metrics.bindAll(values...);
    return forEachRow(metrics, [&](Statement& row) {
        if (const auto run = byId.find(row.integer(0)); run != byId.end())
            run->second->metrics[names[row.integer(1)]] = row.number(2);
    });
}

template<class... Values>
Result<std::vector<RunRow>> readRuns(const Project& project, const std::string& condition,
                                     const Values&... values)
{
    Database& database = project.database();
    // One snapshot: a run that is deleted between the queries must not appear in half.
    CLWB_ASSIGN(Transaction snapshot, Transaction::begin(database, TransactionKind::Read));
    CLWB_ASSIGN(auto runs,
                collect<RunRow>(
                    database,
                    std::string(kRunColumns) + "AS r WHERE " + condition + " ORDER BY run_id",
                    [&](Statement& row) { return runFromRow(row, project); }, values...));
    CLWB_TRY(addDetails(database, runs, condition, values...));
    CLWB_TRY(addSessionsNow(database, runs));
    CLWB_TRY(addWeightPaths(database, runs));
    CLWB_TRY(snapshot.commit());
    return runs;
}

Result<Json> jsonOfRun(Database& database, int64_t runId, const std::string& column)
{
    CLWB_ASSIGN(const auto text,
                database.text("SELECT " + column + " FROM run WHERE run_id = ?", runId));
    if (!text)
        return fail(ErrorCode::Usage, "there is no run " + std::to_string(runId),
                    "`clwb list` shows the runs");
    auto document = parseJson(*text, column + " of run " + std::to_string(runId));
    if (!document)
        document.error().code = ErrorCode::Corrupt;
    return document;
}

} // namespace

Project::Project(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{}
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;
Project::~Project() = default;

const fs::path& Project::file() const
{
    return m_d->file;
}

bool Project::isReadOnly() const
{
    return m_d->readOnly;
}

Result<void> requireWritable(const Project& project)
{
    if (!project.isReadOnly())
        return {};
    return fail(ErrorCode::Locked,
                "project " + project.file().string() + " is read-only: " + project.readOnlyReason(),
                "copy the project to a folder that you may write to, or use another project file");
}

const std::string& Project::readOnlyReason() const
{
    return m_d->readOnlyReason;
}

Database& Project::database() const
{
    return m_d->database;
}

fs::path Project::runFolder(int64_t runId) const
{
    return filesFolder(m_d->file) / ("run-" + std::to_string(runId));
}

Result<std::vector<RunRow>> Project::runs() const
{
    return readRuns(*this, "r.trashed_utc IS NULL");
}

Result<std::vector<RunRow>> Project::trashedRuns() const
{
    return readRuns(*this, "r.trashed_utc IS NOT NULL");
}

Result<RunRow> Project::run(int64_t runId) const
{
    CLWB_ASSIGN(auto rows, readRuns(*this, "r.run_id = ?1", runId));
    if (rows.empty())
        return fail(ErrorCode::Usage,
                    "there is no run " + std::to_string(runId) + " in " + file().string(),
                    "`clwb list` shows the runs");
    return std::move(rows.front());
}

Result<int64_t> Project::findRun(const std::string& numberOrName) const
{
    if (const auto number = parseInteger(numberOrName)) {
        CLWB_ASSIGN(const auto id, database().integer("SELECT run_id FROM run WHERE run_id = ? AND "
                                                      "trashed_utc IS NULL",
                                                      static_cast<int64_t>(*number)));
        if (id)
            return *id;
    }
    CLWB_ASSIGN(const auto ids, collect<int64_t>(
                                    database(),
                                    "SELECT run_id FROM run WHERE name = ? AND trashed_utc IS NULL "
                                    "ORDER BY run_id",
                                    [](Statement& row) { return row.integer(0); }, numberOrName));
    if (ids.size() == 1 && !numberOrName.empty())
        return ids.front();
    if (ids.empty() || numberOrName.empty())
        return fail(ErrorCode::Usage,
                    "there is no run '" + numberOrName + "' in " + file().string(),
                    "`clwb list` shows numbers and names");
    std::string list;
    for (size_t i = 0; i < ids.size() && i < 10; ++i)
        list += (i > 0 ? ", " : "") + std::to_string(ids[i]);
    return fail(ErrorCode::Usage,
                std::to_string(ids.size()) + " runs are named '" + numberOrName + "': " + list +
                    (ids.size() > 10 ? ", …" : ""),
                "use the number instead of the name");
}

Result<Json> Project::resolvedSpec(int64_t runId) const
{
    return jsonOfRun(database(), runId, "spec");
}

Result<Json> Project::environment(int64_t runId) const
{
    return jsonOfRun(database(), runId, "environment");
}

Result<std::vector<MetricPoint>> Project::metrics(int64_t runId) const
{
    return collect<MetricPoint>(
        database(),
        "SELECT m.session, n.name, m.value FROM metric m JOIN value_name n USING(name_id) "
        "WHERE m.run_id = ? AND m.value IS NOT NULL ORDER BY m.session, n.name",
        [](Statement& row) {
            return MetricPoint{static_cast<int>(row.integer(0)), std::nullopt, row.text(1),
                               row.number(2)};
        },
        runId);
}

Result<std::vector<MetricPoint>> Project::epochMetrics(int64_t runId) const
{
    return collect<MetricPoint>(
        database(),
        "SELECT m.session, m.epoch, n.name, m.value FROM epoch_metric m JOIN value_name n "
        "USING(name_id) WHERE m.run_id = ? AND m.value IS NOT NULL "
        "ORDER BY m.session, m.epoch, n.name",
        [](Statement& row) {
            return MetricPoint{static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)),
                               row.text(2), row.number(3)};
        },
        runId);
}

Result<std::vector<StepPoint>> Project::steps(int64_t runId, int64_t afterStep) const
{
    CLWB_ASSIGN(const std::string times, stepTimeColumns(database()));
    return collect<StepPoint>(
        database(),
        "SELECT s.step, s.session, s.epoch, n.name, l.value, l.value_kind, s.lr, " + times +
            " FROM step s JOIN step_loss l USING(run_id, step) JOIN value_name n USING(name_id) "
            "WHERE s.run_id = ? AND s.step > ? ORDER BY s.step, n.name",
        [](Statement& row) {
            StepPoint point;
            point.step = row.integer(0);
            point.session = static_cast<int>(row.integer(1));
            point.epoch = static_cast<int>(row.integer(2));
            point.lossName = row.text(3);
            point.value = row.optionalNumber(4);
            point.valueKind = row.text(5);
            point.lr = row.number(6);
            point.time = stepTime(row, 7, 8);
            return point;
        },
        runId, afterStep);
}

Result<std::vector<SessionAccuracy>> Project::sessionAccuracies(int64_t runId) const
{
    return collect<SessionAccuracy>(
        database(),
        "SELECT after_session, session, hits, total FROM session_accuracy WHERE run_id = ? "
        "ORDER BY after_session, session",
        [](Statement& row) {
            return SessionAccuracy{static_cast<int>(row.integer(0)),
                                   static_cast<int>(row.integer(1)), row.integer(2),
                                   row.integer(3)};
        },
        runId);
}

Result<std::vector<CheckpointRow>> Project::checkpoints(int64_t runId) const
{
    return collect<CheckpointRow>(
        database(),
        "SELECT folder, step, sha256 FROM checkpoint WHERE run_id = ? ORDER BY step, folder",
        [](Statement& row) {
            return CheckpointRow{row.text(0), row.integer(1), row.text(2)};
        },
        runId);
}

Result<std::vector<std::string>> Project::warnings(int64_t runId) const
{
    return collect<std::string>(
        database(), "SELECT text FROM warning WHERE run_id = ? ORDER BY number",
        [](Statement& row) { return row.text(0); }, runId);
}

Result<std::vector<metrics::EvaluationRecord>> Project::evaluations(int64_t runId,
                                                                    WhichRecords which) const
{
    const char* sql =
        which == WhichRecords::All
            ? "SELECT clwb_unpack(record) FROM evaluation WHERE run_id = ? "
              "ORDER BY session, epoch, split"
            : "SELECT clwb_unpack(record) FROM evaluation WHERE run_id = ? AND split = 'test' "
              "ORDER BY session DESC, epoch DESC LIMIT 1";
    CLWB_ASSIGN(const auto texts,
                collect<std::string>(
                    database(), sql, [](Statement& row) { return row.text(0); }, runId));
    std::vector<metrics::EvaluationRecord> records;
    for (const std::string& text : texts) {
        CLWB_ASSIGN(const Json document,
                    parseJson(text, "evaluation record of run " + std::to_string(runId)));
        CLWB_ASSIGN(auto record, metrics::evaluationRecordFromJson(document));
        records.push_back(std::move(record));
    }
    return records;
}

Result<int64_t> Project::dataVersion() const
{
    CLWB_ASSIGN(const auto others, database().integer("PRAGMA data_version"));
    return others.value_or(0) + database().totalChanges();
}

Result<std::vector<int64_t>> Project::sameConfiguration(const std::string& configurationHash,
                                                        uint64_t seed) const
{
    return collect<int64_t>(
        database(),
        "SELECT run_id FROM run WHERE configuration_hash = ? AND seed = ? AND "
        "trashed_utc IS NULL ORDER BY run_id",
        [](Statement& row) { return row.integer(0); }, configurationHash,
        static_cast<int64_t>(seed));
}

} // namespace clwb::store
