// SPDX-License-Identifier: GPL-3.0-or-later
// Exit statuses that scripts act on: locked 4, damaged 5, out of memory 6, stopped 75, aborted 130.
#include "tests/app/tiny_run.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>

namespace
{

using namespace clwb;
using namespace clwb::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::filesystem::path folderOf(const std::string& name)
{
    return workplace().path() / (name + ".db.files") / "run-1";
}

/// A run that trains (for minutes if nobody stops it) into NAME.db.
std::unique_ptr<Process> startTraining(const std::string& name, Setup setup = {})
{
    std::vector<std::string> words{clwbProgram()};
    for (const std::string& word : TinyWorkplace::runWords(
             {"--set", "schedule.epochs=2000", "--db", name + ".db", "--progress", "none"}))
        words.push_back(word);
    setup.folder = workplace().path();
    auto process = std::make_unique<Process>(words, setup);
    const auto patience = Clock::now() + 60s;
    while (process->isRunning() && !std::filesystem::exists(folderOf(name) / "eval-0.json") &&
           Clock::now() < patience)
        std::this_thread::sleep_for(2ms);
    CHECK(process->isRunning());
    return process;
}

void stopSignalsEndWith75()
{
    for (const int signal : {SIGTERM, SIGUSR2}) {
        const std::string name = "stopped-" + std::to_string(signal);
        const auto process = startTraining(name);
        process->signal(signal);
        const Outcome outcome = process->wait();
        CHECK_EQUAL(outcome.status, 75);
        CHECK(contains(outcome.out, "\"status\":\"stopped\""));
        const Outcome listed = workplace().run({"list", "--db", name + ".db"});
        CHECK_EQUAL(listed.status, 0);
        CHECK(contains(listed.out, "stopped"));
    }
}

// The second Ctrl+C does not wait for the checkpoint. Where the run ends sooner, it has one.
void secondInterruptEndsAtOnce()
{
    bool hasAborted = false;
    for (int attempt = 0; attempt < 20 && !hasAborted; ++attempt) {
        const std::string name = "interrupt-" + std::to_string(attempt);
        const auto process = startTraining(name);
        process->signal(SIGINT);
        std::this_thread::sleep_for(attempt * 100us); // two that wait together would count once
        process->signal(SIGINT);
        const Outcome outcome = process->wait();
        CHECK(outcome.status == 130 || outcome.status == 75);
        hasAborted = outcome.status == 130;
        if (!hasAborted)
            continue;
        // As after kill -9: its owner is gone, so it may be taken up, and stopped properly.
        const Outcome again = workplace().run({"delete", "1", "--db", name + ".db"});
        CHECK_EQUAL(again.status, 0);
    }
    CHECK(hasAborted);
}

void whatAnotherProgramOwnsIsLocked()
{
    Setup shared; // as on a cluster's file system
    shared.environment = {{"CLWB_ASSUME_NETWORK", "1"}};
    const auto process = startTraining("owned", shared);
    const Outcome resumed = workplace().run({"resume", "1", "--db", "owned.db"});
    CHECK_EQUAL(resumed.status, 4);
    CHECK(contains(resumed.err, "stop it there first"));
    const Outcome removed = workplace().run({"delete", "1", "--db", "owned.db"});
    CHECK_EQUAL(removed.status, 4);
    shared.folder = workplace().path();
    const Outcome tagged = runClwb({"tag", "1", "a", "--db", "owned.db"}, shared);
    CHECK_EQUAL(tagged.status, 4);
    CHECK(contains(tagged.err, "owned.db.lease"));
    CHECK_EQUAL(tagged.out, "");
    process->signal(SIGTERM);
    CHECK_EQUAL(process->wait().status, 75);
    CHECK_EQUAL(runClwb({"tag", "1", "a", "--db", "owned.db"}, shared).status, 0);
}

void damagedProjectsAreCorrupt()
{
    const auto file = [](const char* name) { return workplace().path() / name; };
    std::ofstream(file("text.db")) << std::string(5000, 'x');
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"list", "--db", "text.db"},
          {"show", "1", "--db", "text.db"},
          {"db", "check", "text.db"},
          TinyWorkplace::runWords({"--db", "text.db"})}) {
        const Outcome outcome = workplace().run(words);
        CHECK_EQUAL(outcome.status, 5);
        CHECK(contains(outcome.err, "text.db"));
    }
    CHECK_EQUAL(readAll(file("text.db")), std::string(5000, 'x'));
    // Half a project, as a copy that was broken off leaves it.
    CHECK_EQUAL(workplace()
                    .run(TinyWorkplace::runWords(
                        {"--set", "schedule.epochs=1", "--db", "whole.db", "--progress", "none"}))
                    .status,
                0);
    const std::string whole = readAll(file("whole.db"));
    std::ofstream(file("half.db"), std::ios::binary) << whole.substr(0, whole.size() / 2);
    const Outcome half = workplace().run({"list", "--db", "half.db"});
    CHECK_EQUAL(half.status, 5);
    CHECK(contains(half.err, "half.db"));
}

// Data of 1.5 GB: enough for the program, too little for the activations of 100 000 sentences. The
// libraries' own text does not count (RLIMIT_DATA), so that it holds for every LibTorch. Stacks of
// threads do, and the loaders have one for each core: they are small, and come on top.
void tooLittleMemoryIsTold()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    std::cerr << "skipped: a sanitizer's own memory does not fit a limit" << std::endl;
#else
    constexpr unsigned kStackKb = 2048;
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    const std::string limits = "ulimit -s " + std::to_string(kStackKb) + " && ulimit -d " +
                               std::to_string(1500000 + 2 * cores * kStackKb) + " && exec \"$@\"";
    const auto limited = [&limits](const std::vector<std::string>& words) {
        std::vector<std::string> all{"/bin/sh", "-c", limits, "sh", clwbProgram()};
        all.insert(all.end(), words.begin(), words.end());
        Setup setup;
        setup.folder = workplace().path();
        setup.environment = {{"OMP_NUM_THREADS", "1"}, {"MALLOC_ARENA_MAX", "2"}};
        return Process(all, setup).wait();
    };
    const auto words = [](const char* db, const char* sentences) {
        return TinyWorkplace::runWords(
            {"--set", sentences, "--set", "schedule.epochs=1", "--db", db, "--progress", "none"});
    };
    CHECK_EQUAL(limited(words("enough.db", "params.Ks=16")).status, 0);
    const Outcome outcome = limited(words("memory.db", "params.Ks=100000"));
    CHECK_EQUAL(outcome.status, 6);
    CHECK(contains(outcome.err, "memory"));
    CHECK(contains(outcome.err, "schedule.batch_size")); // what to do
    // The run is there, with its reason, and holds nothing.
    const Outcome shown = workplace().run({"show", "1", "--json", "--db", "memory.db"});
    CHECK_EQUAL(shown.status, 0);
    CHECK(contains(shown.out, "\"status\": \"failed\""));
    CHECK(contains(shown.out, "memory"));
    CHECK_EQUAL(workplace().run({"delete", "1", "--db", "memory.db"}).status, 0);
#endif
}

} // namespace

int main()
{
    RUN_CASE(stopSignalsEndWith75);
    RUN_CASE(secondInterruptEndsAtOnce);
    RUN_CASE(whatAnotherProgramOwnsIsLocked);
    RUN_CASE(damagedProjectsAreCorrupt);
    RUN_CASE(tooLittleMemoryIsTold);
    return result();
}
