// SPDX-License-Identifier: GPL-3.0-or-later
// RAII over SQLite: connection, statement, transaction, and the mapping of its errors to ours.
#include "core/store/sqlite.h"

#include "core/base/file.h"
#include "core/store/packed_text.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

namespace clwb::store
{
namespace
{

constexpr int kBusyTimeoutMs = 5000;
constexpr int kMaxValueBytes = 64 << 20;
constexpr int kMaxColumns = 200;
constexpr std::string_view kBusyHint =
    "another program holds the file: close it or wait, then try again";

/// The file name as a SQLite URI; everything but plain characters is escaped.
std::string uriOf(const std::filesystem::path& file, std::string_view query)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char character : std::filesystem::absolute(file).string()) {
        const auto byte = static_cast<unsigned char>(character);
        if (std::isalnum(byte) || character == '/' || character == '.' || character == '-' ||
            character == '_') {
            uri += character;
        } else {
            uri += '%';
            uri += kDigits[byte >> 4];
            uri += kDigits[byte & 15];
        }
    }
    return uri + std::string(query);
}

} // namespace

Error sqliteError(sqlite3* handle, int code, const std::filesystem::path& file)
{
    const int lastNumber = errno; // SQLite does not keep it for a failing commit
    const int primary = code & 0xff;
    const int keptNumber = handle ? sqlite3_system_errno(handle) : 0;
    const int systemNumber = keptNumber != 0 ? keptNumber : lastNumber;
    const std::string where = "project file " + file.string() + ": ";
    const std::string text = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    const bool diskError = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
    if (primary == SQLITE_FULL ||
        (diskError && (systemNumber == ENOSPC || systemNumber == EDQUOT || systemNumber == EFBIG)))
        return {ErrorCode::DiskFull, where + "cannot write: the disk or the quota is full",
                "free some space there, then resume"};
    switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return {ErrorCode::Locked, where + "locked by another program", std::string(kBusyHint)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return {ErrorCode::Locked, where + "read-only (" + text + ")",
                "copy the project to a folder that you may write to"};
    case SQLITE_CANTOPEN:
        return {ErrorCode::Locked, where + "cannot be opened (" + text + ")",
                "check the path and the permissions of the file and its folder"};
    case SQLITE_NOMEM:
        return {ErrorCode::OutOfMemory, where + "not enough memory", {}};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
        return {ErrorCode::Corrupt, where + "damaged (" + text + ")",
                "run `clwb db repair` to save what is readable into a new file"};
    case SQLITE_IOERR:
        return {systemNumber == EROFS ? ErrorCode::Locked : ErrorCode::Corrupt,
                where + "input/output error (" + text + ", error number " +
                    std::to_string(systemNumber) + ")",
                "check the disk, then run `clwb db check`"};
    default:
        return {ErrorCode::RunFailed, where + text, {}};
    }
}

bool isBusy(const Error& error)
{
    return error.code == ErrorCode::Locked && error.hint == kBusyHint;
}

Statement::Statement(Statement&& other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr))
    , m_bindError(other.m_bindError)
{}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(m_statement, other.m_statement);
    std::swap(m_bindError, other.m_bindError);
    return *this;
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

void Statement::note(int code)
{
    if (code != SQLITE_OK && m_bindError == SQLITE_OK)
        m_bindError = code;
}

Statement& Statement::bind(int index, int64_t value)
{
    note(sqlite3_bind_int64(m_statement, index, value));
    return *this;
}

Statement& Statement::bind(int index, double value)
{
    note(std::isnan(value) ? sqlite3_bind_null(m_statement, index)
                           : sqlite3_bind_double(m_statement, index, value));
    return *this;
}

