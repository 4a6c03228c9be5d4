// SPDX-License-Identifier: GPL-3.0-or-later
// Managing runs: names, tags, stars, notes, trash, and runs whose program is gone.
#include "core/base/check.h"
#include "core/base/number_text.h"
#include "core/store/detail_rows.h"
#include "core/store/project_private.h"
#include "core/store/resume_rows.h"
#include "core/store/run_lock.h"

#include <algorithm>
#include <chrono>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr int64_t kLeaseSeconds = 300;

int64_t secondsNow()
{
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Errors: Locked on a read-only project, Usage when there is no such run.
Result<void> requireEditable(const Project& project, int64_t runId)
{
    CLWB_TRY(requireWritable(project));
    CLWB_ASSIGN(const auto found,
                project.database().integer("SELECT run_id FROM run WHERE run_id = ?", runId));
    if (!found)
        return fail(ErrorCode::Usage,
                    "there is no run " + std::to_string(runId) + " in " + project.file().string(),
                    "`clwb list` shows the runs");
    return {};
}

Result<void> requireNotPaper(Database& database, int64_t runId)
{
    CLWB_ASSIGN(const auto origin, database.text("SELECT origin FROM run WHERE run_id = ?", runId));
    if (origin == "paper")
        return fail(ErrorCode::Usage,
                    "run " + std::to_string(runId) + " holds the paper's reported numbers",
                    "reported rows cannot be changed or deleted");
    return {};
}

/// Whether a folder column names a folder directly in the project's files folder.
bool isInsideFiles(const std::string& text)
{
    const fs::path folder(text);
    return folder.is_relative() && text != ".." && text != "." && !folder.has_parent_path();
}

Result<void> setInterrupted(Database& database, int64_t runId, const std::string& message)
{
    return database.run("UPDATE run SET status = 'interrupted', message = ?2, finished_utc = ?3, "
                        "owner_host = '', owner_boot = '', owner_pid = NULL, owner_start = NULL "
                        "WHERE run_id = ?1 AND status IN ('running', 'queued')",
                        runId, message, utcNowText());
}

/// Where the run stood, for the user: "at session 3, epoch 4, step 120".
Result<std::string> positionOf(Database& database, int64_t runId)
{
    CLWB_ASSIGN(Statement last,
                database.prepare("SELECT session, epoch, step FROM step WHERE run_id = ? "
                                 "ORDER BY step DESC LIMIT 1"));
    CLWB_ASSIGN(const bool found, last.bindAll(runId).step());
    if (!found)
        return std::string("before the first step");
    return "at session " + last.text(0) + ", epoch " + last.text(1) + ", step " + last.text(2);
}

} // namespace

Result<Owner> ownerOf(Database& database, int64_t runId)
{
    CLWB_ASSIGN(Statement row,
                database.prepare("SELECT owner_host, owner_boot, coalesce(owner_pid, 0), "
                                 "coalesce(owner_start, 0) FROM run WHERE run_id = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(runId).step());
    if (!found)
        return Owner{};
    return Owner{row.text(0), row.text(1), row.integer(2), row.integer(3)};
}

Result<std::optional<std::string>> uidOf(Database& database, int64_t runId)
{
    return database.text("SELECT uid FROM run WHERE run_id = ?", runId);
}

Result<bool> mayBeAtWork(Database& database, int64_t runId)
{
    CLWB_ASSIGN(const Owner owner, ownerOf(database, runId));
    CLWB_ASSIGN(const auto uid, uidOf(database, runId));
    return mayBeAtWork(owner, uid.value_or(""));
}

Result<void> requireNotRunning(Database& database, int64_t runId)
{
    CLWB_ASSIGN(const auto status, database.text("SELECT status FROM run WHERE run_id = ?", runId));
    if (!status)
        return fail(ErrorCode::Usage,
                    "there is no run " + std::to_string(runId) + " in " + database.file().string(),
                    "`clwb list` shows the runs");
    if (status != "running" && status != "queued")
        return {};
    CLWB_ASSIGN(const bool isAtWork, mayBeAtWork(database, runId));
    if (!isAtWork)
        return {};
    CLWB_ASSIGN(const Owner owner, ownerOf(database, runId));
    return fail(ErrorCode::Locked,
                "run " + std::to_string(runId) + " is " + *status + " in " + owner.toText(),
                stateOf(owner) == OwnerState::Elsewhere
                    ? "stop it there first; if that host is gone: clwb resume " +
                          std::to_string(runId) + " --take-over"
                    : "stop it there first");
}

Result<void> Project::rename(int64_t runId, const std::string& name)
{
    CLWB_TRY(requireEditable(*this, runId));
    CLWB_TRY(requireNotPaper(database(), runId));
    return database().run("UPDATE run SET name = ?2 WHERE run_id = ?1", runId, name);
}

Result<void> Project::setTags(int64_t runId, const std::vector<std::string>& tags)
{
    CLWB_TRY(requireEditable(*this, runId));
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database()));
    CLWB_TRY(database().run("DELETE FROM tag WHERE run_id = ?", runId));
    for (const std::string& tag : tags) {
        if (!tag.empty())
            CLWB_TRY(database().run("INSERT OR IGNORE INTO tag VALUES(?, ?)", runId, tag));
    }
    return transaction.commit();
}

