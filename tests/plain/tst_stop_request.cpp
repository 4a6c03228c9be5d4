// SPDX-License-Identifier: GPL-3.0-or-later
// One program asks another to end a run: what the file says, what is not read, and who listens.
#include "core/run/stop_watch.h"
#include "core/store/project.h"
#include "core/store/run_lock.h"
#include "core/store/stop_request.h"
#include "tests/plain/check.h"
#include "tests/plain/store_support.h"

#include <chrono>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace clwb;
using clwb::test::TemporaryFolder;

namespace fs = std::filesystem;

namespace
{

void write(const fs::path& file, const std::string& text)
{
    std::ofstream(file, std::ios::binary) << text;
}

void everyWordIsRead()
{
    const TemporaryFolder folder;
    const std::pair<const char*, StopPoint> words[] = {{"now", StopPoint::Now},
                                                       {"batch\n", StopPoint::Batch},
                                                       {"epoch\r\n", StopPoint::Epoch},
                                                       {"session", StopPoint::Session}};
    for (const auto& [word, point] : words) {
        write(folder.path() / "stop-request", word);
        const auto asked = store::stopRequest(folder.path());
        CHECK(asked && *asked == point);
    }
    store::dropStopRequest(folder.path());
    CHECK(fs::is_empty(folder.path()));
    CHECK(!store::stopRequest(folder.path()));
    CHECK(!store::stopRequest(folder.path() / "none"));
}

void nothingElseIsRead()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "stop-request";
    for (const std::string& text :
         {std::string(), std::string("\n"), std::string("stop"), std::string("Batch"),
          std::string("batch now"), "batch" + std::string(100, ' ')}) {
        write(file, text);
        CHECK(!store::stopRequest(folder.path()));
    }
    fs::remove(file);
    write(folder.path() / "words", "batch");
    fs::create_symlink(folder.path() / "words", file);
    CHECK(!store::stopRequest(folder.path()));
    store::dropStopRequest(folder.path());
    CHECK(!fs::is_symlink(file) && fs::exists(folder.path() / "words"));
    CHECK_EQUAL(::mkfifo(file.c_str(), 0600), 0);
    CHECK(!store::stopRequest(folder.path())); // and does not wait for a writer
    fs::remove(file);
    fs::create_directory(file);
    CHECK(!store::stopRequest(folder.path()));
    store::dropStopRequest(folder.path());
    CHECK(fs::is_directory(file));
}

void onlyARunInTrainingIsAsked()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    auto writer = store::RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    const fs::path run = (*writer)->folder();
    const auto project = store::Project::open(file, store::OpenMode::ReadOnly);
    if (!CHECK_OK(project))
        return;
    CHECK_OK(store::askToStop(*project, 1, StopPoint::Session));
    CHECK(store::stopRequest(run) == StopPoint::Session);
    CHECK_OK(store::askToStop(*project, 1, StopPoint::Batch)); // the last one holds
    CHECK(store::stopRequest(run) == StopPoint::Batch);
    CHECK(store::holdsNoRun(run)); // a run that is asked before it has written anything begins
    store::dropStopRequest(run);
    (*writer)->finish("stopped", "", 1);
    CHECK_OK((*writer)->flush());
    const auto late = store::askToStop(*project, 1, StopPoint::Batch);
    CHECK(!late && late.error().code == ErrorCode::Usage);
    CHECK(!fs::exists(run / "stop-request"));
    const auto unknown = store::askToStop(*project, 7, StopPoint::Batch);
    CHECK(!unknown && unknown.error().code == ErrorCode::Usage);
}

bool comesTo(const StopToken& token, StopPoint point)
{
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!token.stopRequestedAt(point) && std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return token.stopRequestedAt(point);
}

void theWatchPassesOnAndLeavesNothing()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "stop-request";
    write(file, "session"); // asked before it listened
    {
        const run::StopRequestWatch watch(folder.path(), std::chrono::milliseconds(2));
        CHECK(comesTo(watch.token(), StopPoint::Session));
        CHECK(!watch.token().stopRequestedAt(StopPoint::Epoch));
        write(file, "epoch");
        CHECK(comesTo(watch.token(), StopPoint::Epoch));
        CHECK(!watch.token().stopRequestedAt(StopPoint::Batch));
        write(file, "batch");
        CHECK(comesTo(watch.token(), StopPoint::Batch));
        CHECK(!watch.token().stopRequestedAt(StopPoint::Now));
    }
    CHECK(fs::is_empty(folder.path()));
}

