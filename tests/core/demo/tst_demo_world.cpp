// SPDX-License-Identifier: GPL-3.0-or-later
// Tests the written demo world: the same bytes for any thread count, formats, bounds, clean stops.
#include "core/base/json.h"
#include "core/base/sha256.h"
#include "core/demo/concepts.h"
#include "core/demo/demo_world.h"
#include "core/demo/glyphs.h"
#include "core/spec/study.h"

#include <opencv2/imgcodecs.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

using namespace clwb;
using namespace clwb::demo;
namespace fs = std::filesystem;

namespace
{

// Large enough to hold every kind of picture, small enough for a second.
DemoOptions smallWorld(int threads)
{
    DemoOptions options;
    options.sizes.cropsPerClass = {2, 1, 1};
    options.sizes.retrievalScenes = {6, 4, 10};
    options.sizes.zeroShotImages = 1;
    options.threads = threads;
    return options;
}

std::map<std::string, std::string> hashes(const fs::path& dir)
{
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(dir)) {
        if (entry.is_regular_file())
            result[fs::relative(entry.path(), dir).string()] = *sha256HexOfFile(entry.path());
    }
    return result;
}

} // namespace

class TestDemoWorld : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void bytesDoNotDependOnTheThreadsAndProgressCountsAll();
    void studyReadsWithoutComplaint();
    void annotationsFitTheirPictures();
    void splitFilesNameExistingPictures();
    void zeroShotFoldersHoldTheirPictures();
    void usedFoldersAreRefused();
    void aStopLeavesNothingBehind();
    void missingFontIsAClearError();

private:
    QTemporaryDir m_folder;
    fs::path m_world;
    int m_images = 0;
};

void TestDemoWorld::initTestCase()
{
    if (!GlyphFont::open(defaultEmojiFont()))
        QSKIP("the colour emoji font is not installed");
    m_world = fs::path(m_folder.path().toStdString()) / "world";
    const auto made = makeDemoWorld(m_world, {}, {}, smallWorld(1));
    QVERIFY2(made.has_value(), made ? "" : toText(made.error()).c_str());
    QCOMPARE(made->study, m_world / "study.json");
    QCOMPARE(made->sessions, 8);
    QCOMPARE(made->classes, 80);
    QCOMPARE(made->zeroShotClasses, 351);
    QCOMPARE(made->zeroShotValidationClasses, 160);
    QCOMPARE(made->trainCrops, 160);
    QCOMPARE(made->validationCrops, 80);
    QCOMPARE(made->testCrops, 80);
    QCOMPARE(made->retrievalScenes, 10);
    m_images = made->images;
}

void TestDemoWorld::bytesDoNotDependOnTheThreadsAndProgressCountsAll()
{
    const fs::path other = m_world.parent_path() / "other";
    std::vector<int> done;
    const auto count = [&](int pictures, int total) {
        done.push_back(pictures);
        QCOMPARE(total, m_images);
    };
    QVERIFY(makeDemoWorld(other, {}, count, smallWorld(3)).has_value());
    QCOMPARE(static_cast<int>(done.size()), m_images);
    QVERIFY(std::is_sorted(done.begin(), done.end()));
    QCOMPARE(done.back(), m_images);
    const auto first = hashes(m_world);
    QVERIFY(first == hashes(other));
    const auto pictures = std::count_if(first.begin(), first.end(), [](const auto& entry) {
        return entry.first.ends_with(".jpg");
    });
    QCOMPARE(static_cast<int>(pictures), m_images);
}

void TestDemoWorld::studyReadsWithoutComplaint()
{
    const auto study = spec::readStudy(m_world / "study.json");
    QVERIFY2(study.has_value(), study ? "" : toText(study.error()).c_str());
    QCOMPARE(study->prompt, std::string("this is a photo of {}."));
    QCOMPARE(study->preset, std::string("demo"));
    QVERIFY(study->updatedTask && study->zeroShot && study->zeroShotValidation);
    QCOMPARE(study->updatedTask->kind, std::string("coco"));
    QCOMPARE(study->updatedTask->sessions.count, 8);
    QCOMPARE(study->zeroShot->imagesPerClass, 1);
    QCOMPARE(study->retrieval.size(), size_t{1});
    QCOMPARE(study->retrieval.front().folds, 5);
}

