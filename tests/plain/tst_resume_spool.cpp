// SPDX-License-Identifier: GPL-3.0-or-later
// A continued run whose rows cannot be written: its cut and its return go through the spool, once.
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/store/run_writer.h"
#include "core/store/sqlite.h"
#include "tests/plain/check.h"
#include "tests/plain/child_process.h"
#include "tests/plain/store_support.h"

#include <chrono>
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace clwb;
using clwb::test::ChildProcess;
using clwb::test::TemporaryFolder;
using store::OpenMode;
using store::Project;
using store::RunWriter;

namespace fs = std::filesystem;

namespace
{

/// Stopped at step 30 in session 2; its older state lies at step 20, after session 1.
void makeStoppedRun(const fs::path& file)
{
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    test::addThirtySteps(**writer);
    (*writer)->finish("stopped", "by hand", 1.5);
    CHECK_OK((*writer)->flush());
}

/// Back at step 20 and on to `lastStep`, without what lay beyond.
void checkContinued(const Project& project, int64_t lastStep)
{
    const auto steps = project.steps(1);
    if (!CHECK_OK(steps))
        return;
    CHECK_EQUAL(steps->size(), static_cast<size_t>(lastStep));
    CHECK_EQUAL(steps->back().step, lastStep);
    CHECK_EQUAL(project.run(1)->lastSession, 1);
    CHECK_EQUAL(project.evaluations(1)->size(), size_t{2});
    CHECK_EQUAL(project.sessionAccuracies(1)->size(), size_t{4});
    CHECK_EQUAL(project.checkpoints(1)->size(), size_t{1});
}

/// All that the stopped run was.
void checkUntouched(const Project& project)
{
    const auto run = project.run(1);
    if (!CHECK_OK(run))
        return;
    CHECK_EQUAL(run->status, "stopped");
    CHECK_EQUAL(run->message, "by hand");
    CHECK_EQUAL(run->seconds.value_or(0), 1.5);
    CHECK_EQUAL(run->lastSession, 2);
    CHECK(run->owner.empty() && run->ownerPlace == store::OwnerPlace::None);
    CHECK_EQUAL(project.steps(1)->back().step, 30);
    CHECK_EQUAL(project.evaluations(1)->size(), size_t{3});
    CHECK_EQUAL(project.checkpoints(1)->size(), size_t{2});
}

int dieHere()
{
    ::kill(::getpid(), SIGKILL);
    return 1;
}

/// Begins again while the project is locked; its results must be parked. To be killed.
int childBegins(const fs::path& file)
{
    auto writer = RunWriter::resumeRun(file, 1, 20, 1);
    if (!writer)
        return 1;
    std::puts("ready");
    std::fflush(stdout);
    while (!fs::exists(file.string() + ".go")) // the parent holds the lock now
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    (*writer)->setResolvedSpec(test::sampleRun().resolvedSpec);
    (*writer)->addStep(21, 2, 1, 1e-6, {{"CE", 1.0}});
    const auto locked = (*writer)->flush();
    std::puts(!locked && locked.error().code == ErrorCode::Locked ? "parked" : "wrong");
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::seconds(100));
    return 0;
}

/// Begins again, and is killed once its first results cannot be stored.
int childMeetsFault(const fs::path& file)
{
    auto writer = RunWriter::resumeRun(file, 1, 20, 1);
    if (!writer)
        return 3; // the fault has hit earlier
    const auto project = Project::open(file, OpenMode::ReadOnly);
    if (!project)
        return 1;
    (*writer)->setResolvedSpec(test::sampleRun().resolvedSpec);
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < patience) {
        if ((*writer)->problem())
            return dieHere();
        if (project->run(1)->lastSession == 1)
            return 0; // it was stored: the fault would hit later
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return 4;
}

int runChild(const std::string& role, const fs::path& file)
{
    setLogSink([](LogLevel, std::string_view) {}); // the expected warnings
    return role == "begin" ? childBegins(file) : childMeetsFault(file);
}

void aParkedCutIsMadeAfterAKill()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    const fs::path spool = folder.path() / "p.db.files" / "run-1.spool";
    makeStoppedRun(file);
    ChildProcess child({"begin", file}, {});
    CHECK_EQUAL(child.readLine(), "ready");
    {
        auto other = store::Database::open(file, store::Access::ReadWrite);
        CHECK_OK(other->execute("BEGIN IMMEDIATE"));
        CHECK_OK(writeFileAtomically(file.string() + ".go", ""));
        CHECK_EQUAL(child.readLine(), "parked");
        CHECK(fs::exists(spool));
        child.kill();
        child.wait();
        // Before they are in the project, the run does not go on: they would go over its results.
        const auto early = RunWriter::resumeRun(file, 1, 20, 1);
        CHECK(!early && early.error().code == ErrorCode::Locked);
        CHECK(early || early.error().message.find(spool.filename().string()) != std::string::npos);
    }
    const auto project = Project::open(file, OpenMode::ReadWrite);
    if (!CHECK_OK(project))
        return;
    CHECK(!fs::exists(spool));
    checkContinued(*project, 21);
    CHECK_EQUAL(project->run(1)->status, "interrupted");
}

