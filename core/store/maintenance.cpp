// SPDX-License-Identifier: GPL-3.0-or-later
// Checking and backing up project files.
#include "core/store/maintenance.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/store/project.h"
#include "core/store/project_private.h"
#include "core/store/schema.h"
#include "core/store/spool.h"

#include <sqlite3.h>

#include <fcntl.h>
#include <functional>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr int kBackupPages = 1000;
constexpr int kBackupPauseMs = 20;

Result<void> copyPages(Database& from, Database& to)
{
    sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (backup == nullptr)
        return Failure(sqliteError(to.handle(), sqlite3_errcode(to.handle()), to.file()));
    int code = SQLITE_OK;
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        code = sqlite3_backup_step(backup, kBackupPages);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(kBackupPauseMs);
    }
    const int finished = sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        return Failure(sqliteError(to.handle(), code, to.file()));
    if (finished != SQLITE_OK)
        return Failure(sqliteError(to.handle(), finished, to.file()));
    return {};
}

Result<void> collectProblems(Database& database, const std::string& sql,
                             std::vector<std::string>& problems)
{
    CLWB_ASSIGN(Statement rows, database.prepare(sql));
    while (problems.size() < 100) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            break;
        problems.push_back(rows.text(0));
    }
    return {};
}

/// What is parked beside a project. A run's own writer may empty a spool at any time: read before
/// the rows, nothing is missed, and what comes twice changes nothing.
std::vector<std::pair<int64_t, SpoolContent>> readSpools(const fs::path& project)
{
    std::vector<std::pair<int64_t, SpoolContent>> spools;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(filesFolder(project), failure)) {
        const auto runId = runOfSpool(entry.path());
        if (!runId || !entry.is_regular_file(failure))
            continue;
        auto content = readSpool(entry.path());
        if (content)
            spools.emplace_back(*runId, std::move(*content));
    }
    return spools;
}

/// In a copy nobody is at work on a run.
Result<void> endRuns(Database& copy, const fs::path& original)
{
    const std::string where = " in " + original.string() + " when this was copied";
    return copy.run("UPDATE run SET finished_utc = ?, "
                    "message = CASE status WHEN 'queued' THEN ? ELSE ? END, "
                    "status = 'interrupted', "
                    "owner_host = '', owner_boot = '', owner_pid = NULL, owner_start = NULL "
                    "WHERE status IN ('running', 'queued')",
                    utcNowText(), "waiting" + where, "in progress" + where);
}

Result<void> takeSpools(Database& copy, const std::vector<std::pair<int64_t, SpoolContent>>& spools)
{
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(copy));
    ValueNames names;
    for (const auto& [runId, content] : spools) {
        CLWB_ASSIGN(const auto uid, uidOf(copy, runId));
        if (uid != content.uid)
            continue;
        for (const RunItem& item : content.items)
            CLWB_TRY(applyItem(copy, names, runId, item));
    }
    return transaction.commit();
}

/// @param finish a last change to the copy, before it appears
Result<void> copyTo(const Project& project, const fs::path& target,
                    const std::function<Result<void>(Database&)>& finish)
{
    std::error_code ignored;
    fs::path temporary = target;
    temporary += ".tmp-" + std::to_string(::getpid());
    fs::remove(temporary, ignored);
    Result<void> copied;
    {
        CLWB_ASSIGN(Database copy, Database::open(temporary, Access::Create));
        copied = copyPages(project.database(), copy);
        if (copied)
            copied = finish(copy);
        // A backup is one file: not WAL, which needs neighbours.
        if (copied)
            copied = copy.execute("PRAGMA journal_mode=DELETE");
    }
    if (copied)
        copied = placeOrRefuse(temporary, target);
    fs::remove(temporary, ignored);
    return copied;
}

} // namespace

Result<CheckReport> dbCheck(const fs::path& file)
{
    CLWB_ASSIGN(const Project project, Project::open(file, OpenMode::ReadOnly));
    Database& database = project.database();
    CheckReport report;
    CLWB_ASSIGN(report.schema, schemaVersion(database));
    CLWB_TRY(collectProblems(database,
                             "SELECT integrity_check FROM pragma_integrity_check(100) "
                             "WHERE integrity_check <> 'ok'",
                             report.problems));
    CLWB_TRY(
        collectProblems(database,
                        "SELECT 'table ' || \"table\" || ', row ' || coalesce(rowid, '?') || "
                        "': points to a missing row of ' || parent FROM pragma_foreign_key_check",
                        report.problems));
    CLWB_TRY(
        collectProblems(database,
                        "SELECT 'run ' || run_id || ': its specification is not JSON' FROM run "
                        "WHERE NOT json_valid(spec) OR NOT json_valid(environment)",
                        report.problems));
    CLWB_TRY(collectProblems(database,
                             "SELECT 'run ' || run_id || ', session ' || session || "
                             "': its evaluation record is not JSON' FROM evaluation "
                             "WHERE NOT coalesce(json_valid(clwb_unpack(record)), 0)",
                             report.problems));
    CLWB_ASSIGN(const auto runs, database.integer("SELECT count(*) FROM run"));
    report.runs = runs.value_or(0);
    report.ok = report.problems.empty();
    return report;
}

Result<void> dbBackup(const fs::path& file, const fs::path& target)
{
    CLWB_TRY(requireFree(target));
    CLWB_ASSIGN(const Project project, Project::open(file, OpenMode::ReadOnly));
    return copyTo(project, target, [](Database&) { return Result<void>(); });
}

Result<void> keepFolders(Database& copy, const fs::path& project)
{
    return copy.run("UPDATE run SET folder = ? || CASE folder WHEN '' THEN 'run-' || run_id "
                    "ELSE folder END WHERE folder NOT LIKE '/%'", // NULL: without a folder
                    filesFolder(project).string() + "/");
}

Result<void> saveProjectAs(const Project& project, const fs::path& target)
{
    CLWB_TRY(requireFree(target));
    const auto spools = readSpools(project.file());
    return copyTo(project, target, [&](Database& copy) -> Result<void> {
        CLWB_TRY(keepFolders(copy, project.file()));
        CLWB_TRY(endRuns(copy, project.file()));
        CLWB_TRY(migrateCopy(copy)); // of an older program: what is parked needs this schema
        return takeSpools(copy, spools);
    });
}

} // namespace clwb::store
