// SPDX-License-Identifier: GPL-3.0-or-later
// bench_query DIR [MODEL]: how long a free text takes on two models of a project and 5 000 pictures
// whose embeddings are kept: what the Retrieval page waits for. Without MODEL both have a text
// tower of the size of ViT-B/32's and random weights; with it, it and its copy are asked. DIR is
// filled once with the study, the models, the embeddings and the project.
#include "core/model/clip_model.h"
#include "core/model/initialize.h"
#include "core/run/project_query.h"
#include "core/store/run_writer.h"
#include "core/text/bpe_learner.h"
#include "core/weights/model_directory.h"
#include "tests/bench/offline.h"
#include "tests/support/tiny_study.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace clwb;
using bench::must;
using bench::towerOf;
namespace fs = std::filesystem;

namespace
{

constexpr int kImages = 5000;
constexpr int kCaptions = 5; // of each image
constexpr int kFolds = 5;
constexpr int kBest = 20;
constexpr int kQueries = 20;

double millisecondsOf(const std::function<void()>& act)
{
    const auto start = std::chrono::steady_clock::now();
    act();
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    return time.count();
}

/// The picture tower is small: it is not asked once the embeddings are there.
void writeModel(const fs::path& folder, uint64_t seed)
{
    const std::vector<std::string> texts{"a red square beside a green disc",
                                         "there is a yellow bar next to a blue cross",
                                         "a photo of a pink square, a cyan disc and a black cross"};
    const text::Tokenizer tokenizer = must(text::learnVocabulary(texts, 600));
    weights::ClipConfig config;
    config.vision = towerOf(64, 1);
    config.vision.imageSize = 32;
    config.vision.patch = 16;
    config.text = towerOf(512, 12);
    config.text.context = 77;
    config.text.vocabulary = tokenizer.vocabularySize();
    config.projection = 512;
    weights::PreprocessConfig preprocess;
    preprocess.size = 32;
    weights::DirectoryContent content;
    content.configText = weights::configToJson(config).dump(2) + "\n";
    content.preprocessorText = weights::preprocessToJson(preprocess).dump(2) + "\n";
    const model::Parameters parameters = model::randomParameters(config, seed, std::log(100.0));
    const model::HostViews host = model::hostViews(parameters);
    must(weights::writeModelDirectory(folder, content, host.views));
    must(tokenizer.save(folder));
}

/// Ranks of no meaning, as many as an evaluation keeps: the best of the query's fold, none true.
metrics::DirectionDetails ranksOf(int queries, int candidates, int truthsOfQuery)
{
    metrics::DirectionDetails details;
    const int inFold = candidates / kFolds;
    for (int query = 0; query < queries; ++query) {
        const int begin = query / (queries / kFolds) * inFold;
        const auto firstTruth = static_cast<int>(int64_t{query} * candidates / queries);
        for (int rank = 0; rank < kBest; ++rank)
            details.top.push_back(
                {begin + (firstTruth - begin + truthsOfQuery + rank) % inFold, 0.5f});
        for (int truth = 0; truth < truthsOfQuery; ++truth)
            details.truths.push_back({firstTruth + truth, inFold / 2 + truth, 0.1f});
        details.topBegin.push_back(static_cast<uint32_t>(details.top.size()));
        details.truthBegin.push_back(static_cast<uint32_t>(details.truths.size()));
    }
    return details;
}

/// One run that began with a model and ended with another.
void writeProject(const fs::path& file, const fs::path& study, const run::ProjectQuery& a,
                  const run::ProjectQuery& b, const fs::path& first, const fs::path& last)
{
    must(store::Project::open(file, store::OpenMode::CreateIfMissing));
    auto items = std::make_shared<metrics::HashedList>();
    items->list.kind = "retrieval";
    items->list.name = a.setName;
    items->list.folds = kFolds;
    for (int image = 0; image < kImages; ++image) {
        items->list.images.push_back({"coco/" + std::to_string(image) + ".bmp", {}, 1000});
        items->list.captionCounts.push_back(kCaptions);
        for (int caption = 0; caption < kCaptions; ++caption)
            items->list.captions.push_back("picture " + std::to_string(image) + " in words, way " +
                                           std::to_string(caption));
    }
    items->sha256 = metrics::contentHash(items->list);
    auto details = std::make_shared<metrics::EvaluationDetails>();
    metrics::RetrievalDetails& ranked = details->retrieval.emplace_back();
    ranked.items = items;
    ranked.textToImage = ranksOf(kImages * kCaptions, kImages, 1);
    ranked.imageToText = ranksOf(kImages, kImages * kCaptions, kCaptions);
    store::NewRun begun;
    begun.name = "asked";
    begun.resolvedSpec = Json{{"schema", 1},
                              {"kind", "method"},
                              {"method", "ft"},
                              {"option", "WM"},
                              {"setting", "OST"},
                              {"seed", 0},
                              {"study", study.string()},
                              {"model", first.string()}};
    begun.configurationHash = "bench";
    begun.sessions = 1;
    auto writer = must(store::RunWriter::createRun(file, begun));
    for (const auto& [session, query] : {std::pair(0, &a), {1, &b}}) {
        metrics::EvaluationRecord record;
        record.session = session;
        record.setting = "OST";
        record.modelSha256 = query->modelSha256;
        writer->addEvaluation(record, {}, details);
    }
    writer->finish("finished", "", 1);
    must(writer->flush());
    fs::copy(last, writer->folder() / "model", fs::copy_options::recursive);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2 || argc > 3) {
        std::fputs("usage: bench_query DIR [MODEL]\n", stderr);
        return 2;
    }
    const fs::path root = fs::absolute(argv[1]);
    const fs::path file = root / "asked.db";
    const fs::path study = root / "study" / "study.json";
    const fs::path first = argc == 3 ? fs::absolute(argv[2]) : root / "first";
    const fs::path last = root / "last";
    if (fs::exists(file)) {
        std::fprintf(stderr, "%s is there already: name another folder\n", file.c_str());
        return 2;
    }
    fs::create_directories(root);
    if (!fs::exists(study))
        must(test::writeTinyStudy(root / "study", {.retrievalImages = kImages, .folds = kFolds}));
    if (argc == 3) {
        fs::copy(first, last, fs::copy_options::recursive);
    } else {
        writeModel(first, 0);
        writeModel(last, 1);
    }
    run::ProjectQuery a;
    a.runId = 1;
    a.setName = "tiny";
    run::ProjectQuery b = a;
    b.session = 1;
    const double encoding = millisecondsOf([&] {
        run::LiveRetrieval live(root / "embeddings");
        for (const auto& [query, model] : {std::pair(&a, first), {&b, last}}) {
            run::LiveQuery asked;
            asked.model = model;
            asked.study = study;
            asked.setName = query->setName;
            asked.text = "a red square";
            query->modelSha256 = must(live.ask(asked, {})).modelSha256;
        }
    });
    std::printf("5 000 pictures encoded by two models, %.0f, ms\n", encoding);
    writeProject(file, study, a, b, first, last);

    run::LiveRetrieval live(root / "embeddings"); // of the next window
    const auto ask = [&](const std::string& text) {
        return millisecondsOf([&] {
            const auto project = must(store::Project::open(file, store::OpenMode::ReadOnly));
            for (run::ProjectQuery query : {a, b}) {
                query.text = text;
                must(run::askProject(project, live, query, {}));
            }
        });
    };
    std::printf("free text, the first of a window, %.1f, ms\n", ask("a blue cross"));
    std::vector<double> times;
    for (int query = 0; query < kQueries; ++query)
        times.push_back(ask("a yellow bar beside a disc, number " + std::to_string(query)));
    std::sort(times.begin(), times.end());
    std::printf("free text on 5 000 pictures and two models, median, %.1f, ms\n",
                times[times.size() / 2]);
    std::printf("free text on 5 000 pictures and two models, slowest, %.1f, ms\n", times.back());
    return 0;
}
