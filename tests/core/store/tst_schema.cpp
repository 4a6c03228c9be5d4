// SPDX-License-Identifier: GPL-3.0-or-later
// The stable views with exactly their columns, migrations, and refused definitions.
#include "core/store/load_rows.h"
#include "core/store/maintenance.h"
#include "core/store/schema.h"
#include "core/store/step_buckets.h"
#include "core/store/sweeps.h"
#include "tests/core/store/store_fixture.h"

#include <array>
#include <functional>

using namespace clwb;
using store::Access;
using store::Database;

namespace fs = std::filesystem;

namespace
{

/// Opens a project of an earlier schema, and what repair saves of it, with this program.
/// @param check what either holds
void goesOn(const test::TemporaryProject& file, const std::function<void(store::Project&)>& check)
{
    const auto repaired = store::dbRepair(file.file(), file.folder() / "repaired.db");
    VERIFY_OK(repaired);
    QVERIFY(repaired->rowsRefused == 0 && repaired->notes.empty());
    for (const fs::path& each : {file.file(), file.folder() / "repaired.db"}) {
        auto project = store::Project::open(each, store::OpenMode::ReadWrite);
        VERIFY_OK(project);
        QCOMPARE(*store::schemaVersion(project->database()), int64_t{store::kSchemaVersion});
        VERIFY_OK(store::checkSchema(project->database()));
        check(*project);
    }
}

} // namespace

