// SPDX-License-Identifier: GPL-3.0-or-later
// Check, backup and repair; damaged files never crash and are never written to.
#include "core/base/random_stream.h"
#include "core/store/maintenance.h"
#include "core/store/schema.h"
#include "tests/core/store/store_fixture.h"

using namespace clwb;
using store::OpenMode;
using store::Project;

namespace fs = std::filesystem;

namespace
{

constexpr int kRuns = 40;

void fill(const test::TemporaryProject& file)
{
    Project project = file.open();
    for (int run = 1; run <= kRuns; ++run)
        store::insertFinishedRun(project, test::finishedRun("run " + std::to_string(run))).value();
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
        QByteArray bytes = test::bytesOf(file.file());
        // A page in the middle of the run table: found by a name that stands on it.
        const qsizetype place = bytes.indexOf("run 20method");
        QVERIFY(place > 0);
        bytes.replace(place / 4096 * 4096, 4096, QByteArray(4096, '\0'));
        test::writeBytes(file.file(), bytes);
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
