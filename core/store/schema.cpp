// SPDX-License-Identifier: GPL-3.0-or-later
// The project file's tables and stable views, and the steps from older schemas to this one.
#include "core/store/schema.h"

#include "core/base/file.h"
#include "core/store/maintenance.h"
#include "core/store/schema_details.h"
#include "core/store/schema_load.h"
#include "core/store/schema_sql.h"
#include "core/store/schema_sweeps.h"

#include <array>
#include <map>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

// Losses over time: see StepTime. Not in v_step, whose columns are fixed.
constexpr char kStepTimesVersion3[] = "ALTER TABLE step ADD COLUMN began_ms INTEGER;"
                                      "ALTER TABLE step ADD COLUMN work_ms INTEGER;";

const std::string kVersion1 = std::string(kTablesVersion1) + kViewsVersion1;

using Objects = std::map<std::string, std::pair<std::string, std::string>>; // name → type, SQL

Result<Objects> schemaObjects(Database& database)
{
    CLWB_ASSIGN(Statement statement,
                database.prepare("SELECT name, type, coalesce(sql, '') FROM sqlite_schema "
                                 "WHERE name NOT LIKE 'sqlite_%'"));
    Objects objects;
    while (true) {
        CLWB_ASSIGN(const bool found, statement.step());
        if (!found)
            return objects;
        objects[statement.text(0)] = {statement.text(1), statement.text(2)};
    }
}

Result<void> applyStep(Database& database, const Migration& step)
{
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    // Another program may have taken the step while this one waited for the lock.
    CLWB_ASSIGN(const int64_t version, schemaVersion(database));
    if (version >= step.to)
        return {};
    CLWB_TRY(database.execute(step.sql));
    CLWB_TRY(database.execute("PRAGMA user_version=" + std::to_string(step.to)));
    return transaction.commit();
}

} // namespace

std::span<const Migration> migrations()
{
    static const std::array<Migration, kSchemaVersion> steps{{{1, kVersion1.c_str()},
                                                              {2, kSweepsVersion2},
                                                              {3, kStepTimesVersion3},
                                                              {4, kDetailsVersion4},
                                                              {5, kLoadVersion5}}};
    return steps;
}

Result<int64_t> schemaVersion(Database& database)
{
    CLWB_ASSIGN(const auto version, database.integer("PRAGMA user_version"));
    return version.value_or(0);
}

Result<std::string> stepTimeColumns(Database& database)
{
    // By the columns, not by the version: a newer program's file is read as far as it is known.
    CLWB_ASSIGN(const auto found, database.integer("SELECT count(*) FROM pragma_table_info('step') "
                                                   "WHERE name IN ('began_ms', 'work_ms')"));
    return found.value_or(0) < 2 ? "NULL, NULL" : "s.began_ms, s.work_ms";
}

std::optional<StepTime> stepTime(const Statement& row, int began, int work)
{
    if (row.isNull(began) || row.isNull(work))
        return std::nullopt;
    return StepTime{row.integer(began), row.integer(work)};
}

Result<void> migrateSchema(Database& database, std::span<const Migration> steps)
{
    // A file that is being created has nothing to keep a copy of.
    CLWB_ASSIGN(const int64_t version, schemaVersion(database));
    for (const Migration& step : steps) {
        if (step.to <= version)
            continue;
        if (version > 0) {
            fs::path copy = database.file();
            copy += ".pre-v" + std::to_string(step.to);
            if (!fs::exists(copy))
                CLWB_TRY(dbBackup(database.file(), copy));
        }
        CLWB_TRY(applyStep(database, step));
    }
    return {};
}

Result<void> migrateCopy(Database& database)
{
    for (const Migration& step : migrations())
        CLWB_TRY(applyStep(database, step)); // which leaves out what the file has
    return {};
}

Result<void> createSchema(const fs::path& file)
{
    CLWB_ASSIGN(Database database, Database::open(file, Access::Create));
    CLWB_TRY(database.execute("PRAGMA application_id=" + std::to_string(kApplicationId)));
    return migrateSchema(database);
}

Result<void> checkSchema(Database& database)
{
    CLWB_ASSIGN(Database model, Database::openInMemory());
    for (const Migration& step : migrations())
        CLWB_TRY(model.execute(step.sql));
    CLWB_ASSIGN(const Objects expected, schemaObjects(model));
    CLWB_ASSIGN(const Objects found, schemaObjects(database));
    CLWB_ASSIGN(const int64_t version, schemaVersion(database));
    const bool isOfNow = version == kSchemaVersion;
    const std::string where = "project file " + database.file().string() + ": ";
    const std::string hint =
        "open a backup, or run `clwb db repair` to save the runs into a new file";
    for (const auto& [name, object] : expected) {
        const auto match = found.find(name);
        if (match == found.end() && !isOfNow)
            continue;
        if (match == found.end())
            return fail(ErrorCode::Corrupt,
                        where + "its " + object.first + " " + name + " is missing", hint);
        // A view in the place of a table may give rows without end.
        if (isOfNow ? match->second != object : match->second.first != object.first)
            return fail(ErrorCode::Corrupt,
                        where + "its " + object.first + " " + name + " was changed", hint);
    }
    for (const auto& [name, object] : found) {
        if (object.first == "trigger" && version <= kSchemaVersion)
            return fail(ErrorCode::Corrupt, where + "holds a trigger (" + name + ")", hint);
    }
    return {};
}

} // namespace clwb::store
