// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a run that is continued: what is cut off when it goes on, what is put back when not.
#include "core/store/resume_rows.h"

#include "core/store/run_rows.h"

namespace clwb::store
{
namespace
{

std::string dueName(int64_t runId)
{
    return "resume-due-" + std::to_string(runId);
}

/// Whether it was due until now. The mark goes in the transaction of what it stands for, so that no
/// kill comes between.
Result<bool> takeDue(Database& database, int64_t runId, const std::string& due)
{
    CLWB_TRY(database.run("DELETE FROM setting WHERE name = ? AND value = ?", dueName(runId), due));
    return database.changes() > 0;
}

} // namespace

Result<std::string> markDue(Database& database, int64_t runId)
{
    const std::string due = newUid();
    CLWB_TRY(database.run("INSERT OR REPLACE INTO setting VALUES(?, ?)", dueName(runId), due));
    return due;
}

Result<void> forgetDue(Database& database, int64_t runId)
{
    return database.run("DELETE FROM setting WHERE name = ?", dueName(runId));
}

Result<void> readEnd(Database& database, int64_t runId, ResumeStart& start)
{
    CLWB_ASSIGN(Statement row,
                database.prepare("SELECT status, message, finished_utc FROM run WHERE run_id = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(runId).step());
    if (!found)
        return fail(ErrorCode::Usage, "there is no run " + std::to_string(runId));
    start.status = row.text(0);
    // Still said to be in progress, in a program that is dead.
    if (start.status == "running" || start.status == "queued")
        start.status = "interrupted";
    start.message = row.text(1);
    if (!row.isNull(2))
        start.finishedUtc = row.text(2);
    return {};
}

Result<void> cutBack(Database& database, int64_t runId, const ResumeStart& start)
{
    CLWB_ASSIGN(const bool isDue, takeDue(database, runId, start.due));
    if (!isDue)
        return {};
    CLWB_ASSIGN(const auto epoch,
                database.integer("SELECT epoch FROM step WHERE run_id = ? AND step <= ? AND "
                                 "session > ? ORDER BY step DESC LIMIT 1",
                                 runId, start.keepSteps, start.keepSessions));
    CLWB_TRY(
        database.run("DELETE FROM step WHERE run_id = ? AND step > ?", runId, start.keepSteps));
    CLWB_TRY(database.run("DELETE FROM checkpoint WHERE run_id = ? AND step > ?", runId,
                          start.keepSteps));
    for (const char* table :
         {"metric", "evaluation", "epoch_metric", "retrieval_use", "prediction_use"})
        CLWB_TRY(
            database.run("DELETE FROM " + std::string(table) + " WHERE run_id = ? AND session > ?",
                         runId, start.keepSessions));
    for (const char* table : {"evaluation", "epoch_metric"})
        CLWB_TRY(database.run("DELETE FROM " + std::string(table) +
                                  " WHERE run_id = ? AND session = ? AND epoch > ?",
                              runId, start.keepSessions, epoch.value_or(0)));
    CLWB_TRY(database.run("DELETE FROM session_accuracy WHERE run_id = ? AND after_session > ?",
                          runId, start.keepSessions));
    return database.run("UPDATE run SET last_session = min(last_session, ?2), "
                        "compacted_step = min(compacted_step, ?3) WHERE run_id = ?1",
                        runId, start.keepSessions, start.keepSteps);
}

Result<void> giveBack(Database& database, int64_t runId, const ResumeStart& start)
{
    CLWB_ASSIGN(const bool isDue, takeDue(database, runId, start.due));
    if (!isDue)
        return {};
    return database.run(
        "UPDATE run SET status = ?2, message = ?3, finished_utc = ?4, owner_host = '', "
        "owner_boot = '', owner_pid = NULL, owner_start = NULL WHERE run_id = ?1",
        runId, start.status, start.message, start.finishedUtc);
}

} // namespace clwb::store
