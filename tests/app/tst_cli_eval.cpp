// SPDX-License-Identifier: GPL-3.0-or-later
// `clwb eval` and `clwb calibrate` through the real program: runs at any session, models of every
// form, several retrieval sets, both splits, and what is refused.
#include "core/base/json.h"
#include "tests/app/tiny_run.h"
#include "tests/support/flickr_set.h"

#include <cmath>
#include <tuple>

namespace
{

using namespace clwb;
using namespace clwb::test;

Json recordOf(const std::vector<std::string>& words)
{
    std::vector<std::string> all{"eval"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = workplace().run(all);
    CHECK_EQUAL(outcome.status, 0);
    if (outcome.status != 0)
        std::cerr << outcome.err;
    auto record = parseJson(outcome.out, "record");
    return record ? std::move(*record) : Json::object();
}

Outcome evalOf(const std::vector<std::string>& words)
{
    std::vector<std::string> all{"eval"};
    all.insert(all.end(), words.begin(), words.end());
    return workplace().run(all);
}

std::string keysOf(const Json& object)
{
    std::string keys;
    for (const auto& item : object.items())
        keys += item.key() + " ";
    return keys;
}

void makesTheRun()
{
    CHECK_OK(addFlickrSet(workplace().path() / "study" / "study.json"));
    const Outcome outcome = workplace().run(TinyWorkplace::runWords(
        {"--set", "checkpoints=all", "--set", "setting=MST", "--set", "evaluate.validation=true"}));
    CHECK_EQUAL(outcome.status, 0);
    CHECK_EQUAL(workplace()
                    .run(TinyWorkplace::runWords({"--set", "evaluate.after=never", "--set",
                                                  "schedule.epochs=1", "--set", "name=silent"}))
                    .status,
                0);
}

void recordHasTheInterfacesKeys()
{
    const Json record = recordOf({"model", "--study", "study/study.json"});
    CHECK_EQUAL(keysOf(record), "schema model_sha256 session setting split ut zs retrieval a_acc ");
    CHECK_EQUAL(keysOf(record["ut"]),
                "classes session_of_class confusion overall session_mean per_session seen_hits ");
    CHECK_EQUAL(keysOf(record["zs"]), "classes hits totals accuracy ");
    CHECK_EQUAL(record["retrieval"].size(), 2U);
    CHECK_EQUAL(keysOf(record["retrieval"][0]),
                "name folds images captions TR@1 TR@5 TR@10 IR@1 IR@5 IR@10 per_fold image_ranks "
                "caption_ranks ");
    CHECK_EQUAL(record["retrieval"][0]["per_fold"].size(), 2U);
    CHECK_EQUAL(record["retrieval"][1]["name"].get<std::string>(), "Flickr30k");
    CHECK_EQUAL(record["retrieval"][1]["image_ranks"].size(), 5U);
    CHECK_EQUAL(record["session"].get<int>(), 0);
    CHECK_EQUAL(record["setting"].get<std::string>(), "MST");
    const double ut = record["ut"]["session_mean"].get<double>();
    const double zs = record["zs"]["accuracy"].get<double>();
    CHECK(std::abs(record["a_acc"].get<double>() - (ut + zs) / 2) < 1e-12);
    // Accuracies of classes: 3 test crops each, and the sum of hits is the overall accuracy.
    int hits = 0;
    for (size_t c = 0; c < 4; ++c) {
        int crops = 0;
        for (const Json& count : record["ut"]["confusion"][c])
            crops += count.get<int>();
        CHECK_EQUAL(crops, 3);
        hits += record["ut"]["confusion"][c][c].get<int>();
    }
    CHECK(std::abs(record["ut"]["overall"].get<double>() - 100.0 * hits / 12) < 1e-12);
}

void everySessionOfARunIsThere()
{
    for (const auto& [word, session, file] :
         {std::tuple{"1", 2, "eval-2.json"}, std::tuple{"1@2", 2, "eval-2.json"},
          std::tuple{"1@1", 1, "eval-1.json"}, std::tuple{"1@0", 0, "eval-0.json"}}) {
        // Neither study nor setting need be named: they are the run's.
        const Json record = recordOf({word});
        const auto stored = readJsonFile(workplace().path() / "clwb.db.files" / "run-1" / file);
        CHECK_EQUAL(record["session"].get<int>(), session);
        if (CHECK_OK(stored))
            CHECK(record == *stored);
    }
    // Session 0 is the start model.
    CHECK_EQUAL(
        recordOf({"1@0"})["model_sha256"].get<std::string>(),
        recordOf({"model", "--study", "study/study.json"})["model_sha256"].get<std::string>());
    // A run that evaluated nothing has its sessions all the same, but kept the last model only.
    CHECK_EQUAL(recordOf({"silent"})["session"].get<int>(), 2);
    // Without files there is nothing to evaluate, whatever else lies in this folder.
    CHECK_EQUAL(workplace().run({"export", "silent", "silent.zip"}).status, 0);
    CHECK_EQUAL(
        workplace().run({"import", "silent.zip", "--without-files", "--db", "bare.db"}).status, 0);
    CHECK_EQUAL(evalOf({"silent", "--db", "bare.db"}).status, 2);
    const Outcome missing = evalOf({"silent@1"});
    CHECK_EQUAL(missing.status, 2);
    CHECK(contains(missing.err, "kept: 0, 2"));
    CHECK_EQUAL(evalOf({"1@x"}).status, 2);
    CHECK_EQUAL(evalOf({"1@7"}).status, 2);
    CHECK_EQUAL(evalOf({"model"}).status, 2); // a model that is no run's has no study
}

void storedRecordsAreReadWithoutTheModel()
{
    const Json stored = recordOf({"1@1", "--stored"});
    const auto written =
        readJsonFile(workplace().path() / "clwb.db.files" / "run-1" / "eval-1.json");
    if (CHECK_OK(written))
        CHECK(stored == *written);
    // A27: the same counts with the seen classes competing, as an evaluation would have it.
    const Json seen = recordOf({"1@1", "--stored", "--label-space", "seen"});
    const Json fresh = recordOf({"1@1", "--label-space", "seen"});
    CHECK(seen == fresh);
    CHECK_EQUAL(seen["ut"]["label_space"].get<std::string>(), "seen");
    int hits = 0;
    for (const Json& count : seen["ut"]["seen_hits"])
        hits += count.get<int>();
    CHECK(std::abs(seen["ut"]["overall"].get<double>() - 100.0 * hits / 12) < 1e-12);
    CHECK(recordOf({"1@0", "--stored", "--label-space", "seen"}) == recordOf({"1@0", "--stored"}));
    CHECK_EQUAL(recordOf({"1", "--stored", "--split", "val"})["split"].get<std::string>(), "val");
    CHECK_EQUAL(evalOf({"silent", "--stored"}).status, 2);
    CHECK_EQUAL(evalOf({"1", "--stored", "--what", "ut"}).status, 2);
}

/// An RKR directory with the scales `scale` and 2 − `scale` in turn (LayerNorm would undo equal
/// ones), written by hand: header and float32 values.
void writeRkr(const std::filesystem::path& folder, const std::filesystem::path& base,
              const std::string& baseSha256, float scale)
{
    std::filesystem::create_directories(folder);
    for (const char* name : {"vocab.json", "merges.txt", "config.json", "preprocessor_config.json"})
        std::filesystem::copy_file(base / name, folder / name);
    std::ofstream(folder / "base.json")
        << Json{{"path", base.string()}, {"sha256", baseSha256}}.dump();
    const auto config = readJsonFile(base / "config.json");
    if (!CHECK_OK(config))
        return;
    Json header{{"__metadata__", {{"placement", "block_output"}}}};
    size_t bytes = 0;
    for (const char* tower : {"text", "vision"}) {
        const Json& sizes = (*config)[std::string(tower) + "_config"];
        for (int layer = 0; layer < sizes["num_hidden_layers"].get<int>(); ++layer) {
            const auto width = sizes["hidden_size"].get<size_t>();
            header[std::string(tower) + "_model.encoder.layers." + std::to_string(layer) +
                   ".rkr_scale"] = {
                {"dtype", "F32"}, {"shape", {width}}, {"data_offsets", {bytes, bytes + 4 * width}}};
            bytes += 4 * width;
        }
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::ofstream file(folder / "rkr.safetensors", std::ios::binary);
    const uint64_t length = text.size(); // little-endian, as this machine is
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << text;
    for (size_t i = 0; i < bytes / 4; ++i) {
        const float value = i % 2 == 0 ? scale : 2 - scale;
        file.write(reinterpret_cast<const char*>(&value), 4);
    }
}

void modelsOfEveryFormGiveTheSame()
{
    const auto whole = [](const std::string& model) {
        return recordOf({model, "--study", "study/study.json", "--what", "ut,zs"});
    };
    const Json plain = whole("model");
    const auto folder = workplace().path();
    // A single file beside its vocabulary.
    std::filesystem::create_directories(folder / "single");
    for (const char* name : {"model.safetensors", "vocab.json", "merges.txt", "config.json",
                             "preprocessor_config.json"})
        std::filesystem::copy_file(folder / "model" / name, folder / "single" / name);
    CHECK(whole("single/model.safetensors") == plain);
    // Scales of 1 change nothing but the model's identity, other scales change the answers.
    const auto sha256 = plain["model_sha256"].get<std::string>();
    writeRkr(folder / "rkr-one", folder / "model", sha256, 1.0F);
    writeRkr(folder / "rkr-half", folder / "model", sha256, 0.5F);
    const Json one = whole("rkr-one");
    CHECK(one["ut"] == plain["ut"] && one["zs"] == plain["zs"]);
    CHECK(one["model_sha256"] != plain["model_sha256"]);
    const Json half = whole("rkr-half");
    CHECK(half["ut"]["confusion"] != plain["ut"]["confusion"] || half["zs"] != plain["zs"]);
    std::filesystem::remove(folder / "rkr-one" / "base.json");
    CHECK_EQUAL(evalOf({"rkr-one", "--study", "study/study.json"}).status, 3);
    CHECK_EQUAL(evalOf({"study", "--study", "study/study.json"}).status, 3);
}

void shufflesComeWithThePlainOrder()
{
    const Json record = recordOf({"1", "--what", "shuffle", "--shuffle-seeds", "0,5"});
    std::vector<std::string> sets;
    for (const Json& set : record["retrieval"])
        sets.push_back(set["name"].get<std::string>() +
                       (set.contains("shuffle_seed") ? set["shuffle_seed"].dump() : ""));
    CHECK(sets == (std::vector<std::string>{"tiny", "tiny0", "tiny5", "Flickr30k", "Flickr30k0",
                                            "Flickr30k5"}));
    CHECK(!record.contains("ut") && !record.contains("a_acc"));
    const Outcome said = evalOf({"1", "--what", "shuffle", "--shuffle-seeds", "0,5"});
    CHECK(contains(said.err, "tiny, words shuffled (2 seeds): TR@1"));
    CHECK(contains(said.err, "±"));
    CHECK_EQUAL(evalOf({"1", "--what", "shuffle", "--shuffle-seeds", "1,1"}).status, 2);
}

void theValidationSplitIsItsOwn()
{
    const Json record = recordOf({"1", "--split", "val"});
    CHECK_EQUAL(record["split"].get<std::string>(), "val");
    CHECK_EQUAL(record["retrieval"][1]["images"].get<int>(), 3);
    CHECK(record["zs"]["totals"] == Json({3, 3, 3}));
    // A study without validation data says so.
    auto study = readJsonFile(workplace().path() / "study" / "study.json");
    if (!CHECK_OK(study))
        return;
    study->erase("zero_shot_validation");
    std::ofstream(workplace().path() / "study" / "no-val.json") << study->dump();
    const Outcome all = evalOf({"1", "--study", "study/no-val.json", "--split", "val"});
    CHECK_EQUAL(all.status, 0);
    CHECK(contains(all.err, "not evaluated: zs: the study has no zero_shot_validation"));
    const Outcome asked =
        evalOf({"1", "--study", "study/no-val.json", "--split", "val", "--what", "zs"});
    CHECK_EQUAL(asked.status, 2);
    CHECK(contains(asked.err, "zero_shot_validation"));
    study->erase("updated_task");
    study->erase("retrieval");
    std::ofstream(workplace().path() / "study" / "only-zs.json") << study->dump();
    const Outcome run =
        workplace().run({"run", "--set", "study=study/only-zs.json", "--set", "model=model",
                         "--set", "kind=original", "--set", "evaluate.validation=true"});
    CHECK_EQUAL(run.status, 2);
    CHECK(contains(run.err, "validation split"));
}

void metricsOfFurtherSetsBearTheirName()
{
    const Outcome show = workplace().run({"show", "1"});
    CHECK(contains(show.out, "Flickr30k TR@1"));
    CHECK(contains(show.out, "val Flickr30k IR@10"));
}

void missingImagesAreCountedAndNamed()
{
    const auto folder = workplace().path() / "study" / "flickr";
    std::filesystem::rename(folder / "flickr_1.bmp", folder / "away");
    const Outcome outcome = evalOf({"1"});
    std::filesystem::rename(folder / "away", folder / "flickr_1.bmp");
    CHECK_EQUAL(outcome.status, 3);
    CHECK(contains(outcome.err, "1 problem"));
    CHECK(contains(outcome.err, "flickr_1.bmp"));
}

void foreignModelsStandInTheTables()
{
    CHECK_EQUAL(evalOf({"model", "--study", "study/study.json", "--record", "--name", "foreign",
                        "--db", "tables.db"})
                    .status,
                0);
    CHECK_EQUAL(evalOf({"1@1", "--record", "--name", "halfway", "--db", "clwb.db"}).status, 0);
    const Outcome table =
        workplace().run({"table", "mst", "--db", "tables.db", "--format", "markdown"});
    CHECK(contains(table.out, "foreign"));
    CHECK(!contains(table.out, "Original CLIP"));
    const Outcome halfway = workplace().run({"list", "--origin", "imported"});
    CHECK(contains(halfway.out, "halfway"));
    CHECK_EQUAL(evalOf({"model", "--study", "study/study.json", "--name", "x"}).status, 2);
}

void calibrationSaysWhatDoesNotApply()
{
    const Outcome text =
        workplace().run({"calibrate", "--model", "model", "--study", "study/study.json"});
    CHECK(text.status == 0 || text.status == 1); // random weights may or may not beat guessing
    for (const char* part : {"finite, of unit length", "all different", "alone as in a batch",
                             "not compared, since they do not apply", "OpenAI's ViT-B/32",
                             "no session has the classes", "recalls rise with k"})
        CHECK(contains(text.out, part));
    const Outcome json =
        workplace().run({"calibrate", "--model", "model", "--study", "study/study.json", "--json"});
    const auto report = parseJson(json.out, "report");
    if (CHECK_OK(report)) {
        CHECK_EQUAL((*report)["failed"].get<int>() == 0, json.status == 0);
        CHECK((*report)["skipped"].get<int>() >= 6);
    }
    CHECK_EQUAL(workplace().run({"calibrate", "--model", "model"}).status, 2);
    CHECK_EQUAL(
        workplace().run({"calibrate", "--model", "none", "--study", "study/study.json"}).status, 3);
}

} // namespace

int main()
{
    RUN_CASE(makesTheRun);
    RUN_CASE(recordHasTheInterfacesKeys);
    RUN_CASE(everySessionOfARunIsThere);
    RUN_CASE(storedRecordsAreReadWithoutTheModel);
    RUN_CASE(modelsOfEveryFormGiveTheSame);
    RUN_CASE(shufflesComeWithThePlainOrder);
    RUN_CASE(theValidationSplitIsItsOwn);
    RUN_CASE(metricsOfFurtherSetsBearTheirName);
    RUN_CASE(missingImagesAreCountedAndNamed);
    RUN_CASE(foreignModelsStandInTheTables);
    RUN_CASE(calibrationSaysWhatDoesNotApply);
    return result();
}
