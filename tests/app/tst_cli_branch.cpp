// SPDX-License-Identifier: GPL-3.0-or-later
// `clwb branch` through the real program: a branch without changes ends with the source's bytes;
// what changed settings mean; what is refused; and a branch that is killed.
#include "core/base/json.h"
#include "core/base/random_stream.h"
#include "core/weights/model_files.h"
#include "tests/app/tiny_run.h"

#include <csignal>
#include <set>
#include <thread>

namespace
{

using namespace clwb;
using namespace clwb::test;
namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

Words withSets(Words words, const Words& sets)
{
    for (const std::string& set : sets)
        words.insert(words.end(), {"--set", set});
    return words;
}

/// Files of a project of its own, with traces t-<run>.jsonl; two sessions of 6 steps.
struct Place
{
    std::string name;

    [[nodiscard]] Words words(Words first, int run) const
    {
        const std::string trace = name + "-" + std::to_string(run) + ".jsonl";
        first.insert(first.end(), {"--db", name + ".db", "--trace", trace, "--progress", "none"});
        return first;
    }
    [[nodiscard]] Outcome run(const Words& sets) const
    {
        Words all{"study=study/study.json", "model=model",           "schedule.epochs=2",
                  "schedule.batch_size=4",  "schedule.lr=1e-3",      "threads=1",
                  "checkpoints=all",        "evaluate.what=[\"ut\"]"};
        all.insert(all.end(), sets.begin(), sets.end());
        return workplace().run(words(withSets({"run"}, all), 1));
    }
    [[nodiscard]] Outcome branch(const std::string& session, const Words& sets, int run = 2) const
    {
        return workplace().run(
            words(withSets({"branch", "1", "--from-session", session}, sets), run));
    }
    [[nodiscard]] fs::path folder(int run) const
    {
        return workplace().path() / (name + ".db.files") / ("run-" + std::to_string(run));
    }
    [[nodiscard]] std::string file(int run, const std::string& path) const
    {
        return readAll(folder(run) / path);
    }
    /// Lines of the steps after the first session.
    [[nodiscard]] Words laterSteps(int run) const
    {
        std::istringstream lines(
            readAll(workplace().path() / (name + "-" + std::to_string(run) + ".jsonl")));
        Words found;
        for (std::string line; std::getline(lines, line);) {
            if (contains(line, "\"type\":\"step\",\"session\":2"))
                found.push_back(line);
        }
        return found;
    }
};

weights::TensorMap tensorsIn(const fs::path& model)
{
    const auto files = weights::readModel(model);
    return CHECK_OK(files) ? files->tensors : weights::TensorMap();
}

// Every kind of state that a later session can depend on.
void branchesWithoutChangesEndTheSame()
{
    const std::vector<Words> cases{
        {"method=vr-lwf", "params.M=6", "params.Ks=8"},
        {"method=ft", "optimizer.reset_per_session=false"},
        {"method=imm", "params.alpha=0.3"},
        {"method=imm", "params.alpha=0.3", "params.imm_chaining=unmerged"},
        {"method=imm", "params.alpha=0.3", "params.imm_chaining=original_imm",
         "optimizer.reset_per_session=false"},
        {"method=rkr", "params.rkr_lr=0.01"},
        {"kind=joint", "params.joint_sessions=all", "params.joint_start=continue"},
    };
    for (size_t i = 0; i < cases.size(); ++i) {
        const Place place{"same-" + std::to_string(i)};
        CHECK_EQUAL(place.run(cases[i]).status, 0);
        const Outcome outcome = place.branch("1", {});
        CHECK(outcome.err.empty() || outcome.err.find("scales lie within") != std::string::npos);
        CHECK_EQUAL(outcome.status, 0);
        const bool scales = contains(cases[i][0], "rkr");
        const std::string weights = scales ? "rkr.safetensors" : "model.safetensors";
        CHECK(place.file(2, "model/" + weights).size() > 100);
        for (const std::string& path :
             {"model/" + weights, "unmerged/" + weights, std::string("eval-0.json"),
              std::string("eval-1.json"), std::string("eval-2.json")})
            CHECK(place.file(2, path) == place.file(1, path));
        CHECK(place.file(1, "sessions/1/" + weights) != place.file(1, "model/" + weights));
        CHECK(!place.laterSteps(1).empty());
        CHECK(place.laterSteps(2) == place.laterSteps(1));
    }
}

void recordsAndOriginAreThere()
{
    const Place place{"same-0"};
    const auto line = [&](const char* run, const char* table) {
        const std::string text =
            workplace().run({"table", table, "--runs", run, "--db", "same-0.db"}).out;
        return text.substr(text.find('\n') + 1);
    };
    // Cells after the run's number.
    const auto cells = [](const std::string& text) {
        std::string all;
        std::istringstream lines(text);
        for (std::string row; std::getline(lines, row);)
            all += row.substr(row.find(',')) + "\n";
        return all;
    };
    for (const char* table : {"mst", "matrix", "curves"}) {
        CHECK(line("1", table).size() > 20);
        CHECK_EQUAL(cells(line("2", table)), cells(line("1", table)));
    }
    const std::string shown = workplace().run({"show", "2", "--db", "same-0.db"}).out;
    CHECK(contains(shown, "branched from"));
    CHECK(contains(shown, "run 1 after session 1"));
    CHECK(!contains(workplace().run({"show", "1", "--db", "same-0.db"}).out, "branched from"));
    const auto spec =
        parseJson(workplace().run({"show", "2", "--spec", "--db", "same-0.db"}).out, "spec");
    if (CHECK_OK(spec))
        CHECK_EQUAL((*spec)["branched_from"]["session"].get<int>(), 1);
    // A spec that is run again is a run from the beginning.
    const auto path = workplace().path() / "again.json";
    std::ofstream(path) << spec->dump();
    CHECK_EQUAL(
        workplace().run({"run", "again.json", "--db", "again.db", "--progress", "none"}).status, 0);
    CHECK(readAll(workplace().path() / "again.db.files/run-1/model/model.safetensors") ==
          place.file(1, "model/model.safetensors"));
    CHECK(!contains(workplace().run({"show", "1", "--db", "again.db"}).out, "branched from"));
}

void changedSettingsHoldFromThere()
{
    const Place place{"same-0"};
    CHECK_EQUAL(place.branch("1", {"params.beta=9", "name=stronger"}, 3).status, 0);
    CHECK(place.file(3, "model/model.safetensors") != place.file(1, "model/model.safetensors"));
    CHECK(place.file(3, "eval-1.json") == place.file(1, "eval-1.json"));
    const auto first = parseJson(place.laterSteps(1).front(), "step");
    const auto other = parseJson(place.laterSteps(3).front(), "step");
    if (!CHECK_OK(first) || !CHECK_OK(other))
        return;
    // The same start and the same batch, another weight; steps count on.
    CHECK((*first)["losses"]["CE"] == (*other)["losses"]["CE"]);
    CHECK((*first)["items"] == (*other)["items"]);
    CHECK_EQUAL((*other)["weights"]["VR"].get<double>(), 9.0);
    CHECK_EQUAL((*other)["step"].get<int>(), 7);
    CHECK(contains(workplace().run({"list", "--db", "same-0.db"}).out, "stronger"));
    // Nothing is left to train after the last session.
    const Outcome last = place.branch("2", {}, 4);
    CHECK_EQUAL(last.status, 0);
    CHECK(contains(last.err, "nothing left to train"));
    CHECK(place.file(4, "model/model.safetensors") == place.file(1, "model/model.safetensors"));
}

void otherMethodsGoOn()
{
    const Place place{"same-1"}; // FT
    CHECK_EQUAL(place
                    .branch("1",
                            {"method=vr-lwf", "params.M=6", "params.Ks=8",
                             "optimizer.reset_per_session=true"},
                            3)
                    .status,
                0);
    CHECK(contains(place.laterSteps(3).front(), "\"VR\""));
    // From the state before training: a new run of that method.
    const Words rkr{"method=rkr", "params.rkr_lr=0.01", "optimizer.reset_per_session=true"};
    CHECK_EQUAL(place.branch("0", rkr, 4).status, 0);
    CHECK(place.file(4, "model/rkr.safetensors") ==
          Place{"same-5"}.file(1, "model/rkr.safetensors"));
}

// A tower that was trained and is then frozen stays as it was trained.
void optionsFreezeWhatWasTrained()
{
    const Place place{"same-0"};
    CHECK_EQUAL(place.branch("1", {"option=IO"}, 5).status, 0);
    const auto kept = tensorsIn(place.folder(1) / "sessions" / "1");
    const auto start = tensorsIn(workplace().path() / "model");
    int moved = 0;
    for (const auto& [name, tensor] : tensorsIn(place.folder(5) / "model")) {
        const bool image = name.starts_with("vision_model.") || name == "visual_projection.weight";
        const bool equal = tensor.values == kept.at(name).values;
        CHECK(image || equal);
        moved += image && !equal ? 1 : 0;
    }
    CHECK(moved > 10);
    CHECK(kept.at("text_projection.weight").values != start.at("text_projection.weight").values);
    const Outcome refused = place.branch("1", {"option=IO", "params.teacher=original"}, 6);
    CHECK_EQUAL(refused.status, 2);
    CHECK(contains(refused.err, "teacher"));
}

void expectRefused(const Outcome& outcome, const std::string& words)
{
    CHECK_EQUAL(outcome.status, 2);
    CHECK_EQUAL(outcome.out, "");
    CHECK(contains(outcome.err, words));
    if (!contains(outcome.err, words))
        std::cerr << "got: " << outcome.err << std::endl;
}

void refusesWhatIsNotPossible()
{
    const Place place{"same-0"}; // VR-LwF
    const std::string before = workplace().run({"list", "--db", "same-0.db"}).out;
    expectRefused(place.branch("1", {"study=study/other.json"}, 9), "study: is ");
    expectRefused(place.branch("1", {"model=other"}, 9), "model: is ");
    expectRefused(place.branch("1", {"kind=joint", "method="}, 9), "kind: is \"joint\"");
    expectRefused(place.branch("1", {"setting=OST"}, 9), "setting: is \"OST\"");
    expectRefused(place.branch("1", {"params.M=99"}, 9), "params.M");
    expectRefused(place.branch("3", {}, 9), "kept: 0, 1, 2");
    expectRefused(place.branch("-1", {}, 9), "whole number");
    expectRefused(workplace().run({"branch", "1", "--db", "same-0.db"}), "--from-session");
    expectRefused(place.branch("1", {}, 1), "the file exists"); // the source's trace
    expectRefused(place.branch("1", {"optimizer.reset_per_session=false"}, 9), "moments");
    expectRefused(place.branch("1", {"method=rkr"}, 9), "rkr_scale");
    expectRefused(place.branch("1", {"method=imm", "params.imm_chaining=unmerged"}, 9),
                  "the raw weights");
    expectRefused(Place{"same-3"}.branch("1", {"params.imm_chaining=original_imm"}, 9),
                  "the sum of all raw weights");
    expectRefused(Place{"same-3"}.branch("1", {"option=IO"}, 9), "of every trained tensor");
    expectRefused(Place{"same-5"}.branch("1", {"params.rkr_placement=sublayer"}, 9), "rkr_");
    expectRefused(Place{"same-5"}.branch("1", {"method=ft"}, 9), "holds");
    CHECK_EQUAL(workplace().run({"list", "--db", "same-0.db"}).out, before);
    CHECK(!fs::exists(workplace().path() / "same-0-9.jsonl"));

    const Place last{"last"};
    CHECK_EQUAL(last.run({"method=ft", "checkpoints=last", "evaluate.after=never"}).status, 0);
    expectRefused(last.branch("1", {}), "kept: 0, 2");
    CHECK_EQUAL(last.branch("2", {}).status, 0); // model/
    const Place original{"original"};
    CHECK_EQUAL(original.run({"kind=original"}).status, 0);
    expectRefused(original.branch("0", {}), "trained nothing");
}

void changedInputsAreRefused()
{
    const Place place{"inputs"};
    CHECK_EQUAL(place.run({"method=ft"}).status, 0);
    const fs::path study = workplace().path() / "study" / "study.json";
    const std::string content = readAll(study);
    std::ofstream(study) << content << "\n";
    const Outcome outcome = place.branch("1", {});
    std::ofstream(study) << content;
    CHECK_EQUAL(outcome.status, 3);
    CHECK(contains(outcome.err, "changed since the run started"));
    CHECK(!fs::exists(place.folder(2)));
}

// Whenever it is killed, a branch ends like one that was not.
void killedBranchesEndTheSame()
{
    const Place place{"killed"};
    CHECK_EQUAL(
        place.run({"method=vr-lwf", "params.M=6", "params.Ks=8", "schedule.epochs=6"}).status, 0);
    const Words sets{"option=TO", "params.beta=2"};
    const auto begin = Clock::now();
    CHECK_EQUAL(place.branch("1", sets, 2).status, 0);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const std::string weights = place.file(2, "model/model.safetensors");
    CHECK(weights.size() > 1000);
    RandomStream moments = RandomStream::named(2, "kill");
    for (int run = 3; run <= 6; ++run) {
        Words words{clwbProgram()};
        const Words branch =
            place.words(withSets({"branch", "1", "--from-session", "1"}, sets), run);
        words.insert(words.end(), branch.begin(), branch.end());
        Setup setup;
        setup.folder = workplace().path();
        Process process(words, setup);
        // From the moment on at which its start is on disk: before it there is nothing to resume.
        while (process.isRunning() &&
               !fs::exists(place.folder(run) / "checkpoint" / "checkpoint-1" / "state.json"))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        std::this_thread::sleep_for(
            std::chrono::duration<double>(0.7 * moments.uniform() * seconds));
        if (process.isRunning())
            process.signal(SIGKILL);
        if (process.wait().status != 0) {
            const Outcome resumed =
                workplace().run(place.words({"resume", std::to_string(run)}, run));
            // A kill may come between the run's last word and the end of the program.
            const bool wasDone = resumed.err.find("is finished") != std::string::npos;
            CHECK(wasDone || resumed.err.empty());
            CHECK_EQUAL(resumed.status, wasDone ? 2 : 0);
        }
        CHECK(place.file(run, "model/model.safetensors") == weights);
        CHECK(place.laterSteps(run) == place.laterSteps(2));
        for (const char* record : {"eval-0.json", "eval-1.json", "eval-2.json"})
            CHECK(place.file(run, record) == place.file(2, record));
        const std::string id = std::to_string(run);
        CHECK(contains(workplace().run({"show", id, "--db", "killed.db"}).out, "Bwt"));
    }
}

} // namespace

int main()
{
    RUN_CASE(branchesWithoutChangesEndTheSame);
    RUN_CASE(recordsAndOriginAreThere);
    RUN_CASE(changedSettingsHoldFromThere);
    RUN_CASE(otherMethodsGoOn);
    RUN_CASE(optionsFreezeWhatWasTrained);
    RUN_CASE(refusesWhatIsNotPossible);
    RUN_CASE(changedInputsAreRefused);
    RUN_CASE(killedBranchesEndTheSame);
    return result();
}
