// SPDX-License-Identifier: GPL-3.0-or-later
// The project file's tables and stable views, and the steps from older schemas to this one.
#pragma once

#include "core/base/step_time.h"
#include "core/store/sqlite.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace clwb::store
{

inline constexpr int64_t kApplicationId = 0x434C5742; ///< "CLWB"
inline constexpr int kSchemaVersion = 5;

/// One step of the schema: brings a file from version `to` - 1 to `to`.
struct Migration
{
    int to = 0;
    const char* sql = nullptr;
};

/// All steps, oldest first; the first one makes an empty file a project.
std::span<const Migration> migrations();

/// `PRAGMA user_version`.
Result<int64_t> schemaVersion(Database& database);

/// The two columns of a step `s` for stepTime(), NULL where the file's schema has none yet.
Result<std::string> stepTimeColumns(Database& database);
/// @param began, work positions of those columns in the row
std::optional<StepTime> stepTime(const Statement& row, int began, int work);

/// Applies the steps that the file lacks, each in one transaction. A file that already holds a
/// schema is copied to `<file>.pre-v<to>` first (an existing copy of that name is kept).
Result<void> migrateSchema(Database& database, std::span<const Migration> steps = migrations());
/// The same for a file that is a copy itself: none is kept. A newer one stays as it is.
Result<void> migrateCopy(Database& database);

/// Writes a new, empty project (rollback journal, nothing beside the file).
/// Errors: DiskFull, Locked. The file must not exist.
Result<void> createSchema(const std::filesystem::path& file);

/// Compares tables, views and indices with what this version makes. Triggers are refused, so are
/// changed definitions; further tables and views of other tools are left alone. Of a project of
/// another version only the kinds are compared: a table stays a table. Errors: Corrupt.
Result<void> checkSchema(Database& database);

} // namespace clwb::store
