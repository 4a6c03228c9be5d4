// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sweeps.h"

#include "core/base/number_text.h"
#include "core/store/project_private.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"

namespace clwb::store
{
namespace
{

constexpr int kFirstVersion = 2; // of the schema with sweeps

constexpr std::string_view kSweepColumns =
    "SELECT s.sweep_id, s.uid, s.kind, s.name, s.created_utc, s.hash, s.reuses, v.trials, v.done, "
    "v.failed, s.document, s.result FROM sweep s JOIN v_sweep v USING(sweep_id) ";

Result<bool> hasSweeps(const Project& project)
{
    CLWB_ASSIGN(const int64_t version, schemaVersion(project.database()));
    return version >= kFirstVersion;
}

Result<Json> jsonColumn(const Statement& row, int column, const std::string& what)
{
    auto document = parseJson(row.text(column), what);
    if (!document)
        document.error().code = ErrorCode::Corrupt;
    return document;
}

Result<SweepRow> sweepFromRow(const Statement& row)
{
    SweepRow sweep;
    sweep.sweepId = row.integer(0);
    sweep.uid = row.text(1);
    sweep.kind = row.text(2);
    sweep.name = row.text(3);
    sweep.createdUtc = row.text(4);
    sweep.hash = row.text(5);
    sweep.reuses = row.integer(6) != 0;
    sweep.trials = static_cast<int>(row.integer(7));
    sweep.done = static_cast<int>(row.integer(8));
    sweep.failed = static_cast<int>(row.integer(9));
    const std::string name = "sweep " + std::to_string(sweep.sweepId);
    CLWB_ASSIGN(sweep.document, jsonColumn(row, 10, "document of " + name));
    CLWB_ASSIGN(sweep.result, jsonColumn(row, 11, "result of " + name));
    return sweep;
}

TrialState stateFromText(const std::string& text, const Owner& owner)
{
    if (text == "running")
        return !owner.host.empty() && stateOf(owner) == OwnerState::Dead ? TrialState::Stopped
                                                                         : TrialState::Running;
    if (text == "done")
        return TrialState::Done;
    if (text == "failed")
        return TrialState::Failed;
    return text == "stopped" ? TrialState::Stopped : TrialState::Pending;
}

Result<void> insertTrial(Database& database, int64_t sweepId, const NewTrial& trial)
{
    return database.run("INSERT INTO sweep_trial(sweep_id, number, role, varied, spec) "
                        "VALUES(?, ?, ?, ?, ?)",
                        sweepId, trial.number, trial.role, trial.varied.dump(), trial.spec.dump());
}

} // namespace

Result<std::vector<SweepRow>> sweeps(const Project& project)
{
    std::vector<SweepRow> rows;
    CLWB_ASSIGN(const bool known, hasSweeps(project));
    if (!known)
        return rows;
    CLWB_ASSIGN(Statement statement,
                project.database().prepare(std::string(kSweepColumns) + "ORDER BY s.sweep_id"));
    while (true) {
        CLWB_ASSIGN(const bool found, statement.step());
        if (!found)
            return rows;
        CLWB_ASSIGN(SweepRow row, sweepFromRow(statement));
        rows.push_back(std::move(row));
    }
}

Result<std::optional<SweepRow>> findSweep(const Project& project, const std::string& hash)
{
    CLWB_ASSIGN(const bool known, hasSweeps(project));
    if (!known)
        return std::nullopt;
    CLWB_ASSIGN(Statement statement,
                project.database().prepare(std::string(kSweepColumns) +
                                           "WHERE s.hash = ? ORDER BY s.sweep_id DESC LIMIT 1"));
    CLWB_ASSIGN(const bool found, statement.bindAll(hash).step());
    if (!found)
        return std::nullopt;
    CLWB_ASSIGN(SweepRow row, sweepFromRow(statement));
    return row;
}

Result<std::vector<TrialRow>> trialsOf(const Project& project, int64_t sweepId)
{
    CLWB_ASSIGN(Statement row,
                project.database().prepare(
                    "SELECT t.number, t.role, t.varied, t.spec, v.state, v.run_id, "
                    "coalesce(r.owner_host, ''), coalesce(r.owner_boot, ''), "
                    "coalesce(r.owner_pid, 0), coalesce(r.owner_start, 0) "
                    "FROM sweep_trial t JOIN v_trial v ON v.sweep_id = t.sweep_id AND v.trial = "
                    "t.number LEFT JOIN run r ON r.run_id = v.run_id WHERE t.sweep_id = ? "
                    "ORDER BY t.number"));
    row.bindAll(sweepId);
    std::vector<TrialRow> trials;
    while (true) {
        CLWB_ASSIGN(const bool found, row.step());
        if (!found)
            return trials;
        TrialRow trial;
        trial.number = static_cast<int>(row.integer(0));
        trial.role = row.text(1);
        const std::string name =
            "trial " + std::to_string(trial.number) + " of sweep " + std::to_string(sweepId);
        CLWB_ASSIGN(trial.varied, jsonColumn(row, 2, name));
        CLWB_ASSIGN(trial.spec, jsonColumn(row, 3, name));
        trial.runId = row.optionalInteger(5);
        trial.state =
            stateFromText(row.text(4), {row.text(6), row.text(7), row.integer(8), row.integer(9)});
        trials.push_back(std::move(trial));
    }
}

Result<std::optional<int64_t>> findFinishedRun(const Project& project, const RunIdentity& identity)
{
    return project.database().integer(
        "SELECT run_id FROM run WHERE configuration_hash = ? AND seed = ? AND study_sha256 = ? AND "
        "model_sha256 = ? AND status = 'finished' AND trashed_utc IS NULL ORDER BY run_id LIMIT 1",
        identity.configurationHash, static_cast<int64_t>(identity.seed), identity.studySha256,
        identity.modelSha256);
}

Result<int64_t> lastStep(const Project& project, int64_t runId)
{
    CLWB_ASSIGN(const auto step,
                project.database().integer(
                    "SELECT max(step) FROM (SELECT step FROM step WHERE run_id = ?1 UNION ALL "
                    "SELECT step FROM checkpoint WHERE run_id = ?1)",
                    runId));
    return step.value_or(0);
}

Result<int64_t> addSweep(Project& project, const NewSweep& sweep,
                         const std::vector<NewTrial>& trials)
{
    CLWB_TRY(requireWritable(project));
    Database& database = project.database();
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    CLWB_TRY(database.run("INSERT INTO sweep(uid, kind, name, created_utc, hash, reuses, document) "
                          "VALUES(?, ?, ?, ?, ?, ?, ?)",
                          newUid(), sweep.kind, sweep.name, utcNowText(), sweep.hash,
                          sweep.reuses ? 1 : 0, sweep.document.dump()));
    const int64_t sweepId = database.lastInsertId();
    for (const NewTrial& trial : trials)
        CLWB_TRY(insertTrial(database, sweepId, trial));
    CLWB_TRY(transaction.commit());
    return sweepId;
}

Result<void> addTrial(Project& project, int64_t sweepId, const NewTrial& trial)
{
    CLWB_TRY(requireWritable(project));
    return insertTrial(project.database(), sweepId, trial);
}

Result<void> giveTrialItsRun(Database& database, const TrialPlace& place, int64_t runId)
{
    // IS also compares NULL; a trashed run counts as none, so whoever looked saw none.
    CLWB_TRY(database.run("UPDATE sweep_trial SET run_id = ?3 WHERE sweep_id = ?1 AND number = ?2 "
                          "AND (run_id IS ?4 OR run_id IN (SELECT run_id FROM run WHERE "
                          "trashed_utc IS NOT NULL))",
                          place.sweepId, place.number, runId, place.earlierRun));
    if (database.changes() == 1)
        return {};
    return fail(ErrorCode::Locked,
                "trial " + std::to_string(place.number) +
                    " of the sweep has just been started by another program",
                "give the same command again: it takes the trials that are left");
}

Result<void> linkTrial(Project& project, const TrialPlace& place, int64_t runId)
{
    CLWB_TRY(requireWritable(project));
    return giveTrialItsRun(project.database(), place, runId);
}

Result<void> setSweepResult(Project& project, int64_t sweepId, const Json& result)
{
    CLWB_TRY(requireWritable(project));
    return project.database().run("UPDATE sweep SET result = ?2 WHERE sweep_id = ?1", sweepId,
                                  result.dump());
}

} // namespace clwb::store
