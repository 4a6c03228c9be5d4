// SPDX-License-Identifier: GPL-3.0-or-later
// Saves the readable rows of a damaged project into a new file.
#include "core/base/file.h"
#include "core/store/file_header.h"
#include "core/store/maintenance.h"
#include "core/store/project_private.h"
#include "core/store/repair_details.h"
#include "core/store/schema.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

/// A table, and the columns by which it is read from both ends.
struct Table
{
    const char* name;
    const char* order;        ///< ascending
    const char* reverseOrder; ///< descending
};

// Parents before children.
constexpr std::array<Table, 12> kTables{{
    {"run", "rowid", "rowid DESC"},
    {"value_name", "rowid", "rowid DESC"},
    {"tag", "run_id, tag", "run_id DESC, tag DESC"},
    {"param", "run_id, key", "run_id DESC, key DESC"},
    {"metric", "run_id, session, name_id", "run_id DESC, session DESC, name_id DESC"},
    {"epoch_metric", "run_id, session, epoch, name_id",
     "run_id DESC, session DESC, epoch DESC, name_id DESC"},
    {"session_accuracy", "run_id, after_session, session",
     "run_id DESC, after_session DESC, session DESC"},
    {"evaluation", "rowid", "rowid DESC"},
    {"step", "run_id, step", "run_id DESC, step DESC"},
    {"step_loss", "run_id, step, name_id", "run_id DESC, step DESC, name_id DESC"},
    {"checkpoint", "run_id, folder", "run_id DESC, folder DESC"},
    {"warning", "run_id, number", "run_id DESC, number DESC"},
}};
// Since schema version 4.
constexpr std::array<Table, 12> kDetailTables{{
    {"setting", "name", "name DESC"},
    {"thumbnail", "rowid", "rowid DESC"},
    {"image", "rowid", "rowid DESC"},
    {"caption", "rowid", "rowid DESC"},
    {"item_list", "rowid", "rowid DESC"},
    {"item", "list_id, position", "list_id DESC, position DESC"},
    {"list_caption", "list_id, position", "list_id DESC, position DESC"},
    {"prediction", "rowid", "rowid DESC"},
    {"prediction_use", "run_id, session, prediction_id",
     "run_id DESC, session DESC, prediction_id DESC"},
    {"retrieval_result", "rowid", "rowid DESC"},
    {"retrieval_use", "run_id, session, result_id", "run_id DESC, session DESC, result_id DESC"},
    {"retrieval_query", "result_id, direction, position",
     "result_id DESC, direction DESC, position DESC"},
}};
// Since schema version 5.
constexpr Table kLoadTable{"load", "run_id, at", "run_id DESC, at DESC"};
// Since schema version 2; a trial outlives its run.
constexpr std::array<Table, 2> kSweepTables{{
    {"sweep", "rowid", "rowid DESC"},
    {"sweep_trial", "sweep_id, number", "sweep_id DESC, number DESC"},
}};

/// Copies rows until the end or the first damage. True when the end was reached.
class Salvage
{
public:
    Salvage(Database& from, Database& to, RepairReport& report)
        : m_from(from)
        , m_to(to)
        , m_report(report)
    {}

    Result<void> copyTable(const Table& table)
    {
        CLWB_ASSIGN(const bool whole, copyInOrder(table, table.order));
        if (whole)
            return {};
        // What lies behind the damage is reached from the other end.
        CLWB_ASSIGN(const bool ignored, copyInOrder(table, table.reverseOrder));
        static_cast<void>(ignored);
        if (std::string_view(table.order) == "rowid")
            CLWB_TRY(copyByNumber(table));
        m_report.notes.push_back("table " + std::string(table.name) +
                                 ": damaged, some rows are lost");
        return {};
    }

private:
    Result<Statement> insertInto(const Table& table, int columns)
    {
        // Later schemas only add columns at the end: an older file fills the first ones.
        const std::string name = table.name;
        CLWB_ASSIGN(const Statement target, m_to.prepare("SELECT * FROM " + name));
        std::string names;
        std::string values;
        for (int column = 0; column < std::min(columns, target.columns()); ++column) {
            names += (column > 0 ? ", " : "") + target.columnName(column);
            values += column > 0 ? ", ?" : "?";
        }
        return m_to.prepare("INSERT OR IGNORE INTO " + name + "(" + names + ") VALUES(" + values +
                            ")");
    }