class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The columns are copied from the interface description, in its order; more may follow.
    void viewsHaveTheNamedColumns_data()
    {
        QTest::addColumn<QString>("columns");
        QTest::newRow("v_run")
            << "run_id,uid,name,kind,method,option,setting,status,seed,created_utc,"
               "finished_utc,seconds,study,model,origin";
        QTest::newRow("v_param") << "run_id,key,value";
        QTest::newRow("v_metric") << "run_id,session,name,value";
        QTest::newRow("v_session_accuracy") << "run_id,after_session,session,hits,total";
        QTest::newRow("v_epoch_metric") << "run_id,session,epoch,name,value";
        QTest::newRow("v_step") << "run_id,step,session,epoch,loss_name,value,lr";
        QTest::newRow("v_image") << "image_id,path,width,height,thumbnail";
        QTest::newRow("v_caption") << "caption_id,image_id,text";
        QTest::newRow("v_retrieval") << "run_id,session,set_name,fold,direction,query_id,rank,"
                                        "candidate_id,score,relevant";
        QTest::newRow("v_sweep")
            << "sweep_id,uid,kind,name,created_utc,trials,pending,running,done,"
               "failed,stopped,result";
        QTest::newRow("v_trial") << "sweep_id,trial,role,state,run_id,varied";
        QTest::newRow("v_load") << "run_id,utc,cpu_percent,memory_bytes,disk_free_bytes,"
                                   "gpu_percent,gpu_memory_bytes,gpu_total_bytes";
    }

    void viewsHaveTheNamedColumns()
    {
        QFETCH(QString, columns);
        const test::TemporaryProject file;
        const store::Project project = file.open();
        const std::string view = QTest::currentDataTag();
        const auto rows = project.database().prepare("SELECT * FROM " + view);
        VERIFY_OK(rows);
        QStringList names;
        for (int column = 0; column < rows->columns(); ++column)
            names << QString::fromStdString(rows->columnName(column));
        const QStringList expected = columns.split(QLatin1Char(','));
        QCOMPARE(names.mid(0, expected.size()), expected);
        const QStringList further = names.mid(expected.size());
        const bool hasKind = view == "v_step" || view == "v_metric" || view == "v_epoch_metric";
        QCOMPARE(further, hasKind ? QStringList{QStringLiteral("value_kind")} : QStringList{});
    }

    void fileIsMarkedAsOurs()
    {
        const test::TemporaryProject file;
        const store::Project project = file.open();
        QCOMPARE((*project.database().integer("PRAGMA application_id")).value_or(0),
                 int64_t{0x434C5742});
        QCOMPARE((*project.database().integer("PRAGMA user_version")).value_or(0),
                 int64_t{store::kSchemaVersion});
        QCOMPARE(
            QString::fromStdString((*project.database().text("PRAGMA journal_mode")).value_or("")),
            QStringLiteral("wal"));
        // Every table is strict: a text cannot hide in an integer column.
        QCOMPARE((*project.database().integer(
                      "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 0 "
                      "AND name NOT LIKE 'sqlite_%'"))
                     .value_or(-1),
                 int64_t{0});
        QVERIFY(!project.database().execute("INSERT INTO value_name VALUES('x', 'y')"));
    }

    void retrievalRowsUnfold()
    {
        const test::TemporaryProject file;
        store::Project project = file.open();
        const auto runId = store::insertFinishedRun(project, test::finishedRun("a"));
        VERIFY_OK(runId);
        VERIFY_OK(project.database().execute(
            "INSERT INTO image(image_id, path, x0, y0, x1, y1, file_bytes, width, height) VALUES"
            "(17, 'a', 0, 0, 0, 0, 1, 0, 0), (18, 'b', 0, 0, 0, 0, 1, 0, 0),"
            "(19, 'c', 0, 0, 0, 0, 1, 0, 0);"
            "INSERT INTO caption VALUES(5, 18, 0, 'text');"
            "INSERT INTO item_list VALUES(1, x'00', 'retrieval', 'COCO', 3, 3, 1, '[]');"
            "INSERT INTO retrieval_result VALUES(1, 1, 'hash', x'00');"
            "INSERT INTO retrieval_use VALUES(1, 0, 1);"
            "INSERT INTO retrieval_query VALUES(1, 0, 0, 2, 5, 25, '[17150000]', "
            "'[25,18125000,31,19075000]')"));
        auto rows = project.database().prepare(
            "SELECT set_name, fold, direction, query_id, rank, candidate_id, score, relevant "
            "FROM v_retrieval ORDER BY rank");
        VERIFY_OK(rows);
        QVERIFY(*rows->step());
        QVERIFY(rows->text(0) == "COCO" && rows->integer(1) == 2 && rows->integer(3) == 5);
        QVERIFY(rows->text(2) == "text_to_image" && rows->integer(4) == 0);
        QVERIFY(rows->integer(5) == 17 && rows->number(6) == 0.5 && rows->integer(7) == 0);
        QVERIFY(*rows->step());
        QVERIFY(rows->integer(4) == 25 && rows->integer(5) == 18);
        QVERIFY(rows->number(6) == 0.25 && rows->integer(7) == 1);
        QVERIFY(*rows->step());
        QVERIFY(rows->integer(4) == 31 && rows->number(6) == -0.25 && rows->integer(7) == 0);
        QVERIFY(!*rows->step());
    }

    void migrationsKeepABackup()
    {
        const test::TemporaryProject file;
        {
            store::Project project = file.open();
            VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
        }
        const std::array<store::Migration, 2> steps{
            {{5, "SELECT 1"}, {6, "CREATE TABLE added(i INTEGER) STRICT"}}};
        auto database = Database::open(file.file(), Access::ReadWrite);
        VERIFY_OK(store::migrateSchema(*database, steps));
        QCOMPARE(*store::schemaVersion(*database), int64_t{6});
        const fs::path backup = file.file().string() + ".pre-v6";
        auto old = store::Project::open(backup, store::OpenMode::ReadOnly);
        VERIFY_OK(old);
        QCOMPARE(*store::schemaVersion(old->database()), int64_t{5});
        QCOMPARE(old->runs()->size(), size_t{1});
    }

    // A project that the program of schema 1 wrote: a failed run and an imported one with a tag.
    void projectsOfSchemaOneGoOn()
    {
        const test::TemporaryProject file;
        fs::copy_file(fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "formats" / "1" /
                          "project.db",
                      file.file());
        const QByteArray before = test::bytesOf(file.file());
        {
            const store::Project reader = file.open(store::OpenMode::ReadOnly);
            QCOMPARE(reader.runs()->size(), size_t{2});
            QVERIFY(store::sweeps(reader)->empty());
            QVERIFY(!store::findSweep(reader, "h")->has_value());
        }
        QVERIFY(test::bytesOf(file.file()) == before);
        store::Project project = file.open(store::OpenMode::ReadWrite);
        QCOMPARE(*store::schemaVersion(project.database()), int64_t{store::kSchemaVersion});
        VERIFY_OK(store::checkSchema(project.database()));
        const auto rows = project.runs();
        VERIFY_OK(rows);
        QVERIFY(rows->at(0).status == "failed" && rows->at(1).tags.at(0) == "good");
        QCOMPARE(rows->at(1).metrics.at("ZS-Acc"), 63.91);
        VERIFY_OK(store::addSweep(project, {}, {}));
        const fs::path backup = file.file().string() + ".pre-v2";
        const auto old = store::Project::open(backup, store::OpenMode::ReadOnly);
        VERIFY_OK(old);
        QCOMPARE(*store::schemaVersion(old->database()), int64_t{1});
        QCOMPARE(old->runs()->size(), size_t{2});
        // What damage spares of such a file is saved, too.
        const auto repaired = store::dbRepair(backup, file.folder() / "repaired.db");
        VERIFY_OK(repaired);
        QVERIFY(repaired->runsRecovered == 2 && repaired->notes.empty());
    }

    // A project of schema 2, with steps and a sweep: read as it is, continued, and saved from.
    void projectsOfSchemaTwoGoOn()
    {
        const test::TemporaryProject file;
        fs::copy_file(fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "formats" / "2" /
                          "project.db",
                      file.file());
        {
            const store::Project reader = file.open(store::OpenMode::ReadOnly);
            const auto steps = reader.steps(1);
            VERIFY_OK(steps);
            QVERIFY(steps->size() == 2 && steps->at(1).value == 0.25 && !steps->at(1).time);
        }
        goesOn(file, [&](store::Project& project) {
            QCOMPARE(project.steps(1)->size(), size_t{2});
            QCOMPARE(store::sweeps(project)->size(), size_t{1});
        });
    }

    // A project of schema 3, with the times of its steps; its tables for pictures were never
    // filled.
    void projectsOfSchemaThreeGoOn()
    {
        const test::TemporaryProject file;
        fs::copy_file(fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "formats" / "3" /
                          "project.db",
                      file.file());
        goesOn(file, [&](store::Project& project) {
            const auto steps = project.steps(1);
            QVERIFY(steps->size() == 2 && steps->at(1).time && steps->at(1).time->workMs == 2000);
        });
        const auto old =
            store::Project::open(file.file().string() + ".pre-v4", store::OpenMode::ReadOnly);
        VERIFY_OK(old);
        QCOMPARE(*store::schemaVersion(old->database()), int64_t{3});
    }

    // A project of schema 4, with a setting of its own: nothing was stored of the machine's load.
    void projectsOfSchemaFourGoOn()
    {
        const test::TemporaryProject file;
        fs::copy_file(fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "formats" / "4" /
                          "project.db",
                      file.file());
        const LoadPoint point{1700000000, 50, uint64_t{512} << 20};
        {
            const store::Project reader = file.open(store::OpenMode::ReadOnly);
            QCOMPARE(*store::schemaVersion(reader.database()), int64_t{4});
            const auto none = store::loadSummary(reader, 1);
            VERIFY_OK(none);
            QVERIFY(!none->has_value());
        }
        goesOn(file, [&](store::Project& project) {
            QCOMPARE(project.steps(1)->at(1).time->workMs, int64_t{2000});
            QCOMPARE((*project.database().text("SELECT value FROM setting")).value_or(""),
                     std::string("52428800"));
            VERIFY_OK(store::writeLoad(project.database(), 1, point));
            QCOMPARE((*store::loadSummary(project, 1))->cpuPercent.peak, 50.0);
        });
        const auto old =
            store::Project::open(file.file().string() + ".pre-v5", store::OpenMode::ReadOnly);
        VERIFY_OK(old);
        QCOMPARE(*store::schemaVersion(old->database()), int64_t{4});
    }

    // Rows without end in the place of a table of an older or newer project: never read.
    void viewsForTablesAreRefusedInAnyVersion()
    {
        for (const int version : {4, store::kSchemaVersion, store::kSchemaVersion + 1}) {
            const test::TemporaryProject file;
            fs::copy_file(fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "formats" / "4" /
                              "project.db",
                          file.file());
            if (version != 4)
                file.open(); // brings it up to date
            {
                auto database = Database::open(file.file(), Access::ReadWrite);
                VERIFY_OK(database);
                VERIFY_OK(database->execute(
                    "DROP TABLE tag; CREATE VIEW tag AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                    "SELECT i + 1 FROM n) SELECT i AS run_id, i AS tag FROM n; PRAGMA "
                    "user_version=" +
                    std::to_string(version)));
            }
            const auto refused = store::Project::open(file.file(), store::OpenMode::ReadOnly);
            QVERIFY2(!refused, qPrintable(QString::number(version)));
            QCOMPARE(refused.error().code, ErrorCode::Corrupt);
            QVERIFY(refused.error().message.find("tag") != std::string::npos);
        }
    }

    void failedMigrationChangesNothing()
    {
        const test::TemporaryProject file;
        file.open();
        const std::array<store::Migration, 1> steps{
            {{6, "CREATE TABLE added(i INTEGER) STRICT; CREATE TABLE run(i)"}}};
        auto database = Database::open(file.file(), Access::ReadWrite);
        QVERIFY(!store::migrateSchema(*database, steps).has_value());
        QCOMPARE(*store::schemaVersion(*database), int64_t{store::kSchemaVersion});
        VERIFY_OK(store::checkSchema(*database));
        VERIFY_OK(database->integer("SELECT count(*) FROM run"));
        QVERIFY(!database->integer("SELECT count(*) FROM added").has_value());
    }

    void newerSchemaIsReadOnly()
    {
        const test::TemporaryProject file;
        {
            store::Project project = file.open();
            VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
            VERIFY_OK(project.database().execute("PRAGMA user_version=99"));
        }
        store::Project project = file.open(store::OpenMode::ReadWrite);
        QVERIFY(project.isReadOnly());
        QVERIFY(project.readOnlyReason().find("newer version") != std::string::npos);
        QCOMPARE(project.runs()->size(), size_t{1});
        VERIFY_FAILS(ErrorCode::Locked, project.rename(1, "b"));
        VERIFY_FAILS(ErrorCode::Locked,
                     store::RunWriter::createRun(file.file(), test::sampleRun()));
    }

    void changedDefinitionsAreRefused_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("trigger")
            << "CREATE TRIGGER bad AFTER INSERT ON run BEGIN DELETE FROM tag; END" << false;
        QTest::newRow("view replaced")
            << "DROP VIEW v_run; CREATE VIEW v_run AS SELECT 1 AS run_id" << false;
        QTest::newRow("table missing") << "DROP TABLE tag" << false;
        QTest::newRow("column added") << "ALTER TABLE run ADD COLUMN more TEXT" << false;
        QTest::newRow("table of another tool") << "CREATE TABLE notebook(i INTEGER)" << true;
    }

    void changedDefinitionsAreRefused()
    {
        QFETCH(QString, sql);
        QFETCH(bool, accepted);
        const test::TemporaryProject file;
        file.open();
        VERIFY_OK(Database::open(file.file(), Access::ReadWrite)->execute(sql.toStdString()));
        const auto opened = store::Project::open(file.file(), store::OpenMode::ReadWrite);
        if (accepted)
            VERIFY_OK(opened);
        else
            VERIFY_FAILS(ErrorCode::Corrupt, opened);
    }
};

QTEST_APPLESS_MAIN(TestSchema)
#include "tst_schema.moc"
