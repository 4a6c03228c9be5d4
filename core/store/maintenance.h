// SPDX-License-Identifier: GPL-3.0-or-later
// Checking, saving and backing up project files.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clwb::store
{

/// What `clwb db check` prints.
struct CheckReport
{
    bool ok = false;
    int64_t runs = 0;
    int64_t schema = 0;
    std::vector<std::string> problems;
};

/// SQLite's full integrity check, foreign keys, definitions, JSON of specs and records. The file is
/// not changed. Errors: Usage (missing), Corrupt (cannot be opened at all), Locked.
Result<CheckReport> dbCheck(const std::filesystem::path& file);

/// What a file is that Project::open() has refused as Corrupt, by its first bytes.
enum class RefusedFile {
    DamagedProject, ///< dbRepair() may find runs in it
    NoProject,
};
RefusedFile kindOfRefused(const std::filesystem::path& file);

/// What was saved out of a damaged file.
struct RepairReport
{
    int64_t runsFound = 0;          ///< runs that the file held as far as can be told
    int64_t runsRecovered = 0;      ///< runs in the new file
    int64_t rowsRecovered = 0;      ///< of all tables
    int64_t rowsRefused = 0;        ///< readable, but contradicting the schema
    std::vector<std::string> notes; ///< one line a table that lost rows
};

/// Copies every readable row of a project into the new file `target`, whose runs find their folders
/// where they lie; the damaged file is only read. Errors: Usage (target, or a journal of its name,
/// exists), Corrupt (nothing readable), DiskFull.
Result<RepairReport> dbRepair(const std::filesystem::path& file,
                              const std::filesystem::path& target);

/// Consistent copy while other programs use the file (SQLite's online backup); the target appears
/// completely or not at all. Errors: Usage (target, or a journal of its name, exists), Corrupt,
/// Locked, DiskFull.
Result<void> dbBackup(const std::filesystem::path& file, const std::filesystem::path& target);

class Project;
/// A copy of an open project to go on with, made from the connection: it works when the file itself
/// has been deleted or moved. The copy's runs find their models and resume states where they lie;
/// deleting such a run in the copy leaves them there. A run in progress goes on in the original and
/// is interrupted in the copy, which also gets what is parked in spools. Errors: as dbBackup().
Result<void> saveProjectAs(const Project& project, const std::filesystem::path& target);

} // namespace clwb::store
