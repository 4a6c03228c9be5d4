// SPDX-License-Identifier: GPL-3.0-or-later
// What whole runs leave in the project besides their metrics: predictions, ranks and thumbnails
// that agree with the records, and are shared by later runs.
#include "core/data/image_decode.h"
#include "core/data/thumbnail.h"
#include "core/run/stored_branch.h"
#include "core/run/workspace.h"
#include "core/store/details.h"
#include "core/store/sqlite.h"
#include "tests/core/run/tiny_runs.h"

#include <QScopeGuard>
#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

using namespace clwb;
using store::Direction;

namespace fs = std::filesystem;

class TestRunDetails : public QObject
{
    Q_OBJECT

private:
    /// A stored run of two sessions' training and its number.
    int64_t execute(const fs::path& project, const std::string& details, uint64_t seed = 0)
    {
        return execute(m_runs, project, details, seed);
    }
    static int64_t execute(const test::TinyRuns& runs, const fs::path& project,
                           const std::string& details, uint64_t seed)
    {
        spec::RunSpec spec = runs.request("x", "ft").spec;
        spec.setting = "MST";
        spec.evaluate.after = "session";
        spec.evaluate.details = details;
        spec.schedule.epochs = 1;
        spec.seed = seed;
        run::StoredRunSetting setting;
        setting.project = project;
        const auto stored = run::executeNewRun(spec, {}, setting);
        test::require(stored);
        if (stored->error)
            qFatal("%s", toText(*stored->error).c_str());
        return stored->runId;
    }

    /// A branch of a run after its first session and its number.
    int64_t branch(const fs::path& file, int64_t source, const std::vector<std::string>& sets)
    {
        const auto prepared =
            run::prepareBranch(open(file), source, 1, [&sets](const Json& document) {
                return spec::resolveRunSpec(document, {}, sets);
            });
        test::require(prepared);
        run::StoredRunSetting setting;
        setting.project = file;
        const auto stored = run::executeBranch(prepared->spec, {}, prepared->start, setting);
        test::require(stored);
        if (stored->error)
            qFatal("%s", toText(*stored->error).c_str());
        return stored->runId;
    }

    /// Mean colour of the middle square of a golden picture of 17×11 pixels, as Pillow reads it.
    static std::array<double, 3> meanOfGolden(const fs::path& golden, const std::string& file)
    {
        const auto document = readJsonFile(golden / "pictures.json");
        test::require(document);
        std::array<double, 3> mean{};
        for (const Json& entry : (*document)["decode"]) {
            if (entry["file"] != file || entry["orientation"] != "ignore")
                continue;
            const auto pixels = entry["rgb"].get<std::string>();
            for (size_t y = 0; y < 11; ++y) {
                for (size_t x = 3; x < 14; ++x) {
                    for (size_t channel = 0; channel < 3; ++channel) {
                        const size_t at = 2 * (3 * (17 * y + x) + channel);
                        mean[channel] += std::stoi(pixels.substr(at, 2), nullptr, 16) / 121.0;
                    }
                }
            }
        }
        return mean;
    }

    store::Project open(const fs::path& file)
    {
        auto project = store::Project::open(file, store::OpenMode::ReadOnly);
        test::require(project);
        return std::move(*project);
    }

    test::TinyRuns m_runs;

private Q_SLOTS:
    void detailsAgreeWithTheRecords()
    {
        const fs::path file = m_runs.root() / "agree.db";
        const int64_t runId = execute(file, "last");
        const store::Project project = open(file);
        const auto records = project.evaluations(runId);
        test::require(records);
        QCOMPARE(records->size(), size_t{4});
        for (const metrics::EvaluationRecord& record : *records) {
            const auto ut = store::predictions(project, runId, record.session, "ut");
            test::require(ut);
            const auto items = store::predictionItems(project, ut->listId);
            test::require(items);
            auto confusion = record.ut->confusion;
            for (size_t i = 0; i < items->labels.size(); ++i) {
                const int32_t best = ut->classes[i * static_cast<size_t>(ut->top)];
                --confusion[static_cast<size_t>(items->labels[i])][static_cast<size_t>(best)];
                QCOMPARE(ut->truthRanks[i] == 0, best == items->labels[i]);
            }
            for (const auto& row : confusion)
                for (const int64_t left : row)
                    QCOMPARE(left, int64_t{0});
            const auto zs = store::predictions(project, runId, record.session, "zs");
            test::require(zs);
            const int64_t hits = std::count(zs->truthRanks.begin(), zs->truthRanks.end(), 0);
            QCOMPARE(hits,
                     std::accumulate(record.zs->hits.begin(), record.zs->hits.end(), int64_t{0}));
            const metrics::RetrievalRecord& set = record.retrieval.at(0);
            const auto texts =
                store::queries(project, runId, record.session, set.name, Direction::TextToImage);
            const bool isKept = record.session == 0 || record.session == 3;
            QCOMPARE(texts.has_value(), isKept);
            if (!isKept)
                continue;
            for (size_t q = 0; q < texts->size(); ++q) {
                // The metrics count strictly better ones; here ties go by file order.
                const auto list =
                    store::candidates(project, runId, record.session, set.name,
                                      Direction::TextToImage, static_cast<int32_t>(q));
                test::require(list);
                const auto truth = std::find_if(list->begin(), list->end(),
                                                [](const auto& each) { return each.isRelevant; });
                QVERIFY(truth != list->end() && truth->rank == (*texts)[q].bestRank);
                QVERIFY(set.captionRanks[q] <= *(*texts)[q].bestRank);
                const auto better =
                    std::count_if(list->begin(), list->end(), [&](const auto& each) {
                        return each.score > truth->score + 2e-5;
                    });
                QVERIFY(better <= set.captionRanks[q]);
            }
        }
    }

