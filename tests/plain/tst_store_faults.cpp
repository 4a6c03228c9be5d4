// SPDX-License-Identifier: GPL-3.0-or-later
// The project file under kill -9, failing commits, locks, a full disk, and several programs.
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/store/details.h"
#include "core/store/maintenance.h"
#include "core/store/run_writer.h"
#include "core/store/sqlite.h"
#include "tests/plain/check.h"
#include "tests/plain/child_process.h"
#include "tests/plain/detail_support.h"
#include "tests/plain/store_support.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sys/resource.h>
#include <thread>

using namespace clwb;
using clwb::test::ChildProcess;
using clwb::test::TemporaryFolder;
using store::OpenMode;
using store::Project;
using store::RunWriter;

namespace fs = std::filesystem;

namespace
{

constexpr int64_t kStepsOfSession = 40;
// Enough for the write-ahead log to pass 200 KiB, few enough to be quick.
constexpr int kSessionsOnFullDisk = 40;

void addSession(RunWriter& writer, int session)
{
    const int64_t first = (session - 1) * kStepsOfSession;
    for (int64_t step = first + 1; step <= first + kStepsOfSession; ++step)
        writer.addStep(step, session, 1, 1e-6, {{"CE", test::lossAt(step)}, {"total", 1.0}});
    writer.addLoad({session, 25, uint64_t{100} << 20});
    writer.addEvaluation(test::sampleRecord(session), std::nullopt,
                         test::drawDetails(static_cast<uint64_t>(session)));
}

// ---- What the child processes do ----

/// Writes sessions until it is killed.
int childWritesForEver(const fs::path& file)
{
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!writer)
        return 1;
    std::puts("ready");
    std::fflush(stdout);
    for (int session = 1; session < 100000; ++session) {
        addSession(**writer, session);
        if (!(*writer)->flush())
            return 1;
    }
    return 0;
}

/// One short run; the second flush stands for the retry after an error.
int childWritesShortRun(const fs::path& file)
{
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!writer)
        return static_cast<int>(writer.error().code);
    addSession(**writer, 1);
    addSession(**writer, 2);
    (*writer)->addCheckpoint("checkpoint/a", 2 * kStepsOfSession, "aa");
    (*writer)->finish("finished", "", 1);
    if ((*writer)->flush() || (*writer)->flush())
        return 0;
    return 1;
}

/// Meets a full disk (a limit on file sizes), then gets space again.
int childMeetsFullDisk(const fs::path& file)
{
    std::signal(SIGXFSZ, SIG_IGN);
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!writer)
        return 1;
    rlimit limit = {};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit small{200u << 10, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    for (int session = 1; session <= kSessionsOnFullDisk; ++session)
        addSession(**writer, session);
    const auto full = (*writer)->flush();
    if (full || full.error().code != ErrorCode::DiskFull || !(*writer)->problem()) {
        std::cerr << (full ? "no error" : full.error().message) << std::endl;
        return 2;
    }
    ::setrlimit(RLIMIT_FSIZE, &limit);
    (*writer)->finish("finished", "", 1);
    return (*writer)->flush() && !(*writer)->problem() ? 0 : 3;
}

/// Meets a project that is locked all the time; its items must be parked.
int childMeetsLock(const fs::path& file)
{
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!writer)
        return 1;
    std::puts("ready");
    std::fflush(stdout);
    while (!fs::exists(file.string() + ".go")) // the parent holds the lock now
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    addSession(**writer, 1);
    const auto locked = (*writer)->flush();
    std::puts(!locked && locked.error().code == ErrorCode::Locked ? "parked" : "wrong");
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::seconds(100)); // to be killed
    return 0;
}

int childHoldsProject(const fs::path& file)
{
    const auto project = Project::open(file, OpenMode::CreateIfMissing);
    std::puts(project ? "ready" : "failed");
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::seconds(100));
    return 0;
}

int runChild(const std::string& role, const fs::path& file)
{
    setLogSink([](LogLevel, std::string_view) {}); // the expected warnings
    if (role == "for-ever")
        return childWritesForEver(file);
    if (role == "short")
        return childWritesShortRun(file);
    if (role == "full-disk")
        return childMeetsFullDisk(file);
    return role == "lock" ? childMeetsLock(file) : childHoldsProject(file);
}

// ---- What must hold afterwards ----

void checkIntegrity(const fs::path& file)
{
    const auto report = store::dbCheck(file);
    if (CHECK_OK(report)) {
        CHECK(report->ok);
        for (const std::string& problem : report->problems)
            std::cerr << problem << std::endl;
    }
}

