// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are stopped, killed or unheard end as a run that nobody disturbed: byte for byte.
// usage: tst_cli_resume [KILLS], default 4; 20 is the acceptance.
#include "core/base/random_stream.h"
#include "tests/app/tiny_run.h"

#include <csignal>
#include <cstdlib>
#include <thread>

namespace
{

using namespace clwb;
using namespace clwb::test;
using Clock = std::chrono::steady_clock;

int kills = 4;

struct Reference
{
    std::string weights;
    std::string trace;
    double seconds = 0;
};

std::string weightsOf(const TinyWorkplace& place, const std::string& name)
{
    return readAll(place.path() / (name + ".db.files") / "run-1" / "model" / "model.safetensors");
}

std::vector<std::string> wordsFor(const std::string& name, std::vector<std::string> words)
{
    words.insert(words.end(),
                 {"--db", name + ".db", "--trace", name + ".jsonl", "--progress", "none"});
    return words;
}

const Reference& reference()
{
    static const Reference made = [] {
        Reference result;
        const auto start = Clock::now();
        CHECK_EQUAL(workplace().run(wordsFor("reference", TinyWorkplace::runWords())).status, 0);
        result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        result.weights = weightsOf(workplace(), "reference");
        result.trace = readAll(workplace().path() / "reference.jsonl");
        CHECK(result.weights.size() > 1000);
        return result;
    }();
    return made;
}

// Starts the program, lets it live for a while, and sends it a signal.
// @param sign file whose appearance starts the time; empty: the start of the program does
Outcome disturb(const std::vector<std::string>& words, double seconds, int signal,
                const std::filesystem::path& sign = {})
{
    std::vector<std::string> all{clwbProgram()};
    all.insert(all.end(), words.begin(), words.end());
    Setup setup;
    setup.folder = workplace().path();
    Process process(all, setup);
    const auto patience = Clock::now() + std::chrono::seconds(60);
    while (!sign.empty() && !std::filesystem::exists(sign) && process.isRunning() &&
           Clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    if (process.isRunning())
        process.signal(signal);
    return process.wait();
}

// Continues until the run is finished; a run killed before it was recorded begins anew.
void finish(const std::string& name)
{
    for (int attempt = 0; attempt < 3; ++attempt) {
        const Outcome outcome = workplace().run(wordsFor(name, {"resume", "1"}));
        if (outcome.status == 0 || outcome.err.find("is finished") != std::string::npos)
            return;
        if (outcome.err.find("does not exist") != std::string::npos ||
            outcome.err.find("there is no run") != std::string::npos) {
            CHECK_EQUAL(workplace().run(wordsFor(name, TinyWorkplace::runWords())).status, 0);
            return;
        }
        std::cerr << outcome.err << std::endl;
    }
    CHECK(false);
}

void expectReference(const std::string& name)
{
    CHECK(weightsOf(workplace(), name) == reference().weights);
    CHECK(readAll(workplace().path() / (name + ".jsonl")) == reference().trace);
}

void killedRunsEndTheSame()
{
    RandomStream moments = RandomStream::named(1, "kill");
    for (int i = 0; i < kills; ++i) {
        const std::string name = "killed-" + std::to_string(i);
        disturb(wordsFor(name, TinyWorkplace::runWords()), moments.uniform() * reference().seconds,
                SIGKILL);
        disturb(wordsFor(name, {"resume", "1"}), moments.uniform() * reference().seconds, SIGKILL);
        finish(name);
        expectReference(name);
    }
}

void stopSignalsLeaveACheckpoint()
{
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
        const std::string name = "signal-" + std::to_string(signal);
        const Outcome outcome = disturb(wordsFor(name, TinyWorkplace::runWords()), 0.02, signal,
                                        workplace().path() / (name + ".jsonl"));
        CHECK(outcome.status == 75 || outcome.status == 0);
        if (outcome.status == 75)
            CHECK(outcome.out.find("\"status\":\"stopped\"") != std::string::npos);
        finish(name);
        expectReference(name);
    }
}

// A session that was announced but not begun is announced once, however often the run stops there.
void stopBeforeTheFirstStepLeavesNoLineTwice()
{
    const std::string name = "early";
    std::vector<std::string> words{clwbProgram()};
    for (const std::string& word : wordsFor(name, TinyWorkplace::runWords()))
        words.push_back(word);
    Setup setup;
    setup.folder = workplace().path();
    Process process(words, setup);
    const auto trace = workplace().path() / (name + ".jsonl");
    while (process.isRunning() && !std::filesystem::exists(trace))
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (process.isRunning())
        process.signal(SIGTERM);
    CHECK_EQUAL(process.wait().status, 75);
    finish(name);
    expectReference(name);
}

// Lines of the steps in between are missing for ever: what is in the file stays as it is.
void traceWithAGapIsNotTouched()
{
    std::vector<std::string> words = TinyWorkplace::runWords({"--db", "gap.db"});
    const Outcome stopped =
        disturb(words, 0, SIGTERM, workplace().path() / "gap.db.files" / "run-1" / "eval-0.json");
    CHECK_EQUAL(stopped.status, 75);
    const Outcome unfinished = workplace().run({"eval", "1", "--db", "gap.db"});
    CHECK_EQUAL(unfinished.status, 2);
    CHECK(unfinished.err.find("kept no model at its end") != std::string::npos);
    std::filesystem::copy_file(workplace().path() / "reference.jsonl",
                               workplace().path() / "gap.jsonl");
    const Outcome refused = workplace().run(wordsFor("gap", {"resume", "1"}));
    CHECK_EQUAL(refused.status, 2);
    CHECK(readAll(workplace().path() / "gap.jsonl") == reference().trace);
    CHECK_EQUAL(workplace().run({"resume", "1", "--db", "gap.db"}).status, 0);
    CHECK(weightsOf(workplace(), "gap") == reference().weights);
}

// What it had reached would be deleted with the first step.
void aRunWithoutItsFolderDoesNotBeginAgain()
{
    const auto folder = workplace().path() / "moved.db.files" / "run-1";
    const auto away = workplace().path() / "away";
    CHECK_EQUAL(
        disturb(TinyWorkplace::runWords({"--db", "moved.db"}), 0, SIGTERM, folder / "eval-0.json")
            .status,
        75);
    std::filesystem::rename(folder, away);
    const Outcome refused = workplace().run({"resume", "1", "--db", "moved.db"});
    CHECK_EQUAL(refused.status, 3);
    CHECK(refused.err.find(folder.string()) != std::string::npos);
    CHECK(refused.err.find("put the folder back") != std::string::npos);
    CHECK(!std::filesystem::exists(folder));
    std::filesystem::rename(away, folder);
    CHECK_EQUAL(workplace().run({"resume", "1", "--db", "moved.db"}).status, 0);
    CHECK(weightsOf(workplace(), "moved") == reference().weights);
    CHECK(!std::filesystem::exists(folder / "run.lock"));
}

void nobodyListeningIsNoReasonToStop()
{
    Setup setup;
    setup.folder = workplace().path();
    setup.closedOutput = true;
    const Outcome outcome = runClwb(wordsFor("deaf", TinyWorkplace::runWords()), setup);
    CHECK_EQUAL(outcome.status, 0);
    expectReference("deaf");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 1)
        kills = std::atoi(argv[1]);
    RUN_CASE(killedRunsEndTheSame);
    RUN_CASE(stopSignalsLeaveACheckpoint);
    RUN_CASE(stopBeforeTheFirstStepLeavesNoLineTwice);
    RUN_CASE(traceWithAGapIsNotTouched);
    RUN_CASE(aRunWithoutItsFolderDoesNotBeginAgain);
    RUN_CASE(nobodyListeningIsNoReasonToStop);
    return result();
}
