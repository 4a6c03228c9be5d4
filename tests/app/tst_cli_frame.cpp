// SPDX-License-Identifier: GPL-3.0-or-later
// Command line parsing, progress texts, and output to a terminal that does not read.
#include "app/cli/argument_parser.h"
#include "app/cli/console_writer.h"
#include "app/cli/progress_console.h"
#include "app/cli/progress_text.h"
#include "tests/plain/check.h"

#include <chrono>
#include <string>
#include <unistd.h>
#include <vector>

namespace
{

using namespace clwb;
using namespace clwb::cli;
using Words = std::vector<std::string>;

Command sampleCommand()
{
    return {1,
            "run",
            "Trains",
            {{"SPEC.json", false}},
            {{"--set", "KEY=VALUE", "a setting", true, {}},
             {"--dry-run", "", "only plan", false, {}},
             progressOption()},
            "",
            "clwb run spec.json",
            nullptr};
}

void readsOptionsAndPositionals()
{
    const auto parsed = ArgumentParser::parse(
        sampleCommand(), Words{"--set", "a=1", "spec.json", "--set=b=2", "--dry-run"});
    CHECK(parsed.has_value());
    CHECK(parsed->values("--set") == (Words{"a=1", "b=2"}));
    CHECK(parsed->has("--dry-run"));
    CHECK(parsed->positional(0) == "spec.json");
    CHECK(!parsed->positional(1));
    // After `--` everything is a name, also what begins with dashes.
    const auto ended = ArgumentParser::parse(sampleCommand(), Words{"--", "--dry-run"});
    CHECK(ended && !ended->has("--dry-run") && ended->positional(0) == "--dry-run");
}

void refuses(const Words& words, const std::string& expected)
{
    const auto parsed = ArgumentParser::parse(sampleCommand(), words);
    CHECK(!parsed);
    if (parsed)
        return;
    CHECK_EQUAL(static_cast<int>(parsed.error().code), 2);
    CHECK(parsed.error().message.find(expected) != std::string::npos);
}

void refusesWhatDoesNotFit()
{
    refuses({"--sett", "a=1"}, "did you mean --set?");
    refuses({"--dry-rnu"}, "did you mean --dry-run?");
    refuses({"--set"}, "--set needs a value");
    refuses({"--set", "--dry-run"}, "--set needs a value");
    refuses({"--dry-run=1"}, "takes no value");
    refuses({"--dry-run", "--dry-run"}, "given twice");
    refuses({"--progress", "loud"}, "expected one of auto, bar, plain, json, none, got loud");
    refuses({"one.json", "two.json"}, "unexpected argument: two.json");
    Command needing = sampleCommand();
    needing.positionals = {{"RUN"}};
    CHECK(!ArgumentParser::parse(needing, Words{}));
}

void findsCommands()
{
    Command first = sampleCommand();
    Command second = sampleCommand();
    second.name = "data check";
    const std::vector<Command> commands{first, second};
    CHECK_EQUAL(findCommand(commands, Words{"run", "x"})->words, 1U);
    CHECK_EQUAL(findCommand(commands, Words{"data", "check", "x"})->words, 2U);
    const auto nearly = findCommand(commands, Words{"data", "chekc"});
    CHECK(!nearly && nearly.error().message.find("did you mean data check?") != std::string::npos);
    const auto group = findCommand(commands, Words{"data"});
    CHECK(!group && group.error().hint.find("data check") != std::string::npos);
}

void writesDurations()
{
    CHECK_EQUAL(durationText(8.4), "8 s");
    CHECK_EQUAL(durationText(59.6), "1 min 00 s");
    CHECK_EQUAL(durationText(200), "3 min 20 s");
    CHECK_EQUAL(durationText(3840), "1 h 04 min");
    CHECK_EQUAL(durationText(-1), "0 s");
}

void marksTheFirstGuessOfTheTimeLeft()
{
    run::Progress progress;
    CHECK(jsonText(progress).find("roughly") == std::string::npos);
    progress.secondsLeft = 10.0;
    progress.isRoughly = true;
    CHECK(jsonText(progress).find("\"roughly\":true") != std::string::npos);
    progress.isRoughly = false;
    CHECK(jsonText(progress).find("seconds_left") != std::string::npos);
    CHECK(jsonText(progress).find("roughly") == std::string::npos);
}

void cutsBarsToTheTerminal()
{
    run::Progress progress;
    progress.phase = run::Progress::Phase::Training;
    progress.sessions = 8;
    progress.session = 3;
    progress.fraction = 0.5;
    for (int columns = 21; columns < 100; ++columns) {
        const std::string bar = barText(progress, columns);
        CHECK(bar.size() <= static_cast<size_t>(columns - 1));
        CHECK_EQUAL(bar.substr(0, 12), "[##########.");
    }
    CHECK(barText(progress, 200).find("session 3/8") != std::string::npos);
    CHECK(barText(progress, 200).ends_with("estimating …"));
}

void plainLinesAreRare()
{
    using Clock = PlainThrottle::Clock;
    PlainThrottle throttle;
    run::Progress progress;
    progress.session = 1;
    progress.epoch = 1;
    const Clock::time_point start = Clock::time_point{} + std::chrono::hours(1);
    CHECK(throttle.accepts(progress, start));
    CHECK(!throttle.accepts(progress, start + std::chrono::seconds(60))); // same epoch
    progress.epoch = 2;
    CHECK(throttle.accepts(progress, start + std::chrono::seconds(61)));
    progress.epoch = 3;
    CHECK(!throttle.accepts(progress, start + std::chrono::seconds(90))); // 29 s later
    CHECK(throttle.accepts(progress, start + std::chrono::seconds(91)));
}

// A full pipe is what a terminal stopped with Ctrl+S looks like to a writer.
void blockedTerminalBlocksNobody()
{
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const auto start = std::chrono::steady_clock::now();
    {
        ConsoleWriter writer(ends[1]);
        for (int i = 0; i < 20000; ++i)
            writer.addLine(std::string(100, 'x'));
        const auto adding = std::chrono::steady_clock::now() - start;
        CHECK(adding < std::chrono::seconds(1));
    }
    const auto all = std::chrono::steady_clock::now() - start;
    CHECK(all < std::chrono::seconds(4));
    ::close(ends[0]);
    ::close(ends[1]);
}

void everyLineArrivesInOrder()
{
    int ends[2];
    CHECK(::pipe(ends) == 0);
    {
        ConsoleWriter writer(ends[1]);
        writer.addLine("first");
        writer.addLine("second");
    }
    ::close(ends[1]);
    char buffer[64] = {};
    std::string text;
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<size_t>(got));
    ::close(ends[0]);
    CHECK_EQUAL(text, "first\nsecond\n");
}

} // namespace

int main()
{
    RUN_CASE(readsOptionsAndPositionals);
    RUN_CASE(refusesWhatDoesNotFit);
    RUN_CASE(findsCommands);
    RUN_CASE(writesDurations);
    RUN_CASE(marksTheFirstGuessOfTheTimeLeft);
    RUN_CASE(cutsBarsToTheTerminal);
    RUN_CASE(plainLinesAreRare);
    RUN_CASE(blockedTerminalBlocksNobody);
    RUN_CASE(everyLineArrivesInOrder);
    return clwb::test::result();
}
