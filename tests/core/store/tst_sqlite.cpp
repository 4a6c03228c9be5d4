// SPDX-License-Identifier: GPL-3.0-or-later
// The SQLite layer: types, transactions, settings of a connection, error codes.
#include "tests/core/store/store_fixture.h"

#include <sqlite3.h>

#include <cmath>
#include <limits>

using namespace clwb;
using store::Access;
using store::Database;
using store::Transaction;

class TestSqlite : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesKeepTheirTypes()
    {
        auto database = Database::openInMemory();
        VERIFY_OK(database);
        VERIFY_OK(database->execute("CREATE TABLE t(i INTEGER, r REAL, x TEXT, b BLOB) STRICT"));
        const std::string text("a\0b\xc3\xa4", 5);
        VERIFY_OK(database->run("INSERT INTO t VALUES(?, ?, ?, NULL)",
                                std::numeric_limits<int64_t>::min(), 0.1, text));
        VERIFY_OK(database->run("INSERT INTO t(i, r) VALUES(?, ?)", std::optional<int64_t>(),
                                std::nan("")));
        auto rows = database->prepare("SELECT i, r, x, b FROM t");
        QVERIFY(*rows->step());
        QCOMPARE(rows->integer(0), std::numeric_limits<int64_t>::min());
        QCOMPARE(rows->number(1), 0.1);
        QVERIFY(rows->text(2) == text);
        QVERIFY(rows->isNull(3));
        QVERIFY(*rows->step());
        QVERIFY(!rows->optionalInteger(0).has_value());
        QVERIFY(!rows->optionalNumber(1).has_value()); // NaN is NULL in SQL
        QVERIFY(!*rows->step());
        QCOMPARE(rows->columns(), 4);
        QVERIFY(rows->columnName(1) == "r");
    }

    void transactionsRollBackUnlessCommitted()
    {
        auto database = Database::openInMemory();
        VERIFY_OK(database->execute("CREATE TABLE t(i INTEGER) STRICT"));
        {
            auto transaction = Transaction::begin(*database);
            VERIFY_OK(transaction);
            VERIFY_OK(database->run("INSERT INTO t VALUES(1)"));
        }
        QCOMPARE((*database->integer("SELECT count(*) FROM t")).value_or(-1), int64_t{0});
        auto transaction = Transaction::begin(*database);
        VERIFY_OK(database->run("INSERT INTO t VALUES(1)"));
        VERIFY_OK(transaction->commit());
        QCOMPARE((*database->integer("SELECT count(*) FROM t")).value_or(-1), int64_t{1});
        QVERIFY(!database->inTransaction());
    }

    void connectionsAreHardened()
    {
        const test::TemporaryProject project;
        auto database = Database::open(project.file(), Access::Create);
        QCOMPARE((*database->integer("PRAGMA foreign_keys")).value_or(-1), int64_t{1});
        QCOMPARE((*database->integer("PRAGMA trusted_schema")).value_or(-1), int64_t{0});
        QCOMPARE((*database->integer("PRAGMA synchronous")).value_or(-1), int64_t{2}); // FULL
        QCOMPARE((*database->integer("PRAGMA busy_timeout")).value_or(-1), int64_t{5000});
        // Defensive: the schema table cannot be written even when asked to.
        QVERIFY(!database->execute("PRAGMA writable_schema=ON;"
                                   "CREATE TABLE t(i); UPDATE sqlite_schema SET sql = ''"));
        QVERIFY(!database->execute("ATTACH ':memory:' AS other"));
    }

    void anyFileNameWorks_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"a b.db", "a#b?c=d&e%20.db", "ümläut.db", "quote'\".db"})
            QTest::newRow(name) << QString::fromUtf8(name);
        QTest::newRow("long") << QString(240, QLatin1Char('x'));
    }

    void anyFileNameWorks()
    {
        QFETCH(QString, name);
        const test::TemporaryProject project;
        const auto file = project.folder() / name.toStdString();
        VERIFY_OK(store::Project::open(file, store::OpenMode::CreateIfMissing));
        QVERIFY(std::filesystem::exists(file));
        VERIFY_OK(store::Project::open(file, store::OpenMode::ReadOnly));
    }

    void errorsAreMapped()
    {
        const test::TemporaryProject project;
        VERIFY_FAILS(ErrorCode::Locked,
                     Database::open(project.folder() / "no.db", Access::ReadOnly));
        auto first = Database::open(project.file(), Access::Create);
        VERIFY_OK(first->execute("CREATE TABLE t(i INTEGER NOT NULL) STRICT; BEGIN IMMEDIATE"));
        auto second = Database::open(project.file(), Access::ReadWrite);
        sqlite3_busy_timeout(second->handle(), 1);
        const auto busy = second->execute("BEGIN IMMEDIATE");
        VERIFY_FAILS(ErrorCode::Locked, busy);
        QVERIFY(store::isBusy(busy.error()));
        VERIFY_OK(first->execute("COMMIT"));
        auto reader = Database::open(project.file(), Access::QueryOnly);
        VERIFY_FAILS(ErrorCode::Locked, reader->run("INSERT INTO t VALUES(1)"));
        test::writeBytes(project.folder() / "text.db", QByteArray(2000, 'x'));
        auto text = Database::open(project.folder() / "text.db", Access::ReadOnly);
        if (text)
            VERIFY_FAILS(ErrorCode::Corrupt, text->integer("SELECT count(*) FROM sqlite_schema"));
        else
            QVERIFY(text.error().code == ErrorCode::Corrupt);
    }
};

QTEST_APPLESS_MAIN(TestSqlite)
#include "tst_sqlite.moc"
