// SPDX-License-Identifier: GPL-3.0-or-later
// A whole run through the real program, and every command that reads its results.
#include "core/base/json.h"
#include "core/store/load_rows.h"
#include "core/store/sqlite.h"
#include "tests/app/tiny_run.h"

#include <cmath>

namespace
{

using namespace clwb;
using namespace clwb::test;

std::string lineOf(const std::string& text, size_t index)
{
    std::istringstream stream(text);
    std::string line;
    for (size_t i = 0; i <= index; ++i)
        line = std::getline(stream, line) ? line : std::string();
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

void runsAndSaysWhere()
{
    const Outcome outcome =
        workplace().run(TinyWorkplace::runWords({"--trace", "t.jsonl", "--progress", "json"}));
    CHECK_EQUAL(outcome.status, 0);
    const auto line = parseJson(outcome.out, "result line");
    if (!CHECK_OK(line))
        return;
    CHECK_EQUAL((*line)["run_id"].get<int>(), 1);
    CHECK_EQUAL((*line)["status"].get<std::string>(), "finished");
    // 2 sessions × 12 epochs × 12 crops in batches of 4
    CHECK_EQUAL((*line)["steps"].get<int>(), 72);
    CHECK(std::filesystem::exists((*line)["model"].get<std::string>() + "/model.safetensors"));
    CHECK(std::filesystem::exists((*line)["dir"].get<std::string>() + "/eval-2.json"));
    std::istringstream progress(outcome.err);
    for (std::string text; std::getline(progress, text);)
        CHECK_OK(parseJson(text, "progress line"));
}

// The run is over in less than ten seconds, so what is left of them is its only row.
void storesTheLoadOfTheMachine()
{
    const auto project =
        store::Project::open(workplace().path() / "clwb.db", store::OpenMode::ReadOnly);
    if (!CHECK_OK(project))
        return;
    const auto points = store::loadPoints(project->database(), 1);
    const auto run = project->run(1);
    if (!CHECK_OK(points) || !CHECK_OK(run))
        return;
    CHECK(!points->empty());
    if (points->empty())
        return;
    const double expected = 1 + run->seconds.value_or(0) / 10;
    CHECK(static_cast<double>(points->size()) <= expected + 1);
    const LoadPoint& point = points->back();
    CHECK(point.cpuPercent > 0 && point.cpuPercent <= 100);
    CHECK(point.memoryBytes > uint64_t{16} << 20); // torch alone takes more
    CHECK(point.freeDiskBytes.has_value());
    // Stored before the run said that it is finished, with which it has no owner any more.
    const auto late = project->database().integer(
        "SELECT count(*) FROM load JOIN run USING(run_id) WHERE at > unixepoch(finished_utc)");
    CHECK_EQUAL(late->value_or(-1), 0);
}

void traceHasItsForm()
{
    std::istringstream trace(readAll(workplace().path() / "t.jsonl"));
    std::vector<std::string> types;
    int steps = 0;
    for (std::string text; std::getline(trace, text);) {
        const auto line = parseJson(text, "trace line");
        if (!CHECK_OK(line))
            return;
        types.push_back((*line)["type"].get<std::string>());
        if (types.back() != "step")
            continue;
        ++steps;
        CHECK_EQUAL((*line)["step"].get<int>(), steps);
        CHECK_EQUAL((*line)["items"].size(), (*line)["labels"].size());
        CHECK_EQUAL((*line)["pseudo"].size(), 16U); // Ks
        const Json& losses = (*line)["losses"];
        double total = losses["CE"].get<double>();
        for (const auto& [name, weight] : (*line)["weights"].items())
            total += weight.get<double>() * losses[name].get<double>();
        CHECK(std::abs(total - losses["total"].get<double>()) <= 1e-5 * (1 + std::abs(total)));
    }
    CHECK_EQUAL(steps, 72);
    CHECK_EQUAL(types.front(), "run");
    CHECK_EQUAL(types.at(1), "eval");
    CHECK_EQUAL(types.at(2), "session");
    CHECK_EQUAL(types.back(), "end");
}

void sameSpecGivesTheSameBytes()
{
    const Outcome outcome = workplace().run(
        TinyWorkplace::runWords({"--out", "second", "--trace", "t2.jsonl", "--progress", "none"}));
    CHECK_EQUAL(outcome.status, 0);
    // The tiny model's context is short; nothing else may be said.
    CHECK_EQUAL(outcome.err,
                "warning: 12 captions are longer than the model's context and were cut "
                "as CLIP does\n");
    const auto first = workplace().path() / "clwb.db.files" / "run-1" / "model";
    CHECK(readAll(first / "model.safetensors") ==
          readAll(workplace().path() / "second" / "model" / "model.safetensors"));
    CHECK(readAll(workplace().path() / "t.jsonl") == readAll(workplace().path() / "t2.jsonl"));
    // The folder is taken now.
    const Outcome again = workplace().run(TinyWorkplace::runWords({"--out", "second"}));
    CHECK_EQUAL(again.status, 2);
    CHECK(contains(again.err, "second"));
}

void readersSeeTheRun()
{
    CHECK(contains(workplace().run({"list"}).out, "VR-LwF-WM"));
    CHECK(contains(workplace().run({"show", "1"}).out, "UT-Acc (session mean)"));
    const Outcome spec = workplace().run({"show", "1", "--spec"});
    CHECK_OK(parseJson(spec.out, "spec"));
    CHECK(contains(spec.out, "\"model_sha256\""));
    const Outcome mst = workplace().run({"table", "mst", "--runs", "1"});
    CHECK_EQUAL(lineOf(mst.out, 0),
                "run_id,method,option,UT-Acc,Bwt,ZS-Acc,TR@1,TR@5,IR@1,IR@5,A-Acc");
    CHECK_EQUAL(lineOf(mst.out, 1).substr(0, 12), "1,vr-lwf,WM,");
    CHECK_EQUAL(workplace().run({"table", "mst", "--out", "m.csv"}).status, 0);
    CHECK_EQUAL(workplace().run({"table", "mts"}).status, 2);
    CHECK_EQUAL(workplace().run({"show", "99"}).status, 2);
    CHECK_EQUAL(workplace().run({"resume", "1"}).status, 2);
    CHECK_EQUAL(workplace().run({"db", "check", "clwb.db"}).status, 0);
}

void evaluatesRunsAndModels()
{
    const Outcome final =
        workplace().run({"eval", "1", "--study", "study/study.json", "--out", "e.json"});
    CHECK_EQUAL(final.status, 0);
    const auto record = readJsonFile(workplace().path() / "e.json");
    const auto stored =
        readJsonFile(workplace().path() / "clwb.db.files" / "run-1" / "eval-2.json");
    if (CHECK_OK(record) && CHECK_OK(stored))
        CHECK((*record)["ut"] == (*stored)["ut"] &&
              (*record)["retrieval"] == (*stored)["retrieval"]);
    const Outcome missing = workplace().run({"eval", "1@1", "--study", "study/study.json"});
    CHECK_EQUAL(missing.status, 2);
    CHECK(contains(missing.err, "kept: 0, 2"));
    CHECK_EQUAL(workplace()
                    .run({"eval", "model", "--study", "study/study.json", "--what", "zs",
                          "--record", "--name", "start"})
                    .status,
                0);
    CHECK(contains(workplace().run({"list", "--origin", "imported"}).out, "start"));
}

void movesRunsBetweenProjects()
{
    CHECK_EQUAL(workplace().run({"export", "1", "run.zip"}).status, 0);
    CHECK_EQUAL(workplace().run({"import", "run.zip", "--db", "other.db"}).status, 0);
    CHECK(contains(workplace().run({"list", "--db", "other.db"}).out, "VR-LwF-WM"));
    const auto detailed = [](const std::vector<std::string>& words) {
        const auto answer = parseJson(workplace().run(words).out, "answer");
        return answer && answer->is_object() ? (*answer)["details"].size() : size_t{99};
    };
    CHECK_EQUAL(detailed({"import", "run.zip", "--db", "whole.db"}), size_t{1});
    CHECK_EQUAL(detailed({"import", "run.zip", "--without-details", "--db", "bare.db"}), size_t{0});
    CHECK_EQUAL(workplace().run({"tag", "1", "good", "--db", "other.db"}).out, "good\n");
    CHECK_EQUAL(workplace().run({"delete", "1", "--db", "other.db"}).status, 0);
    CHECK(!contains(workplace().run({"list", "--db", "other.db"}).out, "VR-LwF-WM"));
    CHECK_EQUAL(workplace().run({"delete", "--restore", "1", "--db", "other.db"}).status, 0);
    CHECK_EQUAL(workplace().run({"delete", "--purge", "1", "--db", "other.db"}).status, 0);
}

void tokenizesLines()
{
    Setup setup;
    setup.folder = workplace().path();
    setup.input = "a red square\r\n\na red square";
    const Outcome outcome = runClwb({"tokenize", "--model", "model", "--context", "8"}, setup);
    CHECK_EQUAL(outcome.status, 0);
    const auto first = parseJson(lineOf(outcome.out, 0), "line");
    const auto second = parseJson(lineOf(outcome.out, 1), "line");
    if (!CHECK_OK(first) || !CHECK_OK(second))
        return;
    CHECK_EQUAL(first->size(), 8U);
    // An empty line is start and end alone, padded with 0.
    CHECK_EQUAL((*second)[0].get<int>(), (*first)[0].get<int>());
    CHECK((*second)[1].get<int>() > 0);
    for (size_t i = 2; i < 8; ++i)
        CHECK_EQUAL((*second)[i].get<int>(), 0);
    // The carriage return belongs to the line's end, the last line needs none.
    CHECK_EQUAL(lineOf(outcome.out, 2), lineOf(outcome.out, 0));
    CHECK_EQUAL(lineOf(outcome.out, 3), "");
}

// One run like it is in a project of its own, and none in another.
void estimatesFromEarlierRuns()
{
    const auto runWith = [](std::vector<std::string> more) {
        more.insert(more.end(), {"--db", "earlier.db"});
        return workplace().run(TinyWorkplace::runWords(more));
    };
    CHECK_EQUAL(runWith({"--progress", "none"}).status, 0);
    const Outcome plan = runWith({"--dry-run"});
    CHECK_EQUAL(plan.status, 0);
    CHECK(contains(plan.err, "(from 1 earlier run like it)"));
    const auto document = parseJson(plan.out, "plan");
    if (CHECK_OK(document)) {
        CHECK_EQUAL((*document)["estimate"]["earlier_runs"].get<int>(), 1);
        CHECK((*document)["estimate"]["seconds"].get<double>() > 0);
    }
    const Outcome elsewhere =
        workplace().run(TinyWorkplace::runWords({"--dry-run", "--db", "none.db"}));
    CHECK(!contains(elsewhere.err, "earlier run"));
}

/// study/marked.json: the study, saying that the demo's preset suits it.
void writeMarkedStudy()
{
    const auto study = readJsonFile(workplace().path() / "study" / "study.json");
    if (!CHECK_OK(study))
        return;
    Json marked = *study;
    marked["preset"] = "demo";
    std::ofstream(workplace().path() / "study" / "marked.json") << marked.dump();
}

void namesThePresetThatSuitsTheStudy()
{
    writeMarkedStudy();
    const std::vector<std::string> words =
        TinyWorkplace::runWords({"--set", "study=study/marked.json", "--dry-run"});
    CHECK(contains(workplace().run(words).err, "--preset demo suits this study"));
    std::vector<std::string> chosen = words;
    chosen.insert(chosen.end(), {"--preset", "demo"});
    CHECK(!contains(workplace().run(chosen).err, "suits this study"));
}

// What a preset did is told by name, and that it did nothing where everything is given.
void tellsWhatAPresetFilledIn()
{
    writeMarkedStudy();
    std::ofstream(workplace().path() / "part.json")
        << R"({"study": "study/marked.json", "model": "model", "method": "ft", "option": "WM",
               "setting": "MST", "schedule": {"lr": 0.001}})";
    const Outcome part = workplace().run({"run", "part.json", "--preset", "demo", "--dry-run"});
    CHECK_EQUAL(part.status, 0);
    CHECK(contains(part.err, "--preset demo filled in what the specification leaves out"));
    CHECK(contains(part.err, "schedule.epochs 3"));
    CHECK(!contains(part.err, "schedule.lr"));
    const Outcome bare = workplace().run({"run", "part.json", "--dry-run"});
    CHECK(contains(bare.err, "--preset demo suits this study"));
    const auto plan = parseJson(part.out, "plan");
    if (!CHECK_OK(plan))
        return;
    std::ofstream(workplace().path() / "whole.json") << (*plan)["spec"].dump();
    const Outcome whole = workplace().run({"run", "whole.json", "--preset", "demo", "--dry-run"});
    CHECK(contains(whole.err, "--preset demo changes nothing"));
    CHECK(!contains(whole.err, "filled in"));
    const Outcome original =
        workplace().run({"run", "--preset", "demo", "--dry-run", "--set", "kind=original", "--set",
                         "study=study/marked.json", "--set", "model=model"});
    CHECK_EQUAL(original.status, 0);
    CHECK(contains(original.err, "changes nothing: presets hold training settings only"));
    // Nothing is left to advise.
    CHECK(!contains(workplace().run({"run", "whole.json", "--dry-run"}).err, "suits this study"));
}

