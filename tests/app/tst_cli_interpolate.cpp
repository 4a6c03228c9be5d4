// SPDX-License-Identifier: GPL-3.0-or-later
// clwb interpolate: exact ends, a middle that equals an average made here, refusals in words.
#include "core/store/details.h"
#include "core/weights/model_directory.h"
#include "tests/app/sweep_place.h"

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

std::vector<std::string> words(std::vector<std::string> more)
{
    std::vector<std::string> all{"interpolate", "1", "--progress", "none"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Json jsonOf(const std::string& text)
{
    const auto parsed = parseJson(text, "output");
    return CHECK_OK(parsed) ? *parsed : Json();
}

Json recordOf(const std::string& file)
{
    return jsonOf(readAll(place().path() / "clwb.db.files" / "run-1" / file));
}

// What was counted, by which model; how often a session was finished is the caller's word.
Json countsOf(Json record)
{
    record.erase("session");
    if (record.contains("ut"))
        record["ut"].erase("seen_hits");
    return record;
}

void makesTheRuns()
{
    Json spec = SweepPlace::base();
    spec["method"] = "ft";
    spec["checkpoints"] = "all";
    spec["evaluate"] = {{"after", "session"}};
    place().write("spec.json", spec);
    CHECK_EQUAL(place().run({"run", "spec.json", "--progress", "none"}).status, 0);
    spec["checkpoints"] = "last";
    spec["evaluate"]["details"] = "none";
    place().write("spec.json", spec);
    CHECK_EQUAL(place().run({"run", "spec.json", "--progress", "none"}).status, 0);
    place().write("spec.json", Json{{"study", "study/study.json"},
                                    {"model", "model"},
                                    {"kind", "original"},
                                    {"threads", 1}});
    CHECK_EQUAL(place().run({"run", "spec.json", "--progress", "none"}).status, 0);
}

void endsAreTheModels()
{
    const Outcome outcome = place().run(words({"--alpha", "0,0.5,1", "--format", "json"}));
    CHECK_EQUAL(outcome.status, 0);
    const Json path = jsonOf(outcome.out);
    CHECK_EQUAL(path.size(), 3U);
    CHECK_EQUAL(path[1]["alpha"].get<double>(), 0.5);
    CHECK(countsOf(path[0]["record"]) == countsOf(recordOf("eval-1.json")));
    CHECK(countsOf(path[2]["record"]) == countsOf(recordOf("eval-2.json")));
    CHECK(path[1]["record"]["model_sha256"] != path[0]["record"]["model_sha256"]);
    const Json first =
        jsonOf(place().run(words({"--alpha", "0,1", "--format", "json", "--session", "1"})).out);
    CHECK(countsOf(first[0]["record"]) == countsOf(recordOf("eval-0.json")));
    CHECK(countsOf(first[1]["record"]) == countsOf(recordOf("eval-1.json")));
    const Json whole =
        jsonOf(place().run(words({"--alpha", "0", "--format", "json", "--from", "original"})).out);
    CHECK(countsOf(whole[0]["record"]) == countsOf(recordOf("eval-0.json")));
}

void middleIsTheWeightedMean()
{
    const fs::path run = place().path() / "clwb.db.files" / "run-1";
    const auto before = weights::readModel(run / "sessions" / "1");
    const auto after = weights::readModel(run / "model");
    if (!CHECK_OK(before) || !CHECK_OK(after))
        return;
    weights::TensorMap mean = after->tensors;
    for (auto& [name, tensor] : mean) {
        const auto& start = before->tensors.at(name).values;
        for (size_t i = 0; i < tensor.values.size(); ++i)
            tensor.values[i] = static_cast<float>(0.25 * start[i] + 0.75 * tensor.values[i]);
    }
    CHECK_OK(
        weights::writeModelDirectory(place().path() / "mean", weights::contentOf(*after), mean));
    const Json expected = jsonOf(
        place().run({"eval", "mean", "--study", "study/study.json", "--progress", "none"}).out);
    const Json path = jsonOf(place().run(words({"--alpha", "0.75", "--format", "json"})).out);
    CHECK(path[0]["record"]["ut"]["confusion"] == expected["ut"]["confusion"]);
    CHECK(path[0]["record"]["zs"] == expected["zs"]);
    CHECK(path[0]["record"]["retrieval"] == expected["retrieval"]);
}

void writesTables()
{
    CHECK_EQUAL(place()
                    .run(words({"--alpha", "1,0.5", "--split", "val", "--what", "ut,zs", "--out",
                                "path.csv", "--record"}))
                    .status,
                0);
    std::istringstream csv(readAll(place().path() / "path.csv"));
    std::string line;
    std::getline(csv, line);
    CHECK_EQUAL(line, "alpha,UT-Acc (overall),UT-Acc (session mean),ZS-Acc,A-Acc,TR@1,TR@5,TR@10,"
                      "IR@1,IR@5,IR@10");
    std::getline(csv, line);
    CHECK(line.starts_with("1,") && line.ends_with(",,,,,,"));
    std::getline(csv, line);
    CHECK(line.starts_with("0.5,"));
    CHECK(!std::getline(csv, line));
    const Outcome list = place().run({"list", "--origin", "imported"});
    CHECK(contains(list.out, "run 1 interpolated α=0.5"));
    // What was not trained is no row of the paper's tables, unless it is named.
    CHECK(!contains(place().run({"table", "mst", "--complete", "no"}).out, "interpolated"));
    CHECK(contains(place().run({"table", "runs"}).out, "interpolated α=0.5"));
}

void keepsWhatEachPointPredicts()
{
    CHECK_EQUAL(
        place()
            .run(words({"--alpha", "0,1", "--what", "ut,zs", "--out", "kept.csv", "--record"}))
            .status,
        0);
    const auto rows = place().runs();
    const store::Project project = place().project();
    // The ends are models that the run itself was asked about.
    for (size_t session = 1; session <= 2; ++session) {
        const store::RunRow& row = rows[rows.size() - 3 + session];
        CHECK(contains(row.notes, "; session 2 from its start;"));
        // Which run it is of holds in other projects, too.
        CHECK(row.weightPath.has_value());
        if (row.weightPath) {
            CHECK_EQUAL(row.weightPath->uid, rows.front().uid);
            CHECK_EQUAL(row.weightPath->session, 2);
            CHECK(!row.weightPath->fromOriginal);
            CHECK_EQUAL(row.weightPath->alpha, session == 1 ? 0.0 : 1.0);
        }
        for (const char* part : {"ut", "zs"}) {
            const auto kept = store::predictions(project, row.runId, 2, part);
            const auto own = store::predictions(project, 1, static_cast<int>(session), part);
            if (!CHECK_OK(kept) || !CHECK_OK(own))
                continue;
            CHECK_EQUAL(kept->listId, own->listId);
            CHECK(kept->truthRanks == own->truthRanks);
        }
    }
    // A run that keeps nothing has a path that keeps nothing.
    auto all = words(
        {"--alpha", "1", "--from", "original", "--what", "ut,zs", "--out", "none.csv", "--record"});
    all[1] = "2";
    CHECK_EQUAL(place().run(all).status, 0);
    const auto newest = place().runs().back();
    CHECK(contains(newest.notes, "; session 2 from the original model;"));
    CHECK(newest.weightPath && newest.weightPath->fromOriginal &&
          newest.weightPath->uid == rows[1].uid);
    const auto none = store::detailIndex(place().project(), newest.runId);
    if (CHECK_OK(none))
        CHECK(none->predictions.empty() && none->retrieval.empty());
}

void saysWhyNot()
{
    const auto refused = [](std::vector<std::string> more, const char* run, const char* named,
                            int status) {
        auto all = words(std::move(more));
        all[1] = run;
        const Outcome outcome = place().run(all);
        CHECK_EQUAL(outcome.status, status);
        CHECK(contains(outcome.err, named));
        CHECK_EQUAL(outcome.out, "");
    };
    refused({"--alpha", "0,1.5"}, "1", "--alpha", 2);
    refused({"--alpha", "0,0"}, "1", "given twice", 2);
    refused({}, "1", "--alpha LIST is missing", 2);
    refused({"--alpha", "0", "--session", "3"}, "1", "2 finished sessions", 2);
    refused({"--alpha", "0"}, "2", "kept no model after session 1", 2);
    refused({"--alpha", "0"}, "3", "nothing was trained", 2);
    refused({"--alpha", "0"}, "9", "there is no run", 2);
    // The last model alone serves a path from the original.
    auto all = words({"--alpha", "0", "--from", "original"});
    all[1] = "2";
    CHECK_EQUAL(place().run(all).status, 0);
    // A model of another shape in its place.
    const fs::path kept = place().path() / "clwb.db.files" / "run-1" / "sessions" / "1";
    fs::remove_all(kept);
    CHECK_OK(writeTinyModel(kept, 0, {.layers = 2}));
    refused({"--alpha", "0.5"}, "1", "text_model.encoder.layers.1.", 3);
}

} // namespace

int main()
{
    RUN_CASE(makesTheRuns);
    RUN_CASE(endsAreTheModels);
    RUN_CASE(middleIsTheWeightedMean);
    RUN_CASE(writesTables);
    RUN_CASE(keepsWhatEachPointPredicts);
    RUN_CASE(saysWhyNot);
    return result();
}