void aFailedCommitLosesNoCut()
{
    int hits = 0;
    for (int number = 1; number <= 6; ++number) {
        const TemporaryFolder folder;
        const fs::path file = folder.path() / "p.db";
        makeStoppedRun(file);
        ChildProcess child({"fault", file}, {{"CLWB_FAULT", "commit:" + std::to_string(number)}});
        const int status = child.wait();
        const auto project = Project::open(file, OpenMode::ReadWrite);
        if (!CHECK_OK(project))
            return;
        if (status == 3) {
            checkUntouched(*project);
            continue;
        }
        CHECK(status == 0 || status == -SIGKILL);
        hits += status == -SIGKILL ? 1 : 0;
        checkContinued(*project, 20);
    }
    CHECK_EQUAL(hits, 1); // the commit of its first results
}

/// As after a kill between the commit and the removal of the spool, or a spool read meanwhile.
void anOldSpoolCutsNothing()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    const fs::path spool = folder.path() / "p.db.files" / "run-1.spool";
    const fs::path aside = folder.path() / "moved.db";
    makeStoppedRun(file);
    {
        auto writer = RunWriter::resumeRun(file, 1, 20, 1);
        if (!CHECK_OK(writer))
            return;
        fs::rename(file, aside);
        (*writer)->setResolvedSpec(test::sampleRun().resolvedSpec);
        (*writer)->addStep(21, 2, 1, 1e-6, {{"CE", 1.0}});
        CHECK(!(*writer)->flush());
        const auto parked = readFile(spool, 1 << 20);
        fs::rename(aside, file);
        for (int64_t step = 22; step <= 25; ++step)
            (*writer)->addStep(step, 2, 1, 1e-6, {{"CE", 1.0}});
        CHECK_OK((*writer)->flush());
        CHECK(!fs::exists(spool));
        (*writer)->finish("stopped", "again", 2);
        CHECK_OK((*writer)->flush());
        if (!CHECK_OK(parked))
            return;
        CHECK_OK(writeFileAtomically(spool, *parked));
    }
    const auto project = Project::open(file, OpenMode::ReadWrite);
    if (!CHECK_OK(project))
        return;
    CHECK(!fs::exists(spool));
    checkContinued(*project, 25);
    CHECK_EQUAL(project->run(1)->message, "again");
}

void aRunThatCannotBeGivenBackIsFree()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    const fs::path spool = folder.path() / "p.db.files" / "run-1.spool";
    const fs::path aside = folder.path() / "moved.db";
    makeStoppedRun(file);
    {
        auto writer = RunWriter::resumeRun(file, 1, 20, 1);
        if (!CHECK_OK(writer))
            return;
        fs::rename(file, aside);
        (*writer)->finish("failed", "the data are others", 9);
        CHECK(!(*writer)->flush());
    }
    fs::rename(aside, file);
    CHECK(fs::exists(spool));
    {
        // Its row names this process, which lives; but nothing of it writes there any more.
        const auto reader = Project::open(file, OpenMode::ReadOnly);
        CHECK(reader && reader->run(1)->status == "interrupted");
    }
    const auto project = Project::open(file, OpenMode::ReadWrite);
    if (!CHECK_OK(project))
        return;
    CHECK(!fs::exists(spool));
    checkUntouched(*project);
    const auto again = RunWriter::resumeRun(file, 1, 20, 1);
    CHECK_OK(again);
    CHECK_EQUAL(project->run(1)->status, "running");
    const auto twice = RunWriter::resumeRun(file, 1, 20, 1);
    CHECK(!twice && twice.error().code == ErrorCode::Locked);
}

void anEndThatCannotBeWrittenIsKept()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    const fs::path aside = folder.path() / "moved.db";
    {
        auto writer = RunWriter::createRun(file, test::sampleRun());
        if (!CHECK_OK(writer))
            return;
        CHECK_OK((*writer)->flush());
        fs::rename(file, aside);
        (*writer)->addStep(1, 1, 1, 1e-6, {{"CE", 1.0}});
        (*writer)->finish("finished", "done", 3);
        CHECK(!(*writer)->flush());
    }
    fs::rename(aside, file);
    const auto project = Project::open(file, OpenMode::ReadWrite);
    if (!CHECK_OK(project))
        return;
    CHECK_EQUAL(project->run(1)->status, "finished");
    CHECK_EQUAL(project->run(1)->message, "done");
    CHECK_EQUAL(project->steps(1)->size(), size_t{1});
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 3)
        return runChild(argv[1], argv[2]);
    setLogSink([](LogLevel, std::string_view) {}); // the expected warnings
    RUN_CASE(aParkedCutIsMadeAfterAKill);
    RUN_CASE(aFailedCommitLosesNoCut);
    RUN_CASE(anOldSpoolCutsNothing);
    RUN_CASE(aRunThatCannotBeGivenBackIsFree);
    RUN_CASE(anEndThatCannotBeWrittenIsKept);
    return clwb::test::result();
}
