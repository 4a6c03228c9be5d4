// SPDX-License-Identifier: GPL-3.0-or-later
// Check, backup and repair; damaged files never crash and are never written to.
#include "core/base/random_stream.h"
#include "core/store/maintenance.h"
#include "core/store/run_lock.h"
#include "core/store/schema.h"
#include "core/store/spool.h"
#include "tests/core/store/store_fixture.h"

using namespace clwb;
using store::OpenMode;
using store::Project;

namespace fs = std::filesystem;

namespace
{

constexpr int kRuns = 160; // their pages are most of the file

void fill(const test::TemporaryProject& file)
{
    Project project = file.open();
    for (int run = 1; run <= kRuns; ++run)
        store::insertFinishedRun(project, test::finishedRun("run " + std::to_string(run))).value();
}

/// The bytes of a file after a page in the middle of its run table has become zero.
QByteArray zeroPageOfRuns(const fs::path& file)
{
    QByteArray bytes = test::bytesOf(file);
    const qsizetype place = bytes.indexOf("run 20method"); // a name that stands on it
    if (place < 0)
        qFatal("the page was not found");
    bytes.replace(place / 4096 * 4096, 4096, QByteArray(4096, '\0'));
    test::writeBytes(file, bytes);
    return bytes;
}

} // namespace

