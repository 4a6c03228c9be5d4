// SPDX-License-Identifier: GPL-3.0-or-later
// clwb sweep: every trial once, continued after kills and signals, failures on their own, reuse.
#include "tests/app/sweep_place.h"

#include <csignal>
#include <set>
#include <thread>

namespace
{

using namespace clwb;
using namespace clwb::test;
namespace fs = std::filesystem;

const SweepPlace& place()
{
    static const SweepPlace made;
    return made;
}

std::vector<std::string> sweepWords(const std::string& file, std::vector<std::string> more = {})
{
    std::vector<std::string> words{"sweep", file};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

Json gridSweep()
{
    return Json{{"schema", 1},
                {"base", SweepPlace::base()},
                {"mode", "grid"},
                {"grid", {{"option", {"WM", "TO"}}, {"seed", {0, 1}}}}};
}

// The four runs that others are compared with.
const std::vector<Json>& reference()
{
    static const std::vector<Json> lines = [] {
        Json sweep = gridSweep();
        sweep["base"]["method"] = "ft";
        place().write("grid.json", sweep);
        const Outcome outcome = place().run(sweepWords("grid.json"));
        CHECK_EQUAL(outcome.status, 0);
        const std::string first = outcome.err.substr(0, outcome.err.find('\n'));
        CHECK(contains(outcome.err, "grid: 4 runs, 0 done, 4 to run, about "));
        return linesOf(outcome.out);
    }();
    return lines;
}

void expectReference(const std::vector<Json>& lines)
{
    CHECK_EQUAL(lines.size(), reference().size());
    for (size_t i = 0; i < std::min(lines.size(), reference().size()); ++i) {
        CHECK(weightsOf(lines[i]) == weightsOf(reference()[i]));
        CHECK_EQUAL(lines[i]["steps"].get<int>(), 12);
    }
}

void runsEveryTrialOnce()
{
    const std::vector<Json>& lines = reference();
    CHECK_EQUAL(lines.size(), 4U);
    std::set<std::string> weights;
    for (size_t i = 0; i < lines.size(); ++i) {
        CHECK_EQUAL(lines[i]["trial"].get<size_t>(), i + 1);
        CHECK_EQUAL(lines[i]["run_id"].get<size_t>(), i + 1);
        CHECK_EQUAL(lines[i]["status"].get<std::string>(), "finished");
        weights.insert(weightsOf(lines[i]));
    }
    CHECK_EQUAL(weights.size(), 4U);
    const auto rows = place().runs();
    CHECK_EQUAL(rows.at(1).name, "FT-WM seed=1");
    CHECK_EQUAL(rows.at(2).option, "TO");
    const auto sweeps = store::sweeps(place().project());
    if (!CHECK_OK(sweeps) || sweeps->empty())
        return;
    CHECK_EQUAL(sweeps->front().name, "grid");
    CHECK_EQUAL(sweeps->front().done, 4);
}

void sameCommandRepeatsNothing()
{
    const Outcome again = place().run(sweepWords("grid.json"));
    CHECK_EQUAL(again.status, 0);
    CHECK(contains(again.err, "4 runs, 4 done, 0 to run"));
    expectReference(linesOf(again.out));
    CHECK_EQUAL(place().runs().size(), 4U);
    CHECK_EQUAL(store::sweeps(place().project())->size(), 1U);
}

void equalConfigurationsAreReusedUnlessAgain()
{
    Json other = gridSweep();
    other["base"]["method"] = "ft";
    other["grid"] = Json{{"seed", {1, 2}}};
    place().write("other.json", other);
    const auto lines = linesOf(place().run(sweepWords("other.json", {"--progress", "none"})).out);
    CHECK_EQUAL(lines.size(), 2U);
    CHECK_EQUAL(lines.at(0)["run_id"].get<int>(), 2); // WM, seed 1 of the first sweep
    CHECK(lines.at(0).value("reused", false));
    CHECK_EQUAL(lines.at(1)["run_id"].get<int>(), 5);
    const Outcome anew = place().run(sweepWords("other.json", {"--again", "--progress", "none"}));
    const auto fresh = linesOf(anew.out);
    CHECK_EQUAL(fresh.at(0)["run_id"].get<int>(), 6);
    CHECK_EQUAL(fresh.at(1)["run_id"].get<int>(), 7);
    CHECK(weightsOf(fresh.at(0)) == weightsOf(lines.at(0)));
    // The new pass is the one that goes on.
    const auto kept = linesOf(place().run(sweepWords("other.json", {"--progress", "none"})).out);
    CHECK_EQUAL(kept.at(1)["run_id"].get<int>(), 7);
    CHECK_EQUAL(place().runs().size(), 7U);
}

void aFailureIsAloneWithIt()
{
    // 15 tokens with start and end do not fit the model's 16 positions: known once it is loaded.
    Json sweep{{"base", SweepPlace::base()},
               {"mode", "list"},
               {"list",
                {{{"method", "ft"}},
                 {{"method", "vr-lwf"}, {"params.M", 15}, {"params.Ks", 4}},
                 {{"method", "ft"}, {"option", "IO"}}}}};
    place().write("failing.json", sweep);
    const auto words = sweepWords("failing.json", {"--db", "failing.db", "--progress", "plain"});
    const Outcome outcome = place().run(words);
    CHECK_EQUAL(outcome.status, 1);
    CHECK(contains(outcome.err, "1 run failed:"));
    CHECK(contains(outcome.err, "trial 2 (run 2)"));
    const auto lines = linesOf(outcome.out);
    CHECK_EQUAL(lines.at(1)["status"].get<std::string>(), "failed");
    CHECK_EQUAL(lines.at(2)["status"].get<std::string>(), "finished");
    const Outcome left = place().run(words);
    CHECK_EQUAL(left.status, 1);
    CHECK(contains(left.err, "3 runs, 2 done, 1 failed"));
    CHECK(contains(left.err, "--retry-failed"));
    CHECK_EQUAL(place().runs("failing.db").size(), 3U);
    // Where it shall stop, the third trial is not begun.
    sweep["on_failure"] = "stop";
    place().write("stopping.json", sweep);
    const Outcome stopped =
        place().run(sweepWords("stopping.json", {"--db", "stop.db", "--progress", "none"}));
    CHECK_EQUAL(stopped.status, 1);
    CHECK_EQUAL(linesOf(stopped.out).size(), 2U);
    CHECK(store::trialsOf(place().project("stop.db"), 1)->at(2).state ==
          store::TrialState::Pending);
}

void retriesWhatFailed()
{
    fs::copy(place().path() / "study", place().path() / "second", fs::copy_options::recursive);
    const fs::path picture = place().path() / "second" / "zs" / "pink_square" / "picture_0.bmp";
    fs::rename(picture, place().path() / "kept.bmp");
    place().write(
        "retry.json",
        Json{{"base", SweepPlace::base()},
             {"mode", "list"},
             {"list", {{{"method", "ft"}}, {{"method", "ft"}, {"study", "second/study.json"}}}}});
    const auto words = sweepWords("retry.json", {"--db", "retry.db", "--progress", "none"});
    CHECK_EQUAL(place().run(words).status, 1);
    fs::rename(place().path() / "kept.bmp", picture);
    CHECK_EQUAL(place().run(words).status, 1);
    auto retry = words;
    retry.emplace_back("--retry-failed");
    const Outcome outcome = place().run(retry);
    CHECK_EQUAL(outcome.status, 0);
    CHECK_EQUAL(linesOf(outcome.out).at(1)["status"].get<std::string>(), "finished");
    CHECK_EQUAL(place().runs("retry.db").size(), 2U);
}

// Lets a sweep work until a run has begun, disturbs it, and gives the same command until it is
// done.
void disturbed(const std::string& name, int signal, int run, int expected)
{
    reference();
    const std::string database = name + ".db";
    auto words = sweepWords("grid.json", {"--db", database, "--progress", "none"});
    words.insert(words.begin(), clwbProgram());
    Process process(words, place().setup());
    const fs::path sign =
        place().path() / (database + ".files") / ("run-" + std::to_string(run)) / "checkpoint";
    while (process.isRunning() && !fs::exists(sign))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process.signal(signal);
    CHECK_EQUAL(process.wait().status, expected);
    words.erase(words.begin());
    const Outcome rest = place().run(words);
    CHECK_EQUAL(rest.status, 0);
    expectReference(linesOf(rest.out));
    CHECK_EQUAL(place().runs(database).size(), 4U);
}

void killedSweepsGoOn()
{
    disturbed("killed-1", SIGKILL, 1, 128 + SIGKILL);
    disturbed("killed-3", SIGKILL, 3, 128 + SIGKILL);
}

void signalsStopAfterTheBatch()
{
    disturbed("terminated", SIGTERM, 2, 75);
    disturbed("interrupted", SIGINT, 1, 75);
}

void dryRunsWriteNothing()
{
    place().write("random.json", Json{{"base", SweepPlace::base()},
                                      {"mode", "random"},
                                      {"random",
                                       {{"trials", 3},
                                        {"space",
                                         {{"schedule.lr", {{"log_uniform", {1e-4, 1e-2}}}},
                                          {"method", {{"choice", {"ft"}}}}}}}}});
    const auto words = sweepWords("random.json", {"--dry-run", "--db", "none.db"});
    const Outcome first = place().run(words);
    CHECK_EQUAL(first.status, 0);
    CHECK(!fs::exists(place().path() / "none.db"));
    const auto plan = parseJson(first.out, "plan");
    const auto again = parseJson(place().run(words).out, "plan");
    if (!CHECK_OK(plan) || !CHECK_OK(again))
        return;
    CHECK((*plan)["trials"] == (*again)["trials"]);
    CHECK_EQUAL((*plan)["trials"].size(), 3U);
    CHECK_EQUAL((*plan)["trials"][2]["action"].get<std::string>(), "start");
    CHECK((*plan)["estimate"]["seconds"].get<double>() > 0);
}

void chosenTrialsInAFolder()
{
    reference();
    auto words = sweepWords("grid.json", {"--db", "chosen.db", "--out", "chosen", "--trials", "2,4",
                                          "--progress", "json"});
    const Outcome outcome = place().run(words);
    CHECK_EQUAL(outcome.status, 0);
    linesOf(outcome.err); // JSON lines, all of them
    const auto lines = linesOf(outcome.out);
    CHECK_EQUAL(lines.size(), 2U);
    CHECK(weightsOf(lines.at(0)) == weightsOf(reference().at(1)));
    CHECK(fs::exists(place().path() / "chosen" / "trial-4" / "model"));
    words[3] = "elsewhere.db";
    const Outcome taken = place().run(words);
    CHECK_EQUAL(taken.status, 2);
    CHECK(contains(taken.err, "trial 2"));
    words[7] = "5";
    CHECK_EQUAL(place().run(words).status, 2);
}

void wrongSweepsStartNothing()
{
    Json sweep = gridSweep();
    sweep["grid"] = Json{{"method", {"ft", "geodl"}}, {"schedule.micro_batch", {0, 2}}};
    place().write("wrong.json", sweep);
    const Outcome wrong = place().run(sweepWords("wrong.json", {"--db", "wrong.db"}));
    CHECK_EQUAL(wrong.status, 2);
    CHECK(contains(wrong.err, "trial 4 (method=geodl, schedule.micro_batch=2)"));
    sweep["grid"] = Json{{"method", {"ft"}}, {"model", {"model", "nowhere"}}};
    place().write("wrong.json", sweep);
    const Outcome missing = place().run(sweepWords("wrong.json", {"--db", "wrong.db"}));
    CHECK_EQUAL(missing.status, 3);
    CHECK(contains(missing.err, "trial 2"));
    CHECK_EQUAL(place().run(sweepWords("absent.json")).status, 2);
    CHECK(!fs::exists(place().path() / "wrong.db"));
}

} // namespace

int main()
{
    RUN_CASE(runsEveryTrialOnce);
    RUN_CASE(sameCommandRepeatsNothing);
    RUN_CASE(equalConfigurationsAreReusedUnlessAgain);
    RUN_CASE(aFailureIsAloneWithIt);
    RUN_CASE(retriesWhatFailed);
    RUN_CASE(killedSweepsGoOn);
    RUN_CASE(signalsStopAfterTheBatch);
    RUN_CASE(dryRunsWriteNothing);
    RUN_CASE(chosenTrialsInAFolder);
    RUN_CASE(wrongSweepsStartNothing);
    return result();
}