/// From the moment that the project says of a run that it is in training, a request is for it.
void aRequestIsForTheRunThatIsInTraining()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "p.db";
    const auto asks = [&file](const store::RunWriter& writer) {
        CHECK(!store::stopRequest(writer.folder())); // that of an earlier run is gone
        const auto project = store::Project::open(file, store::OpenMode::ReadOnly);
        if (!CHECK_OK(project))
            return;
        CHECK_EQUAL(project->run(writer.runId())->status, "running");
        CHECK_OK(store::askToStop(*project, writer.runId(), StopPoint::Batch));
        const run::StopRequestWatch watch(writer.folder(), std::chrono::milliseconds(2));
        CHECK(comesTo(watch.token(), StopPoint::Batch));
    };
    store::NewRun run = test::sampleRun();
    run.folder = folder.path() / "named";
    fs::create_directory(run.folder);
    write(run.folder / "stop-request", "now");
    {
        const auto created = store::RunWriter::createRun(file, run);
        if (!CHECK_OK(created))
            return;
        asks(**created);
        write(run.folder / "stop-request", "now");
    }
    {
        const auto resumed = store::RunWriter::resumeRun(file, 1, 0, -1);
        if (CHECK_OK(resumed))
            asks(**resumed);
    }
    const auto queued = store::enqueueRun(file, test::sampleRun("queued"));
    for (const char* name : {"run-2", "run-3"}) { // also where the run's number names the folder
        fs::create_directories(folder.path() / "p.db.files" / name);
        write(folder.path() / "p.db.files" / name / "stop-request", "now");
    }
    const auto started = store::RunWriter::startQueued(file, queued.value_or(0));
    const auto unnamed = store::RunWriter::createRun(file, test::sampleRun("unnamed"));
    if (!CHECK_OK(started) || !CHECK_OK(unnamed))
        return;
    CHECK_EQUAL((*started)->folder().filename().string(), "run-2");
    CHECK_EQUAL((*unnamed)->folder().filename().string(), "run-3");
    asks(**started);
    asks(**unnamed);
}

void onlyARequestIsNoRun()
{
    const std::pair<const char*, bool> names[] = {{"run.lock", true},
                                                  {"stop-request", true},
                                                  {"stop-request.tmp-12-0", true},
                                                  {"stop-requests.csv", false},
                                                  {"stop-request-notes", false},
                                                  {"stop-request.tmp-12", false},
                                                  {"stop-request.tmp-12-x", false},
                                                  {"other.tmp-12-0", false}};
    for (const auto& [name, isFree] : names) {
        const TemporaryFolder folder;
        write(folder.path() / name, "");
        CHECK_EQUAL(store::holdsNoRun(folder.path()), isFree);
    }
}

void tokensAreJoined()
{
    const StopSource own;
    const StopSource other;
    const StopToken both = own.token().with(other.token());
    CHECK(!both.stopRequestedAt(StopPoint::Session));
    other.requestStop(StopPoint::Session);
    CHECK(both.stopRequestedAt(StopPoint::Session) && !both.stopRequested());
    own.requestStop(StopPoint::Batch); // the nearer one holds, whoever asks
    CHECK(both.stopRequested() && !both.stopRequestedAt(StopPoint::Now));
    CHECK(!StopToken().with(StopToken()).stopRequestedAt(StopPoint::Session));
    CHECK(StopToken().with(own.token()).stopRequested());
}

} // namespace

int main()
{
    RUN_CASE(everyWordIsRead);
    RUN_CASE(nothingElseIsRead);
    RUN_CASE(onlyARunInTrainingIsAsked);
    RUN_CASE(theWatchPassesOnAndLeavesNothing);
    RUN_CASE(aRequestIsForTheRunThatIsInTraining);
    RUN_CASE(onlyARequestIsNoRun);
    RUN_CASE(tokensAreJoined);
    return clwb::test::result();
}
