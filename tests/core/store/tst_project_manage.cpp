// SPDX-License-Identifier: GPL-3.0-or-later
// Names, tags, notes, trash and deletion; runs whose program is gone.
#include "core/store/owner.h"
#include "core/store/starter.h"
#include "tests/core/store/store_fixture.h"

using namespace clwb;
using store::OpenMode;
using store::Project;

namespace fs = std::filesystem;

namespace
{

/// Gives run 1 an owner.
void setOwner(const Project& project, const store::Owner& owner, int secondsAgo)
{
    test::must(project.database().run(
        "UPDATE run SET status = 'running', owner_host = ?, owner_boot = ?, owner_pid = ?, "
        "owner_start = ?, heartbeat = unixepoch() - ?",
        owner.host, owner.boot, owner.pid, owner.start, secondsAgo));
}

} // namespace

class TestProjectManage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void editsAreKept()
    {
        const test::TemporaryProject file;
        {
            Project project = file.open();
            VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
            VERIFY_OK(project.rename(1, "=b"));
            VERIFY_OK(project.setTags(1, {"z", "best", "best", ""}));
            VERIFY_OK(project.setStarred(1, true));
            VERIFY_OK(project.setNotes(1, "line 1\nline 2"));
            VERIFY_FAILS(ErrorCode::Usage, project.rename(2, "b"));
        }
        const auto run = file.open(OpenMode::ReadOnly).run(1);
        VERIFY_OK(run);
        QVERIFY(run->name == "=b" && run->starred && run->notes == "line 1\nline 2");
        QVERIFY((run->tags == std::vector<std::string>{"best", "z"}));
    }

    void trashHidesAndRestores()
    {
        const test::TemporaryProject file;
        Project project = file.open();
        VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
        VERIFY_OK(project.setTags(1, {"t"}));
        const auto metrics = project.metrics(1)->size();
        VERIFY_OK(project.moveToTrash(1));
        QCOMPARE(project.runs()->size(), size_t{0});
        QCOMPARE(project.trashedRuns()->size(), size_t{1});
        for (const char* view : {"v_run", "v_param", "v_metric", "v_session_accuracy"})
            QCOMPARE((*project.database().integer("SELECT count(*) FROM " + std::string(view)))
                         .value_or(-1),
                     int64_t{0});
        VERIFY_FAILS(ErrorCode::Usage, project.findRun("a"));
        VERIFY_OK(project.restoreFromTrash(1));
        QVERIFY(project.run(1)->tags == std::vector<std::string>{"t"});
        QCOMPARE(project.metrics(1)->size(), metrics);
        QCOMPARE((*project.database().integer("SELECT count(*) FROM v_metric")).value_or(-1),
                 static_cast<int64_t>(metrics));
    }

    void purgeRemovesRowsAndFolder()
    {
        const test::TemporaryProject file;
        const fs::path elsewhere = file.folder() / "elsewhere";
        {
            auto writer = store::RunWriter::createRun(file.file(), test::sampleRun("inside"));
            VERIFY_OK(writer);
            (*writer)->addStep(1, 1, 1, 1e-3, {{"CE", 1.0}});
            (*writer)->addLoad({1700000000, 5, uint64_t{5} << 20});
            (*writer)->finish("finished", "", 1);
            store::NewRun outside = test::sampleRun("outside");
            outside.folder = elsewhere;
            VERIFY_OK(store::RunWriter::createRun(file.file(), outside));
        }
        Project project = file.open();
        const fs::path inside = project.run(1)->folder;
        QVERIFY(inside == project.runFolder(1) && fs::exists(inside));
        QVERIFY(project.run(2)->folder == elsewhere.string());
        // A link inside the folder must not lead the deletion astray.
        const fs::path precious = file.folder() / "precious";
        fs::create_directory(precious);
        test::writeBytes(precious / "file", "x");
        fs::create_directory_symlink(precious, inside / "link");
        VERIFY_OK(project.purge(1));
        VERIFY_OK(project.purge(2));
        QVERIFY(!fs::exists(inside));
        QVERIFY(fs::exists(precious / "file"));
        QVERIFY(fs::exists(elsewhere)); // not ours to delete
        for (const char* table : {"run", "param", "step", "step_loss", "metric", "load"})
            QCOMPARE((*project.database().integer("SELECT count(*) FROM " + std::string(table)))
                         .value_or(-1),
                     int64_t{0});
        VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("next")));
        QCOMPARE(*project.findRun("next"), int64_t{3}); // numbers are never used twice
    }

    void runningRunsAreProtected()
    {
        const test::TemporaryProject file;
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        Project project = file.open();
        VERIFY_FAILS(ErrorCode::Locked, project.purge(1));
        VERIFY_FAILS(ErrorCode::Locked, project.moveToTrash(1));
        VERIFY_FAILS(ErrorCode::Locked, project.takeOver(1));
        QVERIFY(project.markInterrupted()->empty());
        VERIFY_OK(project.setNotes(1, "notes may be written meanwhile"));
    }

    void reportedRowsAreProtected()
    {
        const test::TemporaryProject file;
        store::ReportedRun row;
        row.name = "FT-WM";
        row.kind = "method";
        VERIFY_OK(store::addReportedRuns(file.file(), {row}));
        Project project = file.open();
        VERIFY_FAILS(ErrorCode::Usage, project.rename(1, "x"));
        VERIFY_FAILS(ErrorCode::Usage, project.moveToTrash(1));
        VERIFY_FAILS(ErrorCode::Usage, project.purge(1));
        VERIFY_FAILS(ErrorCode::Usage, store::RunWriter::resumeRun(file.file(), 1, 0, 0));
        VERIFY_OK(project.setStarred(1, true));
    }

    void deadOwnersAreRecognised_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("sameBoot");
        QTest::addColumn<qint64>("pid");
        QTest::addColumn<bool>("sameStart");
        QTest::addColumn<bool>("dead");
        const qint64 self = store::thisProcess().pid;
        QTest::newRow("this process") << "" << true << self << true << false;
        QTest::newRow("number used again") << "" << true << self << false << true;
        QTest::newRow("before a restart") << "" << false << self << true << true;
        QTest::newRow("no such process") << "" << true << qint64{1} << false << true;
        QTest::newRow("another host") << "node17.example" << false << self << true << false;
    }

    void deadOwnersAreRecognised()
    {
        QFETCH(QString, host);
        QFETCH(bool, sameBoot);
        QFETCH(qint64, pid);
        QFETCH(bool, sameStart);
        QFETCH(bool, dead);
        const test::TemporaryProject file;
        Project project = file.open();
        VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
        store::Owner owner = store::thisProcess();
        if (!host.isEmpty())
            owner.host = host.toStdString();
        if (!sameBoot)
            owner.boot = "another";
        owner.pid = pid;
        owner.start += sameStart ? 0 : 1;
        setOwner(project, owner, 3600);
        const auto marked = project.markInterrupted();
        VERIFY_OK(marked);
        QCOMPARE(marked->size(), size_t{dead ? 1u : 0u});
        const auto run = project.run(1);
        QVERIFY(run->status == (dead ? "interrupted" : "running"));
        QVERIFY(run->ownerPlace == (dead             ? store::OwnerPlace::None
                                    : host.isEmpty() ? store::OwnerPlace::ThisProcess
                                                     : store::OwnerPlace::OtherHost));
    }

    void interruptedRunsSayWhere()
    {
        const test::TemporaryProject file;
        {
            auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
            (*writer)->addStep(120, 3, 4, 1e-6, {{"CE", 1.0}});
            VERIFY_OK((*writer)->flush());
            Project project = file.open();
            store::Owner gone = store::thisProcess();
            gone.start += 1;
            setOwner(project, gone, 0);
            QCOMPARE(project.markInterrupted()->size(), size_t{1});
        }
        const auto run = file.open().run(1);
        QVERIFY(run->message == "interrupted at session 3, epoch 4, step 120");
        QVERIFY(run->owner.empty());
    }

    void foreignHostsAreTakenOverAfterFiveMinutes()
    {
        const test::TemporaryProject file;
        Project project = file.open();
        VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
        setOwner(project, {"node17.example", "b", 12, 34}, 60);
        const auto run = project.run(1);
        QVERIFY(run->owner.find("node17.example (pid 12") == 0);
        QVERIFY(run->ownerPlace == store::OwnerPlace::OtherHost);
        QCOMPARE(run->ownerHost, std::string("node17.example"));
        VERIFY_FAILS(ErrorCode::Locked, project.takeOver(1));
        VERIFY_FAILS(ErrorCode::Locked, store::RunWriter::resumeRun(file.file(), 1, 0, 0));
        setOwner(project, {"node17.example", "b", 12, 34}, 301);
        VERIFY_OK(project.takeOver(1));
        QVERIFY(project.run(1)->status == "interrupted");
        VERIFY_OK(store::RunWriter::resumeRun(file.file(), 1, 0, 0));
    }

    void networkTypesAreKnown()
    {
        for (const uint64_t type :
             {0x6969ull, 0xFF534D42ull, 0xFE534D42ull, 0x0BD00BD0ull, 0x01021997ull, 0x65735546ull})
            QVERIFY(store::isNetworkFileSystemType(type));
        for (const uint64_t type : {0xEF53ull, 0x01021994ull, 0x9123683Eull, 0x58465342ull})
            QVERIFY(!store::isNetworkFileSystemType(type)); // ext4, tmpfs, btrfs, xfs
    }
};

QTEST_APPLESS_MAIN(TestProjectManage)
#include "tst_project_manage.moc"