Statement& Statement::bind(int index, std::string_view text)
{
    note(sqlite3_bind_text64(m_statement, index, text.data() ? text.data() : "", text.size(),
                             SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bindBlob(int index, std::string_view bytes)
{
    note(sqlite3_bind_blob64(m_statement, index, bytes.data() ? bytes.data() : "", bytes.size(),
                             SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bindNull(int index)
{
    note(sqlite3_bind_null(m_statement, index));
    return *this;
}

Statement& Statement::bindColumn(int index, const Statement& row, int column)
{
    note(sqlite3_bind_value(m_statement, index, sqlite3_column_value(row.m_statement, column)));
    return *this;
}

Result<bool> Statement::step()
{
    const int code = m_bindError != SQLITE_OK ? m_bindError : sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    sqlite3* handle = sqlite3_db_handle(m_statement);
    const char* name = sqlite3_db_filename(handle, "main");
    const Error error = sqliteError(handle, code, name ? name : "");
    reset();
    return Failure(error);
}

Result<void> Statement::run()
{
    while (true) {
        CLWB_ASSIGN(const bool more, step());
        if (!more)
            break;
    }
    reset();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    m_bindError = SQLITE_OK;
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::number(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string Statement::text(int column) const
{
    const void* data = sqlite3_column_type(m_statement, column) == SQLITE_BLOB
                           ? sqlite3_column_blob(m_statement, column)
                           : sqlite3_column_text(m_statement, column);
    const auto bytes = static_cast<size_t>(sqlite3_column_bytes(m_statement, column));
    return data ? std::string(static_cast<const char*>(data), bytes) : std::string();
}

std::optional<int64_t> Statement::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<double> Statement::optionalNumber(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(number(column));
}

int Statement::columns() const
{
    return sqlite3_column_count(m_statement);
}

int Statement::parameters() const
{
    return sqlite3_bind_parameter_count(m_statement);
}

std::string Statement::columnName(int column) const
{
    const char* name = sqlite3_column_name(m_statement, column);
    return name ? name : "";
}

Result<Database> Database::openUri(const std::string& uri, const std::filesystem::path& file,
                                   int flags, bool isSalvage)
{
    Database database;
    database.m_file = file;
    const int code = sqlite3_open_v2(uri.c_str(), &database.m_handle,
                                     flags | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK)
        return Failure(sqliteError(database.m_handle, code, file));
    CLWB_TRY(database.configure(isSalvage));
    return database;
}

Result<Database> Database::open(const std::filesystem::path& file, Access access)
{
    int flags = SQLITE_OPEN_READONLY;
    if (access == Access::ReadWrite || access == Access::QueryOnly || access == Access::Salvage)
        flags = SQLITE_OPEN_READWRITE;
    else if (access == Access::Create)
        flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    CLWB_ASSIGN(Database database,
                openUri(uriOf(file, access == Access::Immutable ? "?immutable=1" : ""), file, flags,
                        access == Access::Salvage));
    if (access == Access::QueryOnly || access == Access::Salvage)
        CLWB_TRY(database.execute("PRAGMA query_only=ON"));
    return database;
}

Result<std::string> firstBytes(const std::filesystem::path& file, size_t bytes)
{
    sqlite3* handle = nullptr;
    int code =
        sqlite3_open_v2(uriOf(file, "").c_str(), &handle,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE, nullptr);
    sqlite3_file* content = nullptr;
    if (code == SQLITE_OK)
        code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &content);
    sqlite3_int64 size = 0;
    if (code == SQLITE_OK)
        code = content->pMethods->xFileSize(content, &size);
    std::string text(std::min(bytes, static_cast<size_t>(size)), '\0');
    if (code == SQLITE_OK && !text.empty())
        code = content->pMethods->xRead(content, text.data(), static_cast<int>(text.size()), 0);
    Result<std::string> result = std::move(text);
    if (code != SQLITE_OK)
        result = Failure(sqliteError(handle, code, file));
    sqlite3_close_v2(handle);
    return result;
}

Result<Database> Database::openInMemory()
{
    return openUri("file::memory:", ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<void> Database::configure(bool isSalvage)
{
    CLWB_TRY(addTextFunctions(m_handle));
    sqlite3_busy_timeout(m_handle, kBusyTimeoutMs);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, isSalvage ? 0 : 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(m_handle, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
    sqlite3_limit(m_handle, SQLITE_LIMIT_COLUMN, kMaxColumns);
    sqlite3_limit(m_handle, SQLITE_LIMIT_ATTACHED, 0); // sealProject() lifts it for VACUUM
    // Not to write to it: SQLite then takes the tables it can read about instead of none.
    if (isSalvage)
        CLWB_TRY(execute("PRAGMA writable_schema=ON"));
    // FULL: a committed session survives a power cut. cell_size_check: damage is found on reading.
    return execute("PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");
}

Database::Database(Database&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
    , m_file(std::move(other.m_file))
{}

Database& Database::operator=(Database&& other) noexcept
{
    std::swap(m_handle, other.m_handle);
    std::swap(m_file, other.m_file);
    return *this;
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Result<void> Database::execute(const std::string& sql)
{
    const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return Failure(sqliteError(m_handle, code, m_file));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql)
{
    Statement statement;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), 0,
                                        &statement.m_statement, nullptr);
    if (code != SQLITE_OK)
        return Failure(sqliteError(m_handle, code, m_file));
    return statement;
}

void Database::setPatience(std::chrono::milliseconds patience)
{
    sqlite3_busy_timeout(m_handle, static_cast<int>(patience.count()));
}

int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

int64_t Database::changes() const
{
    return sqlite3_changes64(m_handle);
}

int64_t Database::totalChanges() const
{
    return sqlite3_total_changes64(m_handle);
}

bool Database::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

Result<Transaction> Transaction::begin(Database& database, TransactionKind kind)
{
    CLWB_TRY(database.execute(kind == TransactionKind::Write ? "BEGIN IMMEDIATE" : "BEGIN"));
    return Transaction(database, kind);
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
    , m_kind(other.m_kind)
{}

Transaction::~Transaction()
{
    if (m_database && m_database->inTransaction())
        static_cast<void>(m_database->execute("ROLLBACK"));
}

Result<void> Transaction::commit()
{
    if (m_kind == TransactionKind::Write && faultHits("commit"))
        return fail(ErrorCode::DiskFull,
                    "project file " + m_database->file().string() + ": injected fault at commit");
    CLWB_TRY(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace clwb::store
