// SPDX-License-Identifier: GPL-3.0-or-later
// Run writer under threads: everything stored once, two writers on one file, a reader meanwhile.
#include "core/store/run_writer.h"
#include "core/store/sqlite.h"
#include "tests/plain/check.h"
#include "tests/plain/store_support.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>
#include <unistd.h>

using namespace clwb;
using clwb::test::TemporaryFolder;
using store::OpenMode;
using store::Project;
using store::RunWriter;

namespace
{

void writeRun(RunWriter& writer, int64_t steps)
{
    for (int64_t step = 1; step <= steps; ++step)
        writer.addStep(step, 1, 1, 1e-6, {{"CE", test::lossAt(step)}, {"total", 2.0}});
    writer.addEvaluation(test::sampleRecord(1), std::nullopt);
    writer.finish("finished", "", 1.5);
}

void storesWholeRun()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto writer = RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    const int64_t runId = (*writer)->runId();
    (*writer)->addEvaluation(test::sampleRecord(0), std::nullopt);
    (*writer)->addWarning("a class has no images");
    (*writer)->addStep(1, 1, 1, 0.5,
                       {{"CE", std::numeric_limits<double>::quiet_NaN()},
                        {"VR", std::numeric_limits<double>::infinity()},
                        {"total", -std::numeric_limits<double>::infinity()}},
                       StepTime{1700000000123, 45});
    (*writer)->addCheckpoint("checkpoint/step-1", 1, "aa");
    (*writer)->addEvaluation(test::sampleRecord(1), -2.5);
    CHECK_OK((*writer)->flush());
    CHECK(std::filesystem::is_directory((*writer)->folder()));
    auto project = Project::open(file, OpenMode::ReadOnly);
    if (!CHECK_OK(project))
        return;
    CHECK_EQUAL(project->run(runId)->status, "running");
    CHECK(project->run(runId)->ownerPlace == store::OwnerPlace::ThisProcess);
    CHECK_EQUAL(project->run(runId)->sessionNow, 1);
    CHECK(project->run(runId)->owner.find("(pid " + std::to_string(::getpid())) !=
          std::string::npos);
    (*writer)->finish("finished", "done", 12.5);
    CHECK_OK((*writer)->flush());

    const auto run = project->run(runId);
    if (!CHECK_OK(run))
        return;
    CHECK_EQUAL(run->status, "finished");
    CHECK_EQUAL(run->message, "done");
    CHECK_EQUAL(run->seconds.value_or(0), 12.5);
    CHECK_EQUAL(run->seed.value_or(0), 7);
    CHECK_EQUAL(run->method, "vr-lwf");
    CHECK_EQUAL(run->lastSession, 1);
    CHECK(run->owner.empty());
    CHECK_EQUAL(run->metrics.at("Bwt"), -2.5);
    CHECK_EQUAL(run->metrics.at("ZS-Acc"), 100.0 * 7 / 16);
    const auto steps = project->steps(runId);
    CHECK_EQUAL(steps->size(), size_t{3});
    for (const store::StepPoint& point : *steps)
        CHECK(point.time && point.time->beganMs == 1700000000123 && point.time->workMs == 45);
    CHECK_EQUAL(steps->at(0).valueKind, "nan");
    CHECK_EQUAL(steps->at(1).valueKind, "inf");
    CHECK_EQUAL(steps->at(2).valueKind, "-inf");
    CHECK(!steps->at(0).value.has_value());
    const auto accuracies = project->sessionAccuracies(runId);
    CHECK_EQUAL(accuracies->size(), size_t{4});
    CHECK_EQUAL(accuracies->at(3).hits, 1);
    CHECK_EQUAL(accuracies->at(3).total, 4);
    CHECK_EQUAL(project->warnings(runId)->size(), size_t{1});
    CHECK_EQUAL(project->checkpoints(runId)->at(0).sha256, "aa");
    CHECK_EQUAL(project->evaluations(runId)->size(), size_t{2});
    CHECK_EQUAL(project->findRun("sample").value_or(0), runId);
}

void twoWritersAndAReader()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto first = RunWriter::createRun(file, test::sampleRun("first"));
    auto second = RunWriter::createRun(file, test::sampleRun("second"));
    if (!CHECK_OK(first) || !CHECK_OK(second))
        return;
    constexpr int64_t kSteps = 1500;
    std::atomic<bool> done{false};
    std::thread reader([&] {
        auto project = Project::open(file, OpenMode::ReadOnly);
        if (!CHECK_OK(project))
            return;
        int64_t version = 0;
        while (!done.load()) {
            const auto now = project->dataVersion();
            CHECK(now && *now >= version);
            version = now.value_or(0);
            CHECK(project->runs().value_or(std::vector<store::RunRow>{}).size() == 2);
            // A transaction is seen whole: both losses of a step or none.
            CHECK_EQUAL(project->steps(1)->size() % 2, size_t{0});
        }
    });
    std::thread a([&] { writeRun(**first, kSteps); });
    std::thread b([&] { writeRun(**second, kSteps); });
    a.join();
    b.join();
    CHECK_OK((*first)->flush());
    CHECK_OK((*second)->flush());
    done = true;
    reader.join();
    auto project = Project::open(file, OpenMode::ReadOnly);
    for (const int64_t runId : {1, 2}) {
        const auto steps = project->steps(runId);
        CHECK_EQUAL(steps->size(), size_t{2 * kSteps});
        for (const store::StepPoint& point : *steps)
            CHECK(point.lossName != "CE" || point.value == test::lossAt(point.step));
        CHECK_EQUAL(project->run(runId)->status, "finished");
    }
}

