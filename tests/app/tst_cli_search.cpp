// SPDX-License-Identifier: GPL-3.0-or-later
// clwb search: the winner is the best on the validation split, and the test split is not touched.
#include "tests/app/sweep_place.h"

#include <cmath>

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

std::vector<std::string> searchWords(const std::string& file, std::vector<std::string> more = {})
{
    std::vector<std::string> words{"search", file, "--progress", "none"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

Json searchOf(const Json& base, const Json& values)
{
    Json document{{"schema", 1}, {"base", SweepPlace::base()}, {"values", values}};
    document["base"].update(base, true);
    return document;
}

const Json kVrLwf{{"method", "vr-lwf"}, {"params", {{"M", 6}, {"Ks", 8}}}};

// Means over classes of a session, sessions and zero-shot classes, by plain loops (per cent).
double objectiveOf(const Json& record)
{
    const Json& ut = record["ut"];
    std::map<int, std::pair<double, double>> sessions;
    for (size_t c = 0; c < ut["classes"].size(); ++c) {
        auto& [hits, total] = sessions[ut["session_of_class"][c].get<int>()];
        for (size_t p = 0; p < ut["classes"].size(); ++p) {
            total += ut["confusion"][c][p].get<double>();
            hits += p == c ? ut["confusion"][c][p].get<double>() : 0;
        }
    }
    double mean = 0;
    for (const auto& [session, count] : sessions)
        mean += count.first / count.second / static_cast<double>(sessions.size());
    double hits = 0;
    double total = 0;
    for (size_t c = 0; c < record["zs"]["classes"].size(); ++c) {
        hits += record["zs"]["hits"][c].get<double>();
        total += record["zs"]["totals"][c].get<double>();
    }
    return 50 * (mean + hits / total);
}

Json readRecord(const fs::path& file)
{
    const auto record = readJsonFile(file);
    return CHECK_OK(record) ? *record : Json();
}

// Everything that only the test split names goes out of the way, and comes back at the end.
class WithoutTestSplit
{
public:
    WithoutTestSplit() { move(place().path() / "study", place().path() / "hidden"); }
    ~WithoutTestSplit() { move(place().path() / "hidden", place().path() / "study"); }
    WithoutTestSplit(const WithoutTestSplit&) = delete;
    WithoutTestSplit& operator=(const WithoutTestSplit&) = delete;

private:
    static void move(const fs::path& from, const fs::path& to)
    {
        fs::create_directories(to / "coco" / "tiny2014");
        fs::rename(from / "zs", to / "zs");
        std::vector<fs::path> pictures;
        for (const auto& entry : fs::directory_iterator(from / "coco" / "tiny2014")) {
            if (contains(entry.path().filename().string(), "tiny_test_"))
                pictures.push_back(entry.path());
        }
        CHECK(pictures.size() >= 6);
        for (const fs::path& picture : pictures)
            fs::rename(picture, to / "coco" / "tiny2014" / picture.filename());
    }
};

void candidatesNeedNoTestSplit()
{
    place().write("beta.json", searchOf(kVrLwf, {0.1, 3, 30}));
    const WithoutTestSplit hidden;
    // An ordinary run notices at once.
    std::vector<std::string> run{"run", "--progress", "none"};
    for (const char* set : {"study=study/study.json", "model=model", "method=ft", "threads=1"})
        run.insert(run.end(), {"--set", set});
    run.insert(run.end(), {"--db", "other.db"});
    CHECK_EQUAL(place().run(run).status, 3);
    // With the forecast, which must not look either.
    std::vector<std::string> words = searchWords("beta.json", {"--candidates-only"});
    words[3] = "plain";
    const Outcome outcome = place().run(words);
    CHECK_EQUAL(outcome.status, 0);
    CHECK(contains(outcome.err, "beta: 3 runs, 0 done, 3 to run, about "));
    const auto lines = linesOf(outcome.out);
    CHECK_EQUAL(lines.size(), 4U);
    const Json& record = lines.back();
    CHECK(record["test_evaluated_while_choosing"] == Json(false));
    CHECK(record["winner"].is_null());
    CHECK_EQUAL(record["candidates"].size(), 3U);
}

void winnerIsTheBestOfTheRecords()
{
    const Outcome outcome = place().run(searchWords("beta.json", {"--out", "beta-record.json"}));
    CHECK_EQUAL(outcome.status, 0);
    const auto lines = linesOf(outcome.out);
    CHECK_EQUAL(lines.size(), 5U); // three candidates, the winner, the record
    const Json& record = lines.back();
    CHECK(readRecord(place().path() / "beta-record.json") == record);
    double best = -1;
    for (size_t i = 0; i < 3; ++i) {
        const Json& candidate = record["candidates"][i];
        const fs::path folder = lines.at(i)["dir"].get<std::string>();
        CHECK_EQUAL(candidate["run_id"].get<int>(), lines.at(i)["run_id"].get<int>());
        CHECK(candidate["test_evaluated"] == Json(false));
        CHECK(readRecord(folder / "spec.json")["evaluate"]["test"] == Json(false));
        CHECK(!fs::exists(folder / "eval-2.json") && !fs::exists(folder / "eval-0.json"));
        const double objective = objectiveOf(readRecord(folder / "eval-2-val.json"));
        CHECK(std::abs(candidate["A_val"].get<double>() - objective) < 1e-9);
        best = std::max(best, objective);
    }
    CHECK(std::abs(record["best"]["A_val"].get<double>() - best) < 1e-9);
    bool isCandidate = false;
    for (const Json& candidate : record["candidates"]) {
        isCandidate = isCandidate || candidate == record["best"];
        // Ties go to the larger ZS-Acc.
        if (candidate["A_val"] == record["best"]["A_val"])
            CHECK(candidate["ZS_val"].get<double>() <= record["best"]["ZS_val"].get<double>());
    }
    CHECK(isCandidate);
}

void winnerIsAnOrdinaryRun()
{
    const auto lines = linesOf(place().run(searchWords("beta.json")).out);
    const Json& record = lines.back();
    const Json& winner = lines.at(3);
    CHECK_EQUAL(winner["role"].get<std::string>(), "winner");
    CHECK_EQUAL(record["winner"]["run_id"].get<int>(), winner["run_id"].get<int>());
    const fs::path folder = winner["dir"].get<std::string>();
    const Json spec = readRecord(folder / "spec.json");
    CHECK(spec["evaluate"]["test"] == Json(true));
    CHECK(spec["params"]["beta"] == record["best"]["value"]);
    const double test = objectiveOf(readRecord(folder / "eval-2.json"));
    CHECK(std::abs(record["winner"]["test"]["A-Acc"].get<double>() - test) < 1e-9);
    // The same training as its candidate, bit for bit.
    for (const Json& line : lines) {
        if (line.contains("run_id") && line["run_id"] == record["best"]["run_id"])
            CHECK(weightsOf(line) == weightsOf(winner));
    }
    // The project keeps the record, and the same command repeats nothing.
    const auto sweeps = store::sweeps(place().project());
    if (!CHECK_OK(sweeps) || sweeps->empty())
        return;
    CHECK(sweeps->front().result == record);
    CHECK_EQUAL(sweeps->front().kind, "search");
    CHECK_EQUAL(place().runs().size(), 4U);
}

void emptyValidationIsRefused()
{
    const fs::path study = place().path() / "study" / "study.json";
    const Json complete = readRecord(study);
    const auto refused = [&](const Json& changed, const char* named, int status) {
        place().write("study/changed.json", changed);
        const Outcome outcome = place().run(
            searchWords("beta.json", {"--db", "empty.db", "--set", "study=study/changed.json"}));
        CHECK_EQUAL(outcome.status, status);
        CHECK(contains(outcome.err, named));
        CHECK(!fs::exists(place().path() / "empty.db"));
    };
    Json without = complete;
    without.erase("zero_shot_validation");
    refused(without, "has no zero_shot_validation", 2);
    // All pictures of the validation split go elsewhere.
    Json split = readRecord(place().path() / "study" / "dataset_tiny.json");
    for (Json& image : split["images"]) {
        if (image["split"] == Json("val"))
            image["split"] = "restval";
    }
    place().write("study/no_val.json", split);
    Json empty = complete;
    empty["updated_task"]["split_file"] = "no_val.json";
    refused(empty, "has no crops of the updated task", 3);
}

void failedCandidatesNeverWin()
{
    // M = 15 does not fit the model's context.
    Json search = searchOf(kVrLwf, {15, 6});
    search["parameter"] = "params.M";
    place().write("m.json", search);
    const Outcome outcome = place().run(searchWords("m.json", {"--db", "m.db"}));
    CHECK_EQUAL(outcome.status, 1);
    CHECK(contains(outcome.err, "trial 1 (run 1)"));
    const Json record = linesOf(outcome.out).back();
    CHECK_EQUAL(record["candidates"][0]["status"].get<std::string>(), "failed");
    CHECK(record["candidates"][0]["A_val"].is_null());
    CHECK_EQUAL(record["best"]["value"].get<int>(), 6);
    CHECK_EQUAL(record["winner"]["status"].get<std::string>(), "finished");
}

void refinesAroundTheBest()
{
    Json search = searchOf(kVrLwf, {1});
    search["refine"] = true;
    place().write("refined.json", search);
    const auto words = searchWords("refined.json", {"--db", "refined.db", "--candidates-only"});
    const Json record = linesOf(place().run(words).out).back();
    CHECK_EQUAL(record["candidates"].size(), 3U);
    CHECK_EQUAL(record["candidates"][1]["value"].get<double>(), 0.57735);
    CHECK_EQUAL(record["candidates"][2]["value"].get<double>(), 1.73205);
    CHECK(linesOf(place().run(words).out).back() == record);
    CHECK_EQUAL(place().runs("refined.db").size(), 3U);
}

// IMM in OST: one training serves every α.
void oneTrainingServesEveryAlpha()
{
    place().write("alpha.json", searchOf({{"method", "imm"}, {"setting", "OST"}}, {0, 0.25, 1}));
    const auto lines = linesOf(
        place().run(searchWords("alpha.json", {"--db", "alpha.db", "--candidates-only"})).out);
    CHECK_EQUAL(lines.size(), 2U);
    const Json& record = lines.back();
    CHECK(record["one_training"] == Json(true));
    CHECK(record["test_evaluated_while_choosing"] == Json(false));
    const fs::path folder = lines.front()["dir"].get<std::string>();
    CHECK_EQUAL(readRecord(folder / "spec.json")["method"].get<std::string>(), "ft");
    // The ends are the models before and after that training.
    const auto& candidates = record["candidates"];
    for (const auto& [index, file] :
         {std::pair{0, "eval-0-val.json"}, std::pair{2, "eval-1-val.json"}}) {
        const Json stored = readRecord(folder / file);
        CHECK(candidates[index]["UT_val"] == stored["ut"]["overall"]);
        CHECK(candidates[index]["ZS_val"] == stored["zs"]["accuracy"]);
        CHECK(candidates[index]["model_sha256"] == stored["model_sha256"]);
    }
    CHECK(candidates[1]["model_sha256"] != candidates[0]["model_sha256"]);
    CHECK(candidates[1]["model_sha256"] != candidates[2]["model_sha256"]);
}

} // namespace

int main()
{
    RUN_CASE(candidatesNeedNoTestSplit);
    RUN_CASE(winnerIsTheBestOfTheRecords);
    RUN_CASE(winnerIsAnOrdinaryRun);
    RUN_CASE(emptyValidationIsRefused);
    RUN_CASE(failedCandidatesNeverWin);
    RUN_CASE(refinesAroundTheBest);
    RUN_CASE(oneTrainingServesEveryAlpha);
    return result();
}