void TestDemoWorld::annotationsFitTheirPictures()
{
    std::set<int64_t> annotationIds;
    for (const char* name : {"instances_train2014.json", "instances_val2014.json"}) {
        const auto json = readJsonFile(m_world / "annotations" / name);
        QVERIFY(json.has_value());
        QCOMPARE((*json)["categories"].size(), size_t{80});
        QCOMPARE((*json)["categories"][0]["name"].get<std::string>(), std::string("dog"));
        const char* folder =
            std::string(name).find("train") != std::string::npos ? "train2014" : "val2014";
        std::map<int64_t, std::pair<int, int>> sizes;
        for (const Json& image : (*json)["images"]) {
            const fs::path file = m_world / "coco" / folder / image["file_name"].get<std::string>();
            const cv::Mat picture = cv::imread(file.string());
            QCOMPARE(picture.cols, image["width"].get<int>());
            QCOMPARE(picture.rows, image["height"].get<int>());
            sizes[image["id"].get<int64_t>()] = {picture.cols, picture.rows};
        }
        for (const Json& annotation : (*json)["annotations"]) {
            QVERIFY(annotationIds.insert(annotation["id"].get<int64_t>()).second);
            const auto box = annotation["bbox"].get<std::vector<int>>();
            const auto [width, height] = sizes.at(annotation["image_id"].get<int64_t>());
            QVERIFY(box[0] >= 0 && box[1] >= 0 && box[2] > 0 && box[3] > 0);
            QVERIFY(box[0] + box[2] <= width && box[1] + box[3] <= height);
            const int category = annotation["category_id"].get<int>();
            QVERIFY(category >= 1 && category <= 80);
        }
    }
    QCOMPARE(annotationIds.size(), size_t{320});
}

void TestDemoWorld::splitFilesNameExistingPictures()
{
    for (const auto& [name, root] :
         {std::pair{"dataset_crops.json", "coco"}, std::pair{"dataset_scenes.json", "scenes"}}) {
        const auto json = readJsonFile(m_world / name);
        QVERIFY(json.has_value());
        std::map<std::string, int> splits;
        std::set<int64_t> sentences;
        for (const Json& image : (*json)["images"]) {
            ++splits[image["split"].get<std::string>()];
            fs::path file = m_world / root;
            if (image.contains("filepath"))
                file /= image["filepath"].get<std::string>();
            QVERIFY(fs::is_regular_file(file / image["filename"].get<std::string>()));
            QCOMPARE(image["sentences"].size(), size_t{5});
            for (const Json& sentence : image["sentences"]) {
                QVERIFY(!sentence["raw"].get<std::string>().empty());
                QVERIFY(sentences.insert(sentence["sentid"].get<int64_t>()).second);
            }
        }
        QCOMPARE(splits.size(), size_t{3});
        if (std::string(root) == "scenes")
            QCOMPARE(splits["test"], 10);
    }
}

void TestDemoWorld::zeroShotFoldersHoldTheirPictures()
{
    std::map<std::string, std::string> names;
    std::ifstream nameFile(m_world / "names.tsv");
    for (std::string line; std::getline(nameFile, line);) {
        const auto columns = splitText(line, '\t');
        QCOMPARE(columns.size(), size_t{2});
        QVERIFY(names.emplace(columns[0], columns[1]).second);
        QVERIFY(conceptByName(columns[1]) >= 0);
    }
    QCOMPARE(names.size(), size_t{511});
    for (const auto& [set, count] :
         {std::pair{"zero_shot", 351}, std::pair{"zero_shot_validation", 160}}) {
        std::ifstream list(m_world / (std::string(set) + ".csv"));
        int classes = 0;
        for (std::string line; std::getline(list, line); ++classes) {
            const std::string folder = splitText(line, ',').front();
            QVERIFY(names.contains(folder));
            QVERIFY(fs::is_regular_file(m_world / set / folder / "000.jpg"));
        }
        QCOMPARE(classes, count);
    }
}

void TestDemoWorld::usedFoldersAreRefused()
{
    const auto again = makeDemoWorld(m_world, {}, {}, smallWorld(1));
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Usage);
    QVERIFY(!hasDemoWorld(m_world.parent_path()));
}

void TestDemoWorld::aStopLeavesNothingBehind()
{
    const fs::path parent = m_world.parent_path() / "stopped";
    StopSource stop;
    const auto made = makeDemoWorld(
        parent / "world", stop.token(),
        [&](int done, int) {
            if (done == 20)
                stop.requestStop();
        },
        smallWorld(2));
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Stopped);
    QVERIFY(fs::is_empty(parent));
}

void TestDemoWorld::missingFontIsAClearError()
{
    DemoOptions options = smallWorld(1);
    options.font = m_world / "README.txt";
    const auto made = makeDemoWorld(m_world.parent_path() / "fontless", {}, {}, options);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Data);
    QVERIFY(made.error().hint.find("fonts-noto-color-emoji") != std::string::npos);
    QVERIFY(!fs::exists(m_world.parent_path() / "fontless"));
}

QTEST_APPLESS_MAIN(TestDemoWorld)
#include "tst_demo_world.moc"