    Result<bool> copyInOrder(const Table& table, const char* order)
    {
        auto rows = m_from.prepare("SELECT * FROM " + std::string(table.name) +
                                   " NOT INDEXED ORDER BY " + order);
        if (!rows)
            return false;
        CLWB_ASSIGN(Statement insert, insertInto(table, rows->columns()));
        while (true) {
            const auto found = rows->step();
            if (!found)
                return false;
            if (!*found)
                return true;
            CLWB_TRY(insertRow(*rows, insert));
        }
    }

    /// One look-up a row: skips exactly the rows on unreadable pages.
    Result<void> copyByNumber(const Table& table)
    {
        const auto highest = m_to.integer("SELECT max(rowid) FROM " + std::string(table.name));
        if (!highest || !*highest)
            return {};
        for (int64_t row = 1; row <= std::min<int64_t>(**highest, 1000000); ++row) {
            auto select =
                m_from.prepare("SELECT * FROM " + std::string(table.name) + " WHERE rowid = ?");
            if (!select)
                return {};
            CLWB_ASSIGN(Statement insert, insertInto(table, select->columns()));
            const auto found = select->bindAll(row).step();
            if (found && *found)
                CLWB_TRY(insertRow(*select, insert));
        }
        return {};
    }

    Result<void> insertRow(const Statement& row, Statement& insert)
    {
        for (int column = 0; column < insert.parameters(); ++column)
            insert.bindColumn(column + 1, row, column);
        const auto inserted = insert.run();
        if (!inserted && inserted.error().code == ErrorCode::DiskFull)
            return inserted;
        if (!inserted)
            ++m_report.rowsRefused;
        else
            m_report.rowsRecovered += m_to.changes();
        return {};
    }

    Database& m_from;
    Database& m_to;
    RepairReport& m_report;
};

/// The copy's first bytes are known, and its size is: damage there alone must not cost everything.
/// SQLite reads nothing at all of a file that is shorter than its header says.
void restoreHeader(const fs::path& copy)
{
    std::error_code failure;
    const auto bytes = fs::file_size(copy, failure);
    std::fstream stream(copy, std::ios::binary | std::ios::in | std::ios::out);
    stream.write("SQLite format 3", 16);
    FileHeader header{};
    stream.seekg(0);
    if (failure || !stream.read(reinterpret_cast<char*>(header.data()), header.size()) ||
        pageBytes(header) < 512)
        return;
    const uint64_t pages = bytes / pageBytes(header);
    const uint64_t promised = bigEndian(header, kHeaderPages);
    if (pages == 0 || pages >= promised)
        return;
    const std::array<char, 4> actual{static_cast<char>(pages >> 24), static_cast<char>(pages >> 16),
                                     static_cast<char>(pages >> 8), static_cast<char>(pages)};
    stream.seekp(kHeaderPages);
    stream.write(actual.data(), actual.size());
}

/// How many runs there were: what the file says, or what its numbers and the new file suggest.
int64_t runsOf(Database& database)
{
    const auto counted = database.integer("SELECT count(*) FROM run");
    if (counted && *counted)
        return **counted;
    const auto sequence = database.integer("SELECT seq FROM sqlite_sequence WHERE name = 'run'");
    return sequence && *sequence ? **sequence : 0;
}

/// What a file of this version has; of one that does not say its version, everything.
Result<void> copyTables(Salvage& salvage, std::optional<int64_t> version)
{
    for (const Table& table : kTables)
        CLWB_TRY(salvage.copyTable(table));
    for (const Table& table : kDetailTables) {
        if (!version || *version >= 4)
            CLWB_TRY(salvage.copyTable(table));
    }
    for (const Table& table : kSweepTables) {
        if (!version || *version >= 2)
            CLWB_TRY(salvage.copyTable(table));
    }
    if (!version || *version >= 5)
        CLWB_TRY(salvage.copyTable(kLoadTable));
    return {};
}

