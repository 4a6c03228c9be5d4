// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/shrink.h"

#include "core/store/detail_rows.h"
#include "core/store/project_private.h"

#include <sqlite3.h>

namespace clwb::store
{
namespace
{

/// Of the whole project, also of what lies in the journal still.
Result<uint64_t> bytesOf(Database& database)
{
    CLWB_ASSIGN(const auto pages, database.integer("PRAGMA page_count"));
    CLWB_ASSIGN(const auto bytes, database.integer("PRAGMA page_size"));
    return static_cast<uint64_t>(pages.value_or(0)) * static_cast<uint64_t>(bytes.value_or(0));
}

struct Counts
{
    int64_t results = 0;
    int64_t thumbnails = 0;
};

Result<Counts> countAll(Database& database)
{
    Counts counts;
    CLWB_ASSIGN(const auto results, database.integer("SELECT (SELECT count(*) FROM prediction) + "
                                                     "(SELECT count(*) FROM retrieval_result)"));
    CLWB_ASSIGN(const auto thumbnails, database.integer("SELECT count(*) FROM thumbnail"));
    counts.results = results.value_or(0);
    counts.thumbnails = thumbnails.value_or(0);
    return counts;
}

Result<void> setLimit(Database& database, int64_t bytes)
{
    return database.run("INSERT OR REPLACE INTO setting VALUES(?, ?)",
                        std::string_view(kThumbnailLimitName), std::to_string(bytes));
}

Result<void> dropRun(Database& database, int64_t runId)
{
    CLWB_TRY(requireNotRunning(database, runId));
    for (const char* table : {"prediction_use", "retrieval_use"})
        CLWB_TRY(database.run("DELETE FROM " + std::string(table) + " WHERE run_id = ?", runId));
    return {};
}

} // namespace

Result<ShrinkReport> shrinkDetails(Project& project, const ShrinkRequest& request)
{
    CLWB_TRY(requireWritable(project));
    Database& database = project.database();
    ShrinkReport report;
    CLWB_ASSIGN(report.bytesBefore, bytesOf(database));
    {
        CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
        CLWB_ASSIGN(const Counts before, countAll(database));
        for (const int64_t runId : request.runs)
            CLWB_TRY(dropRun(database, runId));
        if (request.thumbnailLimit)
            CLWB_TRY(setLimit(database, *request.thumbnailLimit));
        if (request.thumbnails)
            CLWB_TRY(database.execute("UPDATE image SET thumbnail_id = NULL"));
        CLWB_TRY(removeUnusedDetails(database));
        CLWB_ASSIGN(const Counts after, countAll(database));
        CLWB_TRY(transaction.commit());
        report.results = before.results - after.results;
        report.thumbnails = before.thumbnails - after.thumbnails;
    }
    // VACUUM works through an attached file of its own, which connections otherwise refuse.
    const int attached = sqlite3_limit(database.handle(), SQLITE_LIMIT_ATTACHED, 1);
    Result<void> compacted = database.execute("VACUUM");
    sqlite3_limit(database.handle(), SQLITE_LIMIT_ATTACHED, attached);
    if (compacted)
        compacted = database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    if (!compacted && !isBusy(compacted.error()))
        return Failure(compacted.error());
    CLWB_ASSIGN(report.bytesAfter, bytesOf(database));
    return report;
}

} // namespace clwb::store