Result<void> Project::setStarred(int64_t runId, bool starred)
{
    CLWB_TRY(requireEditable(*this, runId));
    return database().run("UPDATE run SET starred = ?2 WHERE run_id = ?1", runId, starred ? 1 : 0);
}

Result<void> Project::setNotes(int64_t runId, const std::string& notes)
{
    CLWB_TRY(requireEditable(*this, runId));
    return database().run("UPDATE run SET notes = ?2 WHERE run_id = ?1", runId, notes);
}

Result<void> Project::moveToTrash(int64_t runId)
{
    CLWB_TRY(requireEditable(*this, runId));
    CLWB_TRY(requireNotPaper(database(), runId));
    CLWB_TRY(requireNotRunning(database(), runId));
    return database().run("UPDATE run SET trashed_utc = ?2 WHERE run_id = ?1", runId, utcNowText());
}

Result<void> Project::restoreFromTrash(int64_t runId)
{
    CLWB_TRY(requireEditable(*this, runId));
    return database().run("UPDATE run SET trashed_utc = NULL WHERE run_id = ?", runId);
}

Result<void> Project::purge(int64_t runId)
{
    CLWB_TRY(requireEditable(*this, runId));
    CLWB_TRY(requireNotPaper(database(), runId));
    CLWB_TRY(requireNotRunning(database(), runId));
    CLWB_ASSIGN(const auto folderText,
                database().text("SELECT folder FROM run WHERE run_id = ?", runId));
    // A copy of the project may be continuing the run in the same folder.
    std::optional<RunLock> lock;
    if (folderText && isInsideFiles(*folderText)) {
        std::error_code ignored;
        const fs::path folder = resolveRunFolder(file(), runId, *folderText);
        if (fs::is_directory(folder, ignored)) {
            CLWB_ASSIGN(RunLock taken, RunLock::take(folder));
            lock.emplace(std::move(taken));
        }
    }
    // Rows first: a folder without a row is only waste, a row without its folder is a broken run.
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database()));
    CLWB_ASSIGN(const auto details,
                database().integer("SELECT (SELECT count(*) FROM prediction_use WHERE run_id = ?1) "
                                   "+ (SELECT count(*) FROM retrieval_use WHERE run_id = ?1)",
                                   runId));
    CLWB_TRY(database().run("DELETE FROM run WHERE run_id = ?", runId));
    CLWB_TRY(forgetDue(database(), runId));
    if (details.value_or(0) > 0)
        CLWB_TRY(removeUnusedDetails(database()));
    CLWB_TRY(transaction.commit());
    std::error_code failure;
    fs::remove(spoolFile(file(), runId), failure);
    if (!folderText || !isInsideFiles(*folderText))
        return {};
    const fs::path folder = resolveRunFolder(file(), runId, *folderText);
    fs::remove_all(folder, failure); // a link is removed, not what it leads to
    if (failure)
        return fail(ErrorCode::Data,
                    "run " + std::to_string(runId) + " is deleted, but its folder " +
                        folder.string() + " cannot be removed: " + failure.message(),
                    "remove the folder by hand");
    return {};
}

Result<std::vector<int64_t>> Project::markInterrupted()
{
    std::vector<int64_t> candidates;
    CLWB_ASSIGN(Statement rows, database().prepare("SELECT run_id FROM run WHERE status IN "
                                                   "('running', 'queued') ORDER BY run_id"));
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            break;
        candidates.push_back(rows.integer(0));
    }
    rows.reset();
    std::vector<int64_t> marked;
    if (isReadOnly() || candidates.empty())
        return marked;
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database()));
    for (const int64_t runId : candidates) {
        CLWB_ASSIGN(const bool isAtWork, mayBeAtWork(database(), runId));
        if (isAtWork)
            continue;
        CLWB_ASSIGN(const std::string position, positionOf(database(), runId));
        CLWB_TRY(setInterrupted(database(), runId, "interrupted " + position));
        if (database().changes() > 0)
            marked.push_back(runId);
    }
    CLWB_TRY(transaction.commit());
    return marked;
}

Result<void> Project::takeOver(int64_t runId)
{
    CLWB_TRY(requireEditable(*this, runId));
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database()));
    CLWB_ASSIGN(const Owner owner, ownerOf(database(), runId));
    CLWB_ASSIGN(const auto heartbeat,
                database().integer("SELECT heartbeat FROM run WHERE run_id = ?", runId));
    const OwnerState state = owner.host.empty() ? OwnerState::Dead : stateOf(owner);
    const int64_t age = secondsNow() - heartbeat.value_or(0);
    if (state == OwnerState::Alive || (state == OwnerState::Elsewhere && age < kLeaseSeconds))
        return fail(ErrorCode::Locked,
                    "run " + std::to_string(runId) + " is running in " + owner.toText() +
                        ", last sign of life " + std::to_string(std::max<int64_t>(age, 0)) +
                        " s ago",
                    "stop it there, or wait until five minutes have passed without a sign");
    CLWB_TRY(setInterrupted(database(), runId, "taken over from " + owner.toText()));
    return transaction.commit();
}

} // namespace clwb::store
