// SPDX-License-Identifier: GPL-3.0-or-later
// Creating and taking over runs: the rows, the ownership, and the start of the writer thread.
#include "core/store/run_writer.h"

#include "core/base/number_text.h"
#include "core/store/project_private.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/spool.h"
#include "core/store/stop_request.h"
#include "core/store/sweeps.h"
#include "core/store/writer_thread.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

RunColumns columnsOf(NewRun& run, const std::string& status)
{
    RunColumns columns = columnsFromSpec(run.resolvedSpec);
    if (!run.name.empty())
        columns.name = run.name;
    columns.status = status;
    columns.origin = run.origin;
    columns.configurationHash = run.configurationHash;
    if (run.environment.is_object())
        columns.environment = std::move(run.environment);
    columns.folder = run.folder.empty() ? std::string() : fs::absolute(run.folder).string();
    columns.sessions = run.sessions;
    return columns;
}

/// Makes this process the owner. Inside the caller's transaction.
Result<void> claim(Database& database, int64_t runId, const std::string& status)
{
    const Owner owner = thisProcess();
    return database.run(
        "UPDATE run SET status = ?2, owner_host = ?3, owner_boot = ?4, owner_pid = ?5, "
        "owner_start = ?6, heartbeat = unixepoch(), finished_utc = NULL, "
        "message = '' WHERE run_id = ?1",
        runId, status, owner.host, owner.boot, owner.pid, owner.start);
}

/// The project, made if it is missing and checked, then a plain connection for the writer thread.
Result<WriteConnection> openProject(const fs::path& file, OpenMode mode)
{
    CLWB_ASSIGN(const Project project, Project::open(file, mode));
    CLWB_TRY(requireWritable(project));
    return openForWriting(file);
}

Result<fs::path> folderOfRun(Database& database, const fs::path& project, int64_t runId)
{
    CLWB_ASSIGN(const auto folder, database.text("SELECT folder FROM run WHERE run_id = ?", runId));
    return resolveRunFolder(project, runId, folder.value_or(""));
}

/// The right to write into the folder. What was asked of an earlier run there goes now, before a
/// row says that this one is in training: from then on a request is for this run.
Result<RunLock> takeFolder(const fs::path& folder)
{
    CLWB_ASSIGN(RunLock lock, RunLock::take(folder));
    dropStopRequest(folder);
    return Result<RunLock>(std::move(lock));
}

/// @param lock of a run that starts at once: taken here where it is not yet; null: it is queued
Result<int64_t> insertOwned(Database& database, const fs::path& project, NewRun& run,
                            std::optional<RunLock>* lock)
{
    const std::string status = lock ? "running" : "queued";
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    CLWB_ASSIGN(const int64_t runId, insertRun(database, columnsOf(run, status)));
    if (lock && !*lock) {
        CLWB_ASSIGN(const fs::path folder, folderOfRun(database, project, runId));
        CLWB_ASSIGN(RunLock taken, takeFolder(folder));
        lock->emplace(std::move(taken));
    }
    CLWB_TRY(claim(database, runId, status));
    if (run.trial)
        CLWB_TRY(giveTrialItsRun(database, *run.trial, runId));
    CLWB_TRY(transaction.commit());
    return runId;
}

Result<std::unique_ptr<RunWriter>> startWriter(const fs::path& file, WriteConnection connection,
                                               int64_t runId, RunLock lock,
                                               std::optional<ResumeStart> resume = {})
{
    Database& database = connection.database;
    WriterSetup setup;
    setup.project = fs::absolute(file);
    setup.runId = runId;
    CLWB_ASSIGN(setup.folder, folderOfRun(database, file, runId));
    setup.lock.emplace(std::move(lock));
    CLWB_ASSIGN(const auto uid, uidOf(database, runId));
    setup.uid = uid.value_or("");
    CLWB_ASSIGN(const auto warnings,
                database.integer("SELECT max(number) FROM warning WHERE run_id = ?", runId));
    setup.warnings = warnings.value_or(0);
    setup.resume = std::move(resume);
    setup.connection.emplace(std::move(connection));
    return makeRunWriter(std::move(setup));
}

/// Errors: Usage, Locked.
Result<void> requireResumable(Database& database, int64_t runId)
{
    CLWB_TRY(requireNotRunning(database, runId));
    CLWB_ASSIGN(const auto status, database.text("SELECT status FROM run WHERE run_id = ?", runId));
    if (status == "finished" || status == "reported")
        return fail(ErrorCode::Usage, "run " + std::to_string(runId) + " is " + *status +
                                          ": there is nothing to resume");
    return {};
}