void stepsArriveWithinTwoSeconds()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto writer = RunWriter::createRun(file, test::sampleRun());
    auto project = Project::open(file, OpenMode::ReadOnly);
    if (!CHECK_OK(writer) || !CHECK_OK(project))
        return;
    (*writer)->addStep(1, 1, 1, 1e-3, {{"CE", 1.0}});
    const auto start = std::chrono::steady_clock::now();
    while (project->steps(1)->empty() &&
           std::chrono::steady_clock::now() - start < std::chrono::seconds(20))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(!project->steps(1)->empty());
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(4)); // 1 s and slow disks
}

void unfinishedRunIsInterrupted()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    {
        auto writer = RunWriter::createRun(file, test::sampleRun());
        CHECK_OK(writer);
        const auto again = RunWriter::resumeRun(file, 1, 0, -1);
        CHECK(!again && again.error().code == ErrorCode::Locked);
    }
    auto project = Project::open(file, OpenMode::ReadWrite);
    CHECK_EQUAL(project->run(1)->status, "interrupted");
}

void resumeCutsBack()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    {
        auto writer = RunWriter::createRun(file, test::sampleRun());
        test::addThirtySteps(**writer);
        (*writer)->finish("stopped", "", 1);
    }
    auto writer = RunWriter::resumeRun(file, 1, 20, 1);
    if (!CHECK_OK(writer))
        return;
    auto project = Project::open(file, OpenMode::ReadOnly);
    (*writer)->addWarning("not begun yet");
    CHECK_OK((*writer)->flush());
    CHECK_EQUAL(project->steps(1)->back().step, 30);
    CHECK_EQUAL(project->warnings(1)->size(), size_t{0});
    (*writer)->setResolvedSpec(test::sampleRun().resolvedSpec);
    CHECK_OK((*writer)->flush());
    CHECK_EQUAL(project->warnings(1)->size(), size_t{1});
    CHECK_EQUAL(project->steps(1)->back().step, 20);
    CHECK_EQUAL(project->run(1)->lastSession, 1);
    CHECK_EQUAL(project->run(1)->status, "running");
    CHECK_EQUAL(project->evaluations(1)->size(), size_t{2});
    CHECK_EQUAL(project->sessionAccuracies(1)->size(), size_t{4});
    CHECK_EQUAL(project->checkpoints(1)->size(), size_t{1});
    (*writer)->finish("finished", "", 2);
    CHECK_OK((*writer)->flush());
    const auto again = RunWriter::resumeRun(file, 1, 20, 1);
    CHECK(!again && again.error().code == ErrorCode::Usage);
}

void resumeThatNeverBeginsChangesNothing()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    {
        auto writer = RunWriter::createRun(file, test::sampleRun());
        test::addThirtySteps(**writer);
        (*writer)->finish("stopped", "by hand", 1.5);
    }
    auto project = Project::open(file, OpenMode::ReadOnly);
    const auto before = project->run(1);
    if (!CHECK_OK(before))
        return;
    const auto checkSame = [&] {
        const auto run = project->run(1);
        if (!CHECK_OK(run))
            return;
        CHECK_EQUAL(run->status, "stopped");
        CHECK_EQUAL(run->message, "by hand");
        CHECK_EQUAL(run->finishedUtc, before->finishedUtc);
        CHECK_EQUAL(run->seconds.value_or(0), 1.5);
        CHECK_EQUAL(run->lastSession, 2);
        CHECK(run->owner.empty() && run->ownerPlace == store::OwnerPlace::None);
        CHECK_EQUAL(project->steps(1)->back().step, 30);
        CHECK_EQUAL(project->evaluations(1)->size(), size_t{3});
        CHECK_EQUAL(project->checkpoints(1)->size(), size_t{2});
        CHECK_EQUAL(project->warnings(1)->size(), size_t{0});
        CHECK_EQUAL(test::loadsInOrder(*project, 1), 0);
    };
    {
        auto writer = RunWriter::resumeRun(file, 1, 20, 1);
        if (!CHECK_OK(writer))
            return;
        // Meanwhile it is this program's: nobody may delete it or continue it, too.
        CHECK_EQUAL(project->run(1)->status, "running");
        const auto twice = RunWriter::resumeRun(file, 1, 20, 1);
        CHECK(!twice && twice.error().code == ErrorCode::Locked);
        (*writer)->addWarning("a class has no images");
        (*writer)->addLoad(LoadPoint{1, 50, 1 << 20});
        (*writer)->finish("failed", "the data are others", 9);
        CHECK_OK((*writer)->flush());
        checkSame();
    }
    CHECK_OK(RunWriter::resumeRun(file, 1, 20, 1)); // and let go of without a word
    checkSame();
}

void queuedRunsStartLater()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    const auto runId = store::enqueueRun(file, test::sampleRun());
    if (!CHECK_OK(runId))
        return;
    auto project = Project::open(file, OpenMode::ReadWrite);
    CHECK_EQUAL(project->run(*runId)->status, "queued");
    CHECK(project->markInterrupted()->empty()); // its owner, this process, lives
    auto writer = RunWriter::startQueued(file, *runId);
    CHECK_OK(writer);
    CHECK_EQUAL(project->run(*runId)->status, "running");
    const auto twice = RunWriter::startQueued(file, *runId);
    CHECK(!twice && twice.error().code == ErrorCode::Usage);
}

} // namespace

int main()
{
    RUN_CASE(storesWholeRun);
    RUN_CASE(twoWritersAndAReader);
    RUN_CASE(stepsArriveWithinTwoSeconds);
    RUN_CASE(unfinishedRunIsInterrupted);
    RUN_CASE(resumeCutsBack);
    RUN_CASE(resumeThatNeverBeginsChangesNothing);
    RUN_CASE(queuedRunsStartLater);
    return clwb::test::result();
}
