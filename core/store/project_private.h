// SPDX-License-Identifier: GPL-3.0-or-later
// What the sources of the store share: opening connections, folders, ownership columns.
#pragma once

#include "core/store/owner.h"
#include "core/store/project.h"
#include "core/store/sqlite.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace clwb::store
{

struct Project::Private
{
    std::filesystem::path file;
    std::shared_ptr<Lease> lease; ///< network file systems only; released after the database
    Database database;
    std::string readOnlyReason;
    bool readOnly = false;
};

/// A second connection of this process to a project that was opened and checked before.
struct WriteConnection
{
    std::shared_ptr<Lease> lease;
    Database database;
};
Result<WriteConnection> openForWriting(const std::filesystem::path& file);

/// Errors: Locked on a read-only project, with the reason.
Result<void> requireWritable(const Project& project);

/// Gives a finished file its name, never in the place of another one: false when there is one. The
/// old name may stay: the caller removes it. Errors: those of the system.
Result<bool> placeNew(const std::filesystem::path& finished, const std::filesystem::path& target);
/// Likewise. Errors: Usage when another file has come up meanwhile.
Result<void> placeOrRefuse(const std::filesystem::path& finished,
                           const std::filesystem::path& target);
/// Errors: Usage when there is such a file, or a journal of an earlier one of that name.
Result<void> requireFree(const std::filesystem::path& target);
/// Lets the runs of another file find their folders where those of `project` lie.
Result<void> keepFolders(Database& copy, const std::filesystem::path& project);

/// `<project>.files`.
std::filesystem::path filesFolder(const std::filesystem::path& project);
/// What the folder column of a run means; `text` is not NULL.
std::filesystem::path resolveRunFolder(const std::filesystem::path& project, int64_t runId,
                                       const std::string& text);
/// The spool of a run, beside its folder.
std::filesystem::path spoolFile(const std::filesystem::path& project, int64_t runId);

/// Owner columns of a run; host empty when it has none.
Result<Owner> ownerOf(Database& database, int64_t runId);
/// By which a run is told from others that have had its number; nothing: there is no such run.
Result<std::optional<std::string>> uidOf(Database& database, int64_t runId);
/// Whether somebody may be at work on the run, as its row says and this process knows.
Result<bool> mayBeAtWork(Database& database, int64_t runId);
/// Errors: Usage (no such run), Locked (a living owner, or one on another host, runs it).
Result<void> requireNotRunning(Database& database, int64_t runId);

} // namespace clwb::store