/// Every stored session is complete, every stored step has both its losses.
void checkWholeSessions(const Project& project, int64_t runId)
{
    const auto run = project.run(runId);
    const auto steps = project.steps(runId);
    if (!CHECK_OK(run) || !CHECK_OK(steps))
        return;
    CHECK_EQUAL(steps->size() % 2, size_t{0});
    for (size_t i = 0; i < steps->size(); ++i) {
        CHECK_EQUAL(steps->at(i).step, static_cast<int64_t>(i / 2) + 1);
        CHECK(steps->at(i).lossName != "CE" ||
              steps->at(i).value == test::lossAt(steps->at(i).step));
    }
    const int sessions = std::max(run->lastSession, 0);
    CHECK(static_cast<int64_t>(steps->size()) / 2 >= sessions * kStepsOfSession);
    CHECK_EQUAL(project.sessionAccuracies(runId)->size(), static_cast<size_t>(2 * sessions));
    CHECK_EQUAL(project.evaluations(runId)->size(), static_cast<size_t>(sessions));
    const auto index = store::detailIndex(project, runId); // with its metrics or not at all
    CHECK(index && index->predictions.size() == static_cast<size_t>(2 * sessions) &&
          index->retrieval.size() == static_cast<size_t>(sessions));
    CHECK(test::loadsInOrder(project, runId) >= sessions); // which came before the results
    for (int session = 1; session <= sessions; ++session)
        CHECK_OK(store::predictions(project, runId, session, "zs"));
}

void killedWriterLeavesConsistentProject()
{
    for (int round = 0; round < 6; ++round) {
        const TemporaryFolder folder;
        const fs::path file = folder.path() / "p.db";
        ChildProcess child({"for-ever", file}, {});
        CHECK_EQUAL(child.readLine(), "ready");
        std::this_thread::sleep_for(std::chrono::milliseconds(17 * round * round));
        child.kill();
        CHECK_EQUAL(child.wait(), -SIGKILL);
        auto project = Project::open(file, OpenMode::ReadWrite);
        if (!CHECK_OK(project))
            return;
        CHECK_EQUAL(project->run(1)->status, "interrupted"); // readers are not told of the dead
        CHECK_EQUAL(project->markInterrupted()->size(), size_t{1});
        CHECK_EQUAL(project->run(1)->status, "interrupted");
        checkWholeSessions(*project, 1);
        checkIntegrity(file);
        const auto resumed = RunWriter::resumeRun(file, 1, 0, 0);
        CHECK_OK(resumed);
    }
}

void killAtEveryOperation()
{
    int number = 1;
    for (; number < 100; ++number) {
        const TemporaryFolder folder;
        const fs::path file = folder.path() / "p.db";
        ChildProcess child({"short", file}, {{"CLWB_FAULT", "kill:" + std::to_string(number)}});
        const int status = child.wait();
        if (fs::exists(file)) {
            auto project = Project::open(file, OpenMode::ReadWrite);
            if (!CHECK_OK(project))
                return;
            CHECK_OK(project->markInterrupted());
            const size_t runs = project->runs()->size();
            CHECK(runs <= 1);
            if (runs == 1)
                checkWholeSessions(*project, 1);
            checkIntegrity(file);
        }
        if (status == 0)
            break;
        CHECK_EQUAL(status, -SIGKILL);
    }
    CHECK(number > 3 && number < 100); // the faults did hit, and ended
}

void failedCommitsAreTriedAgain()
{
    int failedStarts = 0;
    for (int number = 1; number < 9; ++number) {
        const TemporaryFolder folder;
        const fs::path file = folder.path() / "p.db";
        ChildProcess child({"short", file}, {{"CLWB_FAULT", "commit:" + std::to_string(number)}});
        const int status = child.wait();
        if (status == static_cast<int>(ErrorCode::DiskFull)) {
            ++failedStarts; // creating the project or the run failed: said so, nothing half-made
            if (fs::exists(file))
                CHECK(Project::open(file, OpenMode::ReadOnly)->runs()->empty());
            continue;
        }
        CHECK_EQUAL(status, 0);
        auto project = Project::open(file, OpenMode::ReadWrite);
        if (!CHECK_OK(project))
            return;
        CHECK_EQUAL(project->run(1)->status, "finished");
        CHECK_EQUAL(project->run(1)->lastSession, 2);
        checkWholeSessions(*project, 1);
        CHECK(!fs::exists(folder.path() / "p.db.files" / "run-1.spool"));
    }
    CHECK_EQUAL(failedStarts, 6); // the five steps of the schema and the run's row
}

void fullDiskIsSurvived()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    ChildProcess child({"full-disk", file}, {});
    CHECK_EQUAL(child.wait(), 0);
    auto project = Project::open(file, OpenMode::ReadWrite);
    if (!CHECK_OK(project))
        return;
    CHECK_EQUAL(project->run(1)->lastSession, kSessionsOnFullDisk);
    checkWholeSessions(*project, 1);
    checkIntegrity(file);
}