/// Rows that came without what they belong to, and owners that nobody is any more.
Result<void> dropOrphans(Database& to)
{
    for (const Table& table : kTables) {
        const std::string name = table.name;
        if (name != "run" && name != "value_name")
            CLWB_TRY(to.execute("DELETE FROM " + name +
                                " WHERE run_id NOT IN (SELECT run_id FROM run)"));
    }
    CLWB_TRY(to.execute(
        "DELETE FROM load WHERE run_id NOT IN (SELECT run_id FROM run);"
        "DELETE FROM step_loss WHERE NOT EXISTS (SELECT 1 FROM step s WHERE s.run_id = "
        "step_loss.run_id AND s.step = step_loss.step);"
        "DELETE FROM step_loss WHERE name_id NOT IN (SELECT name_id FROM value_name);"
        "DELETE FROM metric WHERE name_id NOT IN (SELECT name_id FROM value_name);"
        "DELETE FROM epoch_metric WHERE name_id NOT IN (SELECT name_id FROM value_name);"
        "DELETE FROM sweep_trial WHERE sweep_id NOT IN (SELECT sweep_id FROM sweep);"
        "UPDATE sweep_trial SET run_id = NULL WHERE run_id NOT IN (SELECT run_id FROM run);"
        "UPDATE run SET status = 'interrupted', owner_host = '', owner_boot = '', owner_pid = "
        "NULL, "
        "owner_start = NULL WHERE status IN ('running', 'queued')"));
    return to.execute(kDropBrokenDetails);
}

/// @param file whose content `from` is
Result<RepairReport> salvageInto(Database& from, const fs::path& target, const fs::path& file)
{
    RepairReport report;
    CLWB_TRY(createSchema(target));
    CLWB_ASSIGN(Database to, Database::open(target, Access::ReadWrite));
    // Children may come without their parents; they are dropped at the end.
    CLWB_TRY(to.execute("PRAGMA foreign_keys=OFF"));
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(to));
    Salvage salvage(from, to, report);
    const auto version = schemaVersion(from);
    CLWB_TRY(copyTables(salvage, version ? std::optional<int64_t>(*version) : std::nullopt));
    CLWB_TRY(dropOrphans(to));
    CLWB_TRY(keepFolders(to, file));
    CLWB_TRY(transaction.commit());
    CLWB_ASSIGN(const auto recovered, to.integer("SELECT count(*) FROM run"));
    report.runsRecovered = recovered.value_or(0);
    report.runsFound = std::max(runsOf(from), report.runsRecovered);
    return report;
}

} // namespace

Result<RepairReport> dbRepair(const fs::path& file, const fs::path& target)
{
    std::error_code failure;
    if (!fs::is_regular_file(file, failure))
        return fail(ErrorCode::Usage, "project file " + file.string() + " does not exist",
                    "give the damaged file's path");
    CLWB_TRY(requireFree(target));
    // A private copy, journal included: SQLite may write to it as it likes.
    fs::path copy = target;
    copy += ".salvage-" + std::to_string(::getpid());
    fs::path temporary = target;
    temporary += ".tmp-" + std::to_string(::getpid());
    const auto removeAll = [&] {
        for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
            fs::remove(fs::path(copy) += suffix, failure);
            fs::remove(fs::path(temporary) += suffix, failure);
        }
    };
    removeAll();
    Result<RepairReport> report = fail(ErrorCode::Corrupt, "");
    Result<void> copied = copyFileAtomically(file, copy);
    for (const char* suffix : {"-wal", "-journal"}) {
        if (copied && fs::exists(fs::path(file) += suffix, failure))
            copied = copyFileAtomically(fs::path(file) += suffix, fs::path(copy) += suffix);
    }
    if (copied) {
        restoreHeader(copy);
        auto database = Database::open(copy, Access::Salvage);
        report = database ? salvageInto(*database, temporary, file) : Failure(database.error());
    } else {
        report = Failure(copied.error());
    }
    const bool isLost = report && report->runsRecovered == 0 && report->runsFound > 0;
    if (report && (report->rowsRecovered == 0 || isLost))
        report = fail(ErrorCode::Corrupt, file.string() + ": no run in it can be read",
                      "restore a backup; results also lie in the run folders as eval-*.json");
    if (report) {
        if (const auto placed = placeOrRefuse(temporary, target); !placed)
            report = Failure(placed.error());
    }
    removeAll();
    return report;
}

} // namespace clwb::store