/// What an earlier writer could not store comes first: merged later, it would go over what this one
/// stores. Errors: Locked.
Result<void> requireNothingParked(Database& database, const fs::path& project, int64_t runId)
{
    const fs::path spool = spoolFile(project, runId);
    std::error_code ignored;
    if (!fs::exists(spool, ignored))
        return {};
    CLWB_ASSIGN(const auto uid, uidOf(database, runId));
    CLWB_ASSIGN(const SpoolContent parked, readSpool(spool));
    if (uid != parked.uid || parked.items.empty())
        return {};
    return fail(ErrorCode::Locked,
                "results of run " + std::to_string(runId) + " still wait in " + spool.string() +
                    " for the project",
                "try again once the project can be written");
}

} // namespace

Result<int64_t> enqueueRun(const fs::path& project, NewRun run)
{
    CLWB_ASSIGN(WriteConnection connection, openProject(project, OpenMode::CreateIfMissing));
    return insertOwned(connection.database, project, run, nullptr);
}

Result<std::unique_ptr<RunWriter>> RunWriter::createRun(const fs::path& project, NewRun run)
{
    CLWB_ASSIGN(WriteConnection connection, openProject(project, OpenMode::CreateIfMissing));
    std::optional<RunLock> lock; // of a folder that may be in use, before there is a row
    if (!run.folder.empty()) {
        CLWB_ASSIGN(RunLock taken, takeFolder(run.folder));
        lock.emplace(std::move(taken));
    }
    CLWB_ASSIGN(const int64_t runId, insertOwned(connection.database, project, run, &lock));
    return startWriter(project, std::move(connection), runId, std::move(*lock));
}

Result<std::unique_ptr<RunWriter>> RunWriter::startQueued(const fs::path& project, int64_t runId)
{
    CLWB_ASSIGN(WriteConnection connection, openProject(project, OpenMode::ReadWrite));
    Database& database = connection.database;
    std::optional<RunLock> lock;
    {
        CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
        CLWB_ASSIGN(const auto status,
                    database.text("SELECT status FROM run WHERE run_id = ?", runId));
        if (status != "queued")
            return fail(ErrorCode::Usage, "run " + std::to_string(runId) + " is not queued");
        CLWB_ASSIGN(const Owner owner, ownerOf(database, runId));
        if (!(owner == thisProcess()))
            CLWB_TRY(requireNotRunning(database, runId));
        CLWB_ASSIGN(const fs::path folder, folderOfRun(database, project, runId));
        auto taken = takeFolder(folder);
        if (!taken) {
            // The row must not wait for an owner that lives on without it.
            CLWB_TRY(database.run("UPDATE run SET status = 'failed', message = ?2, "
                                  "finished_utc = ?3 WHERE run_id = ?1",
                                  runId, toText(taken.error()), utcNowText()));
            CLWB_TRY(transaction.commit());
            return Failure(taken.error());
        }
        lock.emplace(std::move(*taken));
        CLWB_TRY(claim(database, runId, "running"));
        CLWB_TRY(transaction.commit());
    }
    return startWriter(project, std::move(connection), runId, std::move(*lock));
}

Result<std::unique_ptr<RunWriter>> RunWriter::resumeRun(const fs::path& project, int64_t runId,
                                                        int64_t keepSteps, int keepSessions)
{
    CLWB_ASSIGN(WriteConnection connection, openProject(project, OpenMode::ReadWrite));
    Database& database = connection.database;
    CLWB_TRY(requireResumable(database, runId)); // which knows more than the folder's lock
    CLWB_ASSIGN(const fs::path folder, folderOfRun(database, project, runId));
    CLWB_ASSIGN(RunLock lock, RunLock::take(folder)); // before any row changes
    CLWB_TRY(requireNothingParked(database, project, runId));
    ResumeStart resume;
    resume.keepSteps = keepSteps;
    resume.keepSessions = keepSessions;
    {
        CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
        CLWB_TRY(requireResumable(database, runId));
        CLWB_TRY(readEnd(database, runId, resume));
        CLWB_ASSIGN(resume.due, markDue(database, runId));
        CLWB_TRY(claim(database, runId, "running"));
        dropStopRequest(folder); // of its earlier part; from now on it is for this one
        CLWB_ASSIGN(const auto uid, uidOf(database, runId));
        // Before others can see the row; again where the row stays what it was.
        const bool hadLetGo = takeUpRun(uid.value_or(""));
        if (Result<void> claimed = transaction.commit(); !claimed) {
            if (hadLetGo)
                letGoOfRun(uid.value_or(""));
            return Failure(claimed.error());
        }
    }
    return startWriter(project, std::move(connection), runId, std::move(lock), std::move(resume));
}

} // namespace clwb::store
