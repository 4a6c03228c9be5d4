// SPDX-License-Identifier: GPL-3.0-or-later
// The program as scripts start it: help, version, exit statuses, closed pipes, odd paths.
#include "tests/app/process.h"
#include "tests/plain/check.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace
{

using namespace clwb::test;

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

void saysItsVersion()
{
    const Outcome outcome = runClwb({"--version"});
    CHECK_EQUAL(outcome.status, 0);
    CHECK_EQUAL(outcome.out.rfind("clwb 0.", 0), 0U);
    CHECK(contains(outcome.out, "\ncommit "));
    CHECK(contains(outcome.out, "\nLibTorch 2."));
    CHECK_EQUAL(outcome.err, "");
}

// Names of the commands as `clwb --help` lists them.
std::vector<std::string> listedCommands()
{
    std::istringstream help(runClwb({"--help"}).out);
    std::vector<std::string> names;
    bool listing = false;
    for (std::string line; std::getline(help, line);) {
        if (line == "commands:")
            listing = true;
        else if (line.empty())
            listing = listing && names.empty();
        else if (listing)
            names.push_back(line.substr(2, line.find("  ", 2) - 2));
    }
    return names;
}

void everyCommandHasHelpWithAnExample()
{
    const std::vector<std::string> names = listedCommands();
    CHECK(names.size() >= 15);
    for (const std::string& name : names) {
        std::istringstream words(name);
        std::vector<std::string> arguments;
        for (std::string word; words >> word;)
            arguments.push_back(word);
        arguments.push_back("--help");
        const Outcome outcome = runClwb(arguments);
        CHECK_EQUAL(outcome.status, 0);
        CHECK_EQUAL(outcome.out.rfind("usage: clwb " + name, 0), 0U);
        CHECK(contains(outcome.out, "\nexample:\n"));
        CHECK(contains(outcome.out, "clwb " + name));
        CHECK_EQUAL(outcome.err, "");
    }
}

// What bash offers for these words, of which the last is being typed.
std::string completed(const std::vector<std::string>& words)
{
    std::string line = "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _clwb; "
                       "printf '%s\\n' \"${COMPREPLY[@]}\"";
    std::vector<std::string> all{"/bin/bash", "-c", line,
                                 CLWB_SOURCE_DIR "/packaging/desktop/clwb.bash", clwbProgram()};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = Process(all).wait();
    CHECK_EQUAL(outcome.err, "");
    return "\n" + outcome.out;
}

void bashCompletesEveryCommand()
{
    const std::string first = completed({""});
    for (const std::string& name : listedCommands()) {
        const size_t space = name.find(' ');
        CHECK(contains(first, "\n" + name.substr(0, space) + "\n"));
        if (space != std::string::npos)
            CHECK(contains(completed({name.substr(0, space), ""}),
                           "\n" + name.substr(space + 1) + "\n"));
    }
    CHECK_EQUAL(completed({"interp"}), "\ninterpolate\n");
    CHECK(contains(completed({"list", "--"}), "\n--origin\n"));
    CHECK_EQUAL(completed({"db", "check", "--hel"}), "\n--help\n");
    CHECK(contains(completed({"data", "make-demo", "--"}), "\n--help\n"));
}

void refusesWhatItDoesNotKnow()
{
    CHECK_EQUAL(runClwb({}).status, 2);
    const Outcome command = runClwb({"lst"});
    CHECK_EQUAL(command.status, 2);
    CHECK(contains(command.err, "did you mean list?"));
    const Outcome option = runClwb({"list", "--orign", "paper"});
    CHECK_EQUAL(option.status, 2);
    CHECK(contains(option.err, "did you mean --origin?"));
    CHECK_EQUAL(option.out, "");
    CHECK_EQUAL(runClwb({"data"}).status, 2);
    CHECK_EQUAL(runClwb({"data", "--help"}).status, 0);
}

void missingThingsHaveTheirStatus()
{
    const TemporaryFolder folder;
    Setup there;
    there.folder = folder.path();
    const Outcome list = runClwb({"list"}, there);
    CHECK_EQUAL(list.status, 2);
    CHECK(contains(list.err, "clwb.db"));
    CHECK(!std::filesystem::exists(folder.path() / "clwb.db"));
    CHECK_EQUAL(runClwb({"tokenize", "--model", "nowhere"}, there).status, 3);
    CHECK_EQUAL(runClwb({"tokenize"}, there).status, 2);
    CHECK_EQUAL(runClwb({"model", "inspect", "nowhere"}, there).status, 3);
    CHECK_EQUAL(runClwb({"run", "nowhere.json"}, there).status, 2);
    CHECK_EQUAL(runClwb({"db", "check", "nowhere.db"}, there).status, 2);
}

void readerThatWentAwayIsNoError()
{
    Setup setup;
    setup.closedOutput = true;
    CHECK_EQUAL(runClwb({"--help"}, setup).status, 0);
}

void worksWithoutHome()
{
    Setup setup;
    setup.environment = {{"HOME", ""}, {"XDG_CACHE_HOME", "relative"}};
    const Outcome outcome = runClwb({"--help"}, setup);
    CHECK_EQUAL(outcome.status, 0);
    CHECK_EQUAL(outcome.err, "");
}

/// OpenMP tells the settings it began with. A thread that spins takes the core of what it waits
/// for.
void computesWithoutSpinning()
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ::unsetenv("GOMP_SPINCOUNT");
    ::unsetenv("OMP_WAIT_POLICY");
    const std::map<std::string, std::string> tell{{"OMP_DISPLAY_ENV", "VERBOSE"}};
    const Outcome plain = runClwb({"--version"}, {.environment = tell});
    CHECK_EQUAL(plain.status, 0);
    if (plain.err.find("GOMP_SPINCOUNT") == std::string::npos) {
        std::puts("skipped: LibTorch does not use GNU's OpenMP here");
        return;
    }
    CHECK(plain.err.find("GOMP_SPINCOUNT = '1000'") != std::string::npos);
    // Who has chosen keeps the choice.
    auto chosen = tell;
    chosen["OMP_WAIT_POLICY"] = "ACTIVE";
    const Outcome active = runClwb({"--version"}, {.environment = chosen});
    CHECK(active.err.find("OMP_WAIT_POLICY = 'ACTIVE'") != std::string::npos);
    CHECK(active.err.find("GOMP_SPINCOUNT = '1000'") == std::string::npos);
#endif
}

} // namespace

int main()
{
    RUN_CASE(saysItsVersion);
    RUN_CASE(everyCommandHasHelpWithAnExample);
    RUN_CASE(bashCompletesEveryCommand);
    RUN_CASE(refusesWhatItDoesNotKnow);
    RUN_CASE(missingThingsHaveTheirStatus);
    RUN_CASE(readerThatWentAwayIsNoError);
    RUN_CASE(worksWithoutHome);
    RUN_CASE(computesWithoutSpinning);
    return result();
}
