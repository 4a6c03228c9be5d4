// SPDX-License-Identifier: GPL-3.0-or-later
// RAII over SQLite: connection, statement, transaction, and the mapping of its errors to ours.
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

struct sqlite3;
struct sqlite3_stmt;

namespace clwb::store
{

class Database;

/// One compiled statement. The first failure is kept and returned by the next step().
class Statement
{
public:
    Statement() = default;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    // Binding: parameters are counted from 1.
    Statement& bind(int index, int64_t value);
    Statement& bind(int index, int value) { return bind(index, static_cast<int64_t>(value)); }
    Statement& bind(int index, double value); ///< NaN is bound as NULL
    Statement& bind(int index, std::string_view text);
    Statement& bindBlob(int index, std::string_view bytes);
    Statement& bindNull(int index);
    /// The value of another statement's current row, with its type.
    Statement& bindColumn(int index, const Statement& row, int column);
    template<class T>
    Statement& bind(int index, const std::optional<T>& value)
    {
        return value ? bind(index, *value) : bindNull(index);
    }
    /// Binds all values from index 1 on.
    template<class... Values>
    Statement& bindAll(const Values&... values)
    {
        int index = 0;
        (bind(++index, values), ...);
        return *this;
    }

    /// True while there is a row. Errors: Corrupt, Locked, DiskFull.
    Result<bool> step();
    /// Runs to the end and resets, so that the statement can be bound again.
    Result<void> run();
    void reset();

    // Columns of the current row, counted from 0.
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] int64_t integer(int column) const;
    [[nodiscard]] double number(int column) const;
    [[nodiscard]] std::string text(int column) const; ///< also the bytes of a blob
    [[nodiscard]] std::optional<int64_t> optionalInteger(int column) const;
    [[nodiscard]] std::optional<double> optionalNumber(int column) const;
    [[nodiscard]] int columns() const;
    [[nodiscard]] int parameters() const;
    [[nodiscard]] std::string columnName(int column) const;

private:
    friend class Database;
    void note(int code);
    sqlite3_stmt* m_statement = nullptr;
    int m_bindError = 0;
};

/// How a connection reaches its file.
enum class Access {
    ReadOnly,  ///< the file is opened for reading
    QueryOnly, ///< opened for reading and writing (WAL needs it), but every write is refused
    Immutable, ///< read without any lock: the folder cannot be written to
    ReadWrite,
    Create,  ///< ReadWrite, and the file is made
    Salvage, ///< a copy of a damaged file: what is left of its schema is used, nothing is written
};

/// A connection with the project's settings: foreign keys, 5 s of patience with other programs,
/// untrusted schema, defensive mode, bounded lengths. Thread: one at a time.
class Database
{
public:
    static Result<Database> open(const std::filesystem::path& file, Access access);
    static Result<Database> openInMemory();
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    ~Database();

    /// One or more statements without parameters and without results.
    Result<void> execute(const std::string& sql);
    /// How long a statement waits for other programs before it fails as locked (5 s at first).
    void setPatience(std::chrono::milliseconds patience);
    Result<Statement> prepare(std::string_view sql);
    /// prepare + bindAll + run.
    template<class... Values>
    Result<void> run(std::string_view sql, const Values&... values)
    {
        CLWB_ASSIGN(Statement statement, prepare(sql));
        return statement.bindAll(values...).run();
    }
    /// First column of the first row; nothing when there is no row or it is NULL.
    template<class... Values>
    Result<std::optional<int64_t>> integer(std::string_view sql, const Values&... values)
    {
        CLWB_ASSIGN(Statement statement, prepare(sql));
        CLWB_ASSIGN(const bool found, statement.bindAll(values...).step());
        return found ? statement.optionalInteger(0) : std::optional<int64_t>{};
    }
    template<class... Values>
    Result<std::optional<std::string>> text(std::string_view sql, const Values&... values)
    {
        CLWB_ASSIGN(Statement statement, prepare(sql));
        CLWB_ASSIGN(const bool found, statement.bindAll(values...).step());
        return found && !statement.isNull(0) ? std::optional<std::string>(statement.text(0))
                                             : std::nullopt;
    }

    [[nodiscard]] int64_t lastInsertId() const;
    /// Rows changed by the last statement.
    [[nodiscard]] int64_t changes() const;
    [[nodiscard]] int64_t totalChanges() const;
    [[nodiscard]] bool inTransaction() const;
    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }
    [[nodiscard]] sqlite3* handle() const { return m_handle; }

private:
    Database() = default;
    static Result<Database> openUri(const std::string& uri, const std::filesystem::path& file,
                                    int flags, bool isSalvage = false);
    Result<void> configure(bool isSalvage);
    sqlite3* m_handle = nullptr;
    std::filesystem::path m_file;
};

enum class TransactionKind { Read, Write };

/// BEGIN (IMMEDIATE for Write); rolled back unless commit() succeeded.
/// Fault point `commit` of CLWB_FAULT fails the N-th writing commit as if the disk were full.
class Transaction
{
public:
    static Result<Transaction> begin(Database& database,
                                     TransactionKind kind = TransactionKind::Write);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    Transaction(Database& database, TransactionKind kind)
        : m_database(&database)
        , m_kind(kind)
    {}
    Database* m_database;
    TransactionKind m_kind;
};

/// The first bytes of any file, at most `bytes` of them, read through SQLite. A project must not be
/// read in another way: closing a descriptor drops every lock that this process holds on the file
/// (POSIX), and the next program would take itself for the last user and delete the journal.
/// Errors: Locked, RunFailed: it cannot be read.
Result<std::string> firstBytes(const std::filesystem::path& file, size_t bytes);

/// The connection's last failure as an Error: Locked for busy and read-only, DiskFull for a full
/// disk or quota, Corrupt for damage and foreign content, OutOfMemory, otherwise RunFailed.
Error sqliteError(sqlite3* handle, int code, const std::filesystem::path& file);
/// Whether the failure goes away when the other program lets go of the file.
bool isBusy(const Error& error);

} // namespace clwb::store