class TestMaintenance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void soundProjectsPass()
    {
        const test::TemporaryProject file;
        fill(file);
        const auto report = store::dbCheck(file.file());
        VERIFY_OK(report);
        QVERIFY(report->ok && report->problems.empty());
        QCOMPARE(report->runs, int64_t{kRuns});
        QCOMPARE(report->schema, int64_t{store::kSchemaVersion});
        VERIFY_FAILS(ErrorCode::Usage, store::dbCheck(file.folder() / "none.db"));
    }

    void problemsAreNamed()
    {
        const test::TemporaryProject file;
        fill(file);
        {
            Project project = file.open();
            VERIFY_OK(project.database().execute(
                "PRAGMA foreign_keys=OFF; INSERT INTO tag VALUES(999, 'x');"
                "UPDATE run SET spec = '{' WHERE run_id = 3"));
        }
        const auto report = store::dbCheck(file.file());
        VERIFY_OK(report);
        QVERIFY(!report->ok);
        QCOMPARE(report->problems.size(), size_t{2});
        QVERIFY(report->problems[0].find("table tag") == 0);
        QVERIFY(report->problems[1].find("run 3") == 0);
    }

    void backupIsCompleteWhileInUse()
    {
        const test::TemporaryProject file;
        fill(file);
        const fs::path target = file.folder() / "backup.db";
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        VERIFY_OK(store::dbBackup(file.file(), target));
        QVERIFY(!fs::exists(target.string() + "-wal"));
        VERIFY_FAILS(ErrorCode::Usage, store::dbBackup(file.file(), target));
        auto copy = Project::open(target, OpenMode::ReadOnly);
        VERIFY_OK(copy);
        QCOMPARE(copy->runs()->size(), size_t{kRuns + 1});
        QVERIFY(store::dbCheck(target)->ok);
        VERIFY_FAILS(ErrorCode::Usage,
                     store::dbBackup(file.folder() / "none.db", file.folder() / "other.db"));
        QVERIFY(!fs::exists(file.folder() / "other.db"));
    }

    void repairSavesReadableRuns()
    {
        const test::TemporaryProject file;
        fill(file);
        const QByteArray bytes = zeroPageOfRuns(file.file());
        const fs::path target = file.folder() / "saved.db";
        const auto report = store::dbRepair(file.file(), target);
        VERIFY_OK(report);
        QCOMPARE(test::bytesOf(file.file()), bytes);
        QVERIFY(report->runsRecovered > kRuns / 2 && report->runsRecovered < kRuns);
        QCOMPARE(report->runsFound, int64_t{kRuns});
        QVERIFY(!report->notes.empty());
        auto saved = Project::open(target, OpenMode::ReadWrite);
        VERIFY_OK(saved);
        QCOMPARE(static_cast<int64_t>(saved->runs()->size()), report->runsRecovered);
        QVERIFY(store::dbCheck(target)->ok);
        QVERIFY(saved->run(1)->name == "run 1");
        QVERIFY(saved->run(kRuns)->metrics.count("A-Acc") == 1);
    }

    void repairOfAFileThatWasCutOff()
    {
        const test::TemporaryProject file;
        fill(file);
        const QByteArray bytes = test::bytesOf(file.file());
        for (const int part : {90, 75}) {
            test::writeBytes(file.file(), bytes.left(bytes.size() * part / 100));
            const fs::path target = file.folder() / (std::to_string(part) + ".db");
            const auto report = store::dbRepair(file.file(), target);
            VERIFY_OK(report);
            QVERIFY(report->runsRecovered > 0 && report->runsRecovered <= kRuns);
            QVERIFY(store::dbCheck(target)->ok);
            auto saved = Project::open(target, OpenMode::ReadOnly);
            VERIFY_OK(saved);
            QCOMPARE(static_cast<int64_t>(saved->runs()->size()), report->runsRecovered);
        }
    }

    void aCopyToGoOnWithIsMadeOfADeletedFile()
    {
        const test::TemporaryProject file;
        fill(file);
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        (*writer)->finish("finished", "", 0);
        writer->reset(); // all is written
        auto project = Project::open(file.file(), OpenMode::ReadOnly);
        VERIFY_OK(project);
        const int64_t id = kRuns + 1;
        const fs::path folder = project->run(id)->folder;
        QVERIFY(folder.is_absolute());
        fs::remove(file.file());
        const fs::path target = file.folder() / "elsewhere" / "copy.db";
        fs::create_directories(target.parent_path());
        VERIFY_OK(store::saveProjectAs(*project, target));
        VERIFY_FAILS(ErrorCode::Usage, store::saveProjectAs(*project, target));
        auto copy = Project::open(target, OpenMode::ReadWrite);
        VERIFY_OK(copy);
        QCOMPARE(copy->runs()->size(), size_t{kRuns + 1});
        QVERIFY(copy->run(id)->folder == folder); // where it lies
        QVERIFY(store::dbCheck(target)->ok);
        // Deleting the run in the copy leaves the files to the original.
        fs::create_directories(folder);
        std::ofstream(folder / "model") << "weights";
        VERIFY_OK(copy->purge(id));
        QVERIFY(fs::exists(folder / "model"));
    }

    void aDamagedFileIsNotWrittenTo_data()
    {
        QTest::addColumn<bool>("isCopy"); // not in WAL mode yet
        QTest::newRow("used here") << false;
        QTest::newRow("copied here") << true;
    }
    void aDamagedFileIsNotWrittenTo()
    {
        QFETCH(bool, isCopy);
        const test::TemporaryProject file;
        fill(file);
        fs::path used = file.file();
        if (isCopy) {
            used = file.folder() / "copy.db";
            VERIFY_OK(store::dbBackup(file.file(), used));
        }
        const QByteArray bytes = zeroPageOfRuns(used);
        for (const OpenMode mode : {OpenMode::ReadWrite, OpenMode::CreateIfMissing}) {
            const auto refused = Project::open(used, mode);
            VERIFY_FAILS(ErrorCode::Corrupt, refused);
            QVERIFY(refused.error().message.find(used.string()) != std::string::npos);
            QVERIFY(refused.error().hint.find("clwb db repair") != std::string::npos);
        }
        VERIFY_FAILS(ErrorCode::Corrupt, store::RunWriter::createRun(used, test::sampleRun()));
        QCOMPARE(test::bytesOf(used), bytes);
        VERIFY_OK(Project::open(used, OpenMode::ReadOnly)); // what is left can be looked at
    }

    void repairedRunsFindTheirFolders()
    {
        const test::TemporaryProject file;
        fill(file);
        {
            auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
            VERIFY_OK(writer);
            (*writer)->finish("finished", "", 0);
        }
        const fs::path folder = file.open().run(kRuns + 1)->folder;
        const fs::path target = file.folder() / "elsewhere" / "saved.db";
        fs::create_directories(target.parent_path());
        VERIFY_OK(store::dbRepair(file.file(), target));
        const auto saved = Project::open(target, OpenMode::ReadOnly);
        VERIFY_OK(saved);
        QCOMPARE(saved->run(kRuns + 1)->folder, folder.string());
        QCOMPARE(saved->run(1)->folder, file.open().run(1)->folder); // without one: still without
    }

    void damagedProjectsAreToldFromOtherFiles()
    {
        const test::TemporaryProject file;
        fill(file);
        const QByteArray whole = test::bytesOf(file.file());
        const auto kindOf = [&](const QByteArray& bytes) {
            test::writeBytes(file.file(), bytes);
            const auto refused = Project::open(file.file(), OpenMode::ReadOnly);
            return refused ? store::RefusedFile::DamagedProject : store::kindOfRefused(file.file());
        };
        const auto changed = [&](qsizetype at, qsizetype bytes) {
            return QByteArray(whole).replace(at, bytes, QByteArray(bytes, 'x'));
        };
        QVERIFY(kindOf(whole.left(whole.size() / 2)) == store::RefusedFile::DamagedProject);
        QVERIFY(kindOf(changed(0, 16)) == store::RefusedFile::DamagedProject);
        const auto refused = Project::open(file.file(), OpenMode::ReadOnly);
        VERIFY_FAILS(ErrorCode::Corrupt, refused);
        QVERIFY2(refused.error().hint.find("clwb db repair") != std::string::npos,
                 refused.error().hint.c_str());
        QVERIFY(kindOf(changed(68, 4)) == store::RefusedFile::DamagedProject);
        QVERIFY(kindOf(QByteArray("\x89PNG").repeated(3000)) == store::RefusedFile::NoProject);
        QVERIFY(kindOf({}) == store::RefusedFile::NoProject);
        QVERIFY(store::kindOfRefused(file.folder() / "none.db") == store::RefusedFile::NoProject);
    }

    void leftOversOfAnotherFileAreNotTakenIn_data()
    {
        QTest::addColumn<QString>("suffix");
        QTest::newRow("wal") << QStringLiteral("-wal");
        QTest::newRow("journal") << QStringLiteral("-journal");
    }
    void leftOversOfAnotherFileAreNotTakenIn()
    {
        QFETCH(QString, suffix);
        const test::TemporaryProject file;
        fill(file);
        const fs::path target = file.folder() / "copy.db";
        const fs::path left = target.string() + suffix.toStdString();
        test::writeBytes(left, "pages of an earlier file");
        const Project project = file.open();
        VERIFY_FAILS(ErrorCode::Usage, store::saveProjectAs(project, target));
        VERIFY_FAILS(ErrorCode::Usage, store::dbBackup(file.file(), target));
        VERIFY_FAILS(ErrorCode::Usage, store::dbRepair(file.file(), target));
        const auto created = Project::open(target, OpenMode::CreateIfMissing);
        VERIFY_FAILS(ErrorCode::Usage, created);
        QVERIFY(created.error().message.find(left.string()) != std::string::npos);
        QVERIFY(!fs::exists(target));
        QCOMPARE(test::bytesOf(left), QByteArray("pages of an earlier file"));
    }

    void aCopyHasNoRunInProgressAndWhatWasParked()
    {
        const test::TemporaryProject file;
        fill(file);
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        const int64_t id = (*writer)->runId();
        const Project project = file.open();
        const fs::path spool =
            (*writer)->folder().parent_path() / ("run-" + std::to_string(id) + ".spool");
        VERIFY_OK(store::appendToSpool(spool, project.run(id)->uid,
                                       {store::WarningItem{1, "2026-01-01T00:00:00Z", "parked"}},
                                       0));
        const fs::path target = file.folder() / "copy.db";
        VERIFY_OK(store::saveProjectAs(project, target));
        QVERIFY(fs::exists(spool)); // the original's own
        QCOMPARE(project.run(id)->status, std::string("running"));
        const auto copy = Project::open(target, OpenMode::ReadOnly);
        VERIFY_OK(copy);
        QCOMPARE(copy->run(id)->status, std::string("interrupted"));
        QVERIFY(copy->run(id)->owner.empty());
        QVERIFY(copy->run(id)->message.find(file.file().string()) != std::string::npos);
        QCOMPARE(copy->warnings(id).value(), std::vector<std::string>{"parked"});
    }

    void oneFolderIsNeverContinuedTwice()
    {
        const test::TemporaryProject file;
        fill(file);
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        const int64_t id = (*writer)->runId();
        const fs::path target = file.folder() / "copy.db";
        VERIFY_OK(store::saveProjectAs(file.open(), target));
        const auto second = store::RunWriter::resumeRun(target, id, 0, -1);
        VERIFY_FAILS(ErrorCode::Locked, second);
        const std::string message = toText(second.error());
        QVERIFY2(message.find((*writer)->folder().string()) != std::string::npos &&
                     message.find("pid " + std::to_string(QCoreApplication::applicationPid())) !=
                         std::string::npos,
                 message.c_str());
        (*writer)->finish("stopped", "", 0);
        writer->reset();
        auto third = store::RunWriter::resumeRun(target, id, 0, -1);
        VERIFY_OK(third);
        VERIFY_FAILS(ErrorCode::Locked, store::RunWriter::resumeRun(file.file(), id, 0, -1));
        const fs::path folder = (*third)->folder();
        QVERIFY(!fs::is_empty(folder) && store::holdsNoRun(folder));
        third->reset();
        QVERIFY(fs::is_empty(folder)); // nothing is left of the lock
        test::writeBytes(folder / "spec.json", "{}");
        QVERIFY(!store::holdsNoRun(folder));
        QVERIFY(store::holdsNoRun(folder / "none"));
    }

    void repairOfSoundOrLostFiles()
    {
        const test::TemporaryProject file;
        fill(file);
        const auto whole = store::dbRepair(file.file(), file.folder() / "whole.db");
        VERIFY_OK(whole);
        QCOMPARE(whole->runsRecovered, int64_t{kRuns});
        QVERIFY(whole->notes.empty() && whole->rowsRefused == 0);
        QByteArray bytes = test::bytesOf(file.file());
        test::writeBytes(file.file(), QByteArray(bytes).replace(0, 16, QByteArray(16, '\0')));
        VERIFY_OK(store::dbRepair(file.file(), file.folder() / "magic.db"));
        test::writeBytes(file.file(), QByteArray(5000, 'x'));
        VERIFY_FAILS(ErrorCode::Corrupt, store::dbRepair(file.file(), file.folder() / "lost.db"));
        QVERIFY(!fs::exists(file.folder() / "lost.db"));
        VERIFY_FAILS(ErrorCode::Usage,
                     store::dbRepair(file.folder() / "none.db", file.folder() / "lost.db"));
        VERIFY_FAILS(ErrorCode::Usage, store::dbRepair(file.file(), file.folder() / "whole.db"));
        for (const auto& entry : fs::directory_iterator(file.folder()))
            QVERIFY(entry.path().string().find(".tmp-") == std::string::npos &&
                    entry.path().string().find(".salvage-") == std::string::npos);
    }

    void flippedBytesNeverCrash()
    {
        const test::TemporaryProject file;
        fill(file);
        const QByteArray whole = test::bytesOf(file.file());
        RandomStream random = RandomStream::named(1, "byte-flips");
        int refused = 0;
        for (int round = 0; round < 150; ++round) {
            QByteArray bytes = whole;
            const uint64_t flips = 1 + random.below(40);
            for (uint64_t flip = 0; flip < flips; ++flip) {
                // Half of them in the header and the schema, where they matter most.
                const uint64_t range = round % 2 == 0 ? 4096 : static_cast<uint64_t>(bytes.size());
                bytes[static_cast<qsizetype>(random.below(range))] =
                    static_cast<char>(random.below(256));
            }
            test::writeBytes(file.file(), bytes);
            auto project = Project::open(file.file(), OpenMode::ReadOnly);
            if (!project) {
                ++refused;
            } else {
                static_cast<void>(project->runs());
                for (int run = 1; run <= kRuns; run += 7) {
                    static_cast<void>(project->evaluations(run));
                    static_cast<void>(project->resolvedSpec(run));
                    static_cast<void>(project->steps(run));
                }
            }
            QCOMPARE(test::bytesOf(file.file()), bytes);
        }
        QVERIFY(refused > 20);
    }
};

QTEST_APPLESS_MAIN(TestMaintenance)
#include "tst_maintenance.moc"