    void thumbnailsShowTheirPictures()
    {
        if (!data::hasImageDecoder())
            QSKIP("a build without OpenCV makes no thumbnails");
        const fs::path file = m_runs.root() / "thumbnails.db";
        execute(file, "last");
        const store::Project project = open(file);
        const auto study = spec::readStudy(m_runs.root() / "study" / "study.json");
        test::require(study);
        const auto pictures = run::openPictures(*study, 16);
        test::require(pictures);
        const auto index = store::detailIndex(project);
        test::require(index);
        int seen = 0;
        for (const store::PredictionEntry& entry : index->predictions) {
            if (entry.session != 0)
                continue;
            const auto items = store::predictionItems(project, entry.listId);
            test::require(items);
            for (const int64_t imageId : items->images) {
                const auto jpeg = store::thumbnail(project, imageId);
                test::require(jpeg);
                const auto place = store::imagePlace(project, imageId);
                test::require(place);
                const auto* bytes = reinterpret_cast<const uint8_t*>(jpeg->data());
                const auto picture =
                    data::decodeImage({bytes, jpeg->size()}, data::Orientation::Ignore);
                test::require(picture);
                QVERIFY(picture->width == 16 && picture->height == 16);
                QVERIFY(place->width > 0 && place->height > 0);
                data::Item item;
                item.file = study->file.parent_path() / place->path;
                item.box = place->box;
                std::vector<uint8_t> pixels(3 * 16 * 16);
                auto& cache = entry.part == "ut" ? *pictures->crops : *pictures->whole;
                test::require(cache.fetch(item, pixels.data()));
                double difference = 0;
                for (size_t i = 0; i < pixels.size(); ++i)
                    difference += std::abs(double(picture->pixels[i]) - double(pixels[i]));
                // Flat shapes of strong colours at the smallest size: colour is kept at half of it.
                QVERIFY2(difference / static_cast<double>(pixels.size()) < 25,
                         qPrintable(QString::number(difference / double(pixels.size()))));
                ++seen;
            }
        }
        QVERIFY(seen > 10);
        // Broken pictures have none, and a second run adds none.
        const auto before = *project.database().integer("SELECT count(*) FROM thumbnail");
        const auto images = *project.database().integer("SELECT count(*) FROM image");
        const auto results = *project.database().integer("SELECT count(*) FROM prediction");
        execute(file, "last", 1);
        QCOMPARE(*project.database().integer("SELECT count(*) FROM thumbnail"), before);
        QCOMPARE(*project.database().integer("SELECT count(*) FROM image"), images);
        // Session 0 is that of the first run.
        QCOMPARE(*project.database().integer("SELECT count(*) FROM prediction"), *results + 6);
    }