void refusesBadSpecs()
{
    const Outcome many = workplace().run({"run", "--set", "study=study/study.json", "--set",
                                          "model=model", "--set", "method=ft", "--set", "option=WM",
                                          "--set", "schedule.lr=-1", "--set", "schedule.epcohs=3"});
    CHECK_EQUAL(many.status, 2);
    CHECK(contains(many.err, "schedule.lr"));
    CHECK(contains(many.err, "schedule.epochs")); // the nearest known key
    const Outcome plan = workplace().run(TinyWorkplace::runWords({"--dry-run", "--db", "none.db"}));
    CHECK_EQUAL(plan.status, 0);
    CHECK(contains(plan.out, "\"estimate\""));
    CHECK(!std::filesystem::exists(workplace().path() / "none.db"));
    // Bytes that no JSON can hold, in a value, a path and below.
    for (const char* set : {"name=\xff", "params=\xff", "study=\xff/study.json"}) {
        const Outcome bytes = workplace().run(TinyWorkplace::runWords({"--set", set}));
        CHECK_EQUAL(bytes.status, 2);
        CHECK(contains(bytes.err, std::string(set).substr(0, std::string(set).find('='))));
    }
    CHECK_EQUAL(workplace().run(TinyWorkplace::runWords({"--out", "\xff"})).status, 2);
    const Outcome huge = workplace().run(TinyWorkplace::runWords({"--set", "schedule.lr=1e400"}));
    CHECK_EQUAL(huge.status, 2);
    CHECK(contains(huge.err, "schedule.lr"));
}

} // namespace

int main()
{
    RUN_CASE(runsAndSaysWhere);
    RUN_CASE(storesTheLoadOfTheMachine);
    RUN_CASE(traceHasItsForm);
    RUN_CASE(sameSpecGivesTheSameBytes);
    RUN_CASE(readersSeeTheRun);
    RUN_CASE(evaluatesRunsAndModels);
    RUN_CASE(movesRunsBetweenProjects);
    RUN_CASE(tokenizesLines);
    RUN_CASE(estimatesFromEarlierRuns);
    RUN_CASE(namesThePresetThatSuitsTheStudy);
    RUN_CASE(tellsWhatAPresetFilledIn);
    RUN_CASE(refusesBadSpecs);
    return result();
}