void lockedProjectIsSpooledAndMerged()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    const fs::path spool = folder.path() / "p.db.files" / "run-1.spool";
    ChildProcess child({"lock", file}, {});
    CHECK_EQUAL(child.readLine(), "ready");
    {
        auto other = store::Database::open(file, store::Access::ReadWrite);
        CHECK_OK(other->execute("BEGIN IMMEDIATE"));
        CHECK_OK(writeFileAtomically(file.string() + ".go", ""));
        CHECK_EQUAL(child.readLine(), "parked");
        CHECK(fs::exists(spool));
        child.kill();
        child.wait();
    }
    // Damage: a line cut off in the middle and one with a wrong checksum.
    const auto text = readFile(spool, 1 << 20);
    CHECK_OK(writeFileAtomically(spool, *text + "00000000 {\"item\":\"warning\"}\n12ab"));
    auto project = Project::open(file, OpenMode::ReadWrite);
    if (!CHECK_OK(project))
        return;
    CHECK(!fs::exists(spool));
    CHECK_EQUAL(project->run(1)->lastSession, 1);
    checkWholeSessions(*project, 1);
    CHECK_EQUAL(project->warnings(1)->size(), size_t{0});
}

void movedFileIsNoticed()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    CHECK_OK((*writer)->flush());
    fs::rename(file, folder.path() / "moved.db");
    addSession(**writer, 1);
    const auto moved = (*writer)->flush();
    CHECK(!moved && moved.error().code == ErrorCode::Locked);
    CHECK(moved || moved.error().message.find("moved") != std::string::npos);
    CHECK(fs::exists(folder.path() / "p.db.files" / "run-1.spool"));
    fs::rename(folder.path() / "moved.db", file);
    CHECK_OK((*writer)->flush());
    CHECK(!fs::exists(folder.path() / "p.db.files" / "run-1.spool"));
    auto project = Project::open(file, OpenMode::ReadOnly);
    checkWholeSessions(*project, 1);
    CHECK_EQUAL(project->run(1)->lastSession, 1);
}

void lostOwnershipStopsWriting()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    auto other = store::Database::open(file, store::Access::ReadWrite);
    CHECK_OK(other->execute("UPDATE run SET owner_pid = 1, owner_start = 0"));
    addSession(**writer, 1);
    const auto lost = (*writer)->flush();
    CHECK(!lost && lost.error().code == ErrorCode::Locked);
    auto project = Project::open(file, OpenMode::ReadOnly);
    CHECK(project->steps(1)->empty());
    // What the file says is the other owner's business; it is dead, so readers are told that.
    auto status = project->database().text("SELECT status FROM run WHERE run_id = 1");
    CHECK(status && *status == "running");
    CHECK_EQUAL(project->run(1)->status, "interrupted");
}

void twoProgramsCreateOneProject()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    ChildProcess first({"short", file}, {});
    ChildProcess second({"short", file}, {});
    CHECK_EQUAL(first.wait(), 0);
    CHECK_EQUAL(second.wait(), 0);
    auto project = Project::open(file, OpenMode::ReadOnly);
    if (!CHECK_OK(project))
        return;
    CHECK_EQUAL(project->runs()->size(), size_t{2});
    checkWholeSessions(*project, 1);
    checkWholeSessions(*project, 2);
    const auto ambiguous = project->findRun("sample");
    CHECK(!ambiguous && ambiguous.error().code == ErrorCode::Usage);
}

void networkFileSystemHasOneProgram()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    ::setenv("CLWB_ASSUME_NETWORK", "1", 1);
    {
        ChildProcess child({"hold", file}, {});
        CHECK_EQUAL(child.readLine(), "ready");
        const auto refused = Project::open(file, OpenMode::ReadWrite);
        CHECK(!refused && refused.error().code == ErrorCode::Locked);
        CHECK(!RunWriter::createRun(file, test::sampleRun()));
    }
    // The child is dead: its lease is stale. Several connections of one process share ours.
    {
        auto writer = RunWriter::createRun(file, test::sampleRun());
        auto project = Project::open(file, OpenMode::ReadWrite);
        if (CHECK_OK(writer) && CHECK_OK(project)) {
            addSession(**writer, 1);
            CHECK_OK((*writer)->flush());
            checkWholeSessions(*project, 1);
            CHECK(!fs::exists(folder.path() / "p.db-wal"));
            CHECK(fs::exists(folder.path() / "p.db.lease"));
        }
    }
    CHECK(!fs::exists(folder.path() / "p.db.lease"));
    ::unsetenv("CLWB_ASSUME_NETWORK");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 3)
        return runChild(argv[1], argv[2]);
    setLogSink([](LogLevel, std::string_view) {}); // the expected warnings
    RUN_CASE(killedWriterLeavesConsistentProject);
    RUN_CASE(killAtEveryOperation);
    RUN_CASE(failedCommitsAreTriedAgain);
    RUN_CASE(fullDiskIsSurvived);
    RUN_CASE(lockedProjectIsSpooledAndMerged);
    RUN_CASE(movedFileIsNoticed);
    RUN_CASE(lostOwnershipStopsWriting);
    RUN_CASE(twoProgramsCreateOneProject);
    RUN_CASE(networkFileSystemHasOneProgram);
    return clwb::test::result();
}