    /// What cannot be used is left out; the rest looks like Pillow's pixels, whatever its form.
    void thumbnailsOfOddPictures()
    {
        if (!data::hasImageDecoder())
            QSKIP("a build without OpenCV makes no thumbnails");
        const fs::path golden = fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "data";
        const std::map<std::string, std::string> good{{"cmyk.jpg", "cmyk.jpg"},
                                                      {"grey16.png", "grey16.png"},
                                                      {"turned6.jpg", "turned6.jpg"},
                                                      {"wrong.jpg", "rgb.png"}};
        const auto cacheOfOthers =
            qScopeGuard([this] { ::setenv("CLWB_CACHE", (m_runs.root() / "cache").c_str(), 1); });
        const test::TinyRuns runs;
        const fs::path study = runs.root() / "study";
        const fs::path folder = study / "zs" / "pink_square";
        for (const auto& [name, source] : good)
            fs::copy_file(golden / source, folder / name);
        for (const char* name : {"cut.jpg", "empty.jpg"})
            fs::copy_file(golden / name, folder / name);
        auto document = readJsonFile(study / "study.json");
        test::require(document);
        (*document)["zero_shot"]["images_per_class"] = 0; // all
        (*document)["images"]["allow_missing"] = true;
        test::require(writeFileAtomically(study / "study.json", document->dump()));
        const fs::path file = runs.root() / "odd.db";
        execute(runs, file, "last", 0);
        const store::Project project = open(file);
        const auto index = store::detailIndex(project);
        test::require(index);
        const auto entry =
            std::find_if(index->predictions.begin(), index->predictions.end(),
                         [](const auto& each) { return each.session == 0 && each.part == "zs"; });
        QVERIFY(entry != index->predictions.end());
        const auto items = store::predictionItems(project, entry->listId);
        test::require(items);
        std::map<std::string, int64_t> images;
        for (const int64_t id : items->images) {
            const auto place = store::imagePlace(project, id);
            test::require(place);
            images[fs::path(place->path).filename().string()] = id;
        }
        QVERIFY(!images.contains("cut.jpg") && !images.contains("empty.jpg"));
        for (const auto& [name, source] : good) {
            QVERIFY2(images.contains(name), name.c_str());
            const auto jpeg = store::thumbnail(project, images[name]);
            test::require(jpeg);
            const auto* bytes = reinterpret_cast<const uint8_t*>(jpeg->data());
            const auto shown = data::decodeImage({bytes, jpeg->size()}, data::Orientation::Ignore);
            test::require(shown);
            QVERIFY(shown->width == 16 && shown->height == 16); // as the model gets it
            const std::array<double, 3> wanted = meanOfGolden(golden, source);
            for (size_t channel = 0; channel < 3; ++channel) {
                double sum = 0;
                for (size_t i = channel; i < shown->pixels.size(); i += 3)
                    sum += shown->pixels[i];
                QVERIFY2(std::abs(sum / (16 * 16) - wanted[channel]) < 16,
                         qPrintable(QString::fromStdString(name) + QLatin1Char(' ') +
                                    QString::number(sum / (16 * 16)) + QLatin1Char(' ') +
                                    QString::number(wanted[channel])));
            }
        }
    }

    void settingSaysWhatIsKept()
    {
        const fs::path file = m_runs.root() / "kept.db";
        const int64_t none = execute(file, "none");
        const int64_t all = execute(file, "all", 1);
        const store::Project project = open(file);
        QVERIFY(store::detailIndex(project, none)->predictions.empty());
        QCOMPARE(store::detailIndex(project, all)->predictions.size(), size_t{8});
        QCOMPARE(store::detailIndex(project, all)->retrieval.size(), size_t{4});
        // The numbers do not depend on it: equal configurations.
        const auto hashes =
            project.database().integer("SELECT count(DISTINCT configuration_hash) FROM run");
        QCOMPARE(**hashes, int64_t{1});
    }

    void branchesHaveTheDetailsOfTheSessionsTheyTookOver()
    {
        const fs::path file = m_runs.root() / "branch.db";
        const int64_t source = execute(file, "all");
        const int64_t branched = branch(file, source, {});
        {
            const store::Project project = open(file);
            const auto index = store::detailIndex(project, branched);
            test::require(index);
            QCOMPARE(index->predictions.size(), size_t{8}); // two parts of sessions 0 … 3
            QCOMPARE(index->retrieval.size(), size_t{4});
            for (const int session : {0, 1}) {
                for (const char* part : {"ut", "zs"}) {
                    const auto own = store::predictions(project, branched, session, part);
                    const auto left = store::predictions(project, source, session, part);
                    test::require(own);
                    test::require(left);
                    QVERIFY(own->classes == left->classes &&
                            own->probabilities == left->probabilities);
                }
                const auto own =
                    store::queries(project, branched, session, "tiny", Direction::TextToImage);
                const auto left =
                    store::queries(project, source, session, "tiny", Direction::TextToImage);
                test::require(own);
                test::require(left);
                QVERIFY(!own->empty() && own->size() == left->size());
            }
        }
        // The settings of the new run count, and what it uses outlives the run that it left.
        const int64_t bare = branch(file, source, {"evaluate.details=none"});
        {
            auto project = store::Project::open(file, store::OpenMode::ReadWrite);
            test::require(project);
            QVERIFY(store::detailIndex(*project, bare)->predictions.empty());
            test::require(project->purge(source));
            const auto kept = store::predictions(*project, branched, 1, "ut");
            test::require(kept);
            QVERIFY(!kept->classes.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestRunDetails)
#include "tst_run_details.moc"
