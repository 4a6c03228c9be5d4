// SPDX-License-Identifier: GPL-3.0-or-later
// What a study selects and what it refuses, on tiny studies that are changed one thing at a time.
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <functional>
#include <set>

namespace fs = std::filesystem;
using namespace clwb;
using namespace clwb::data;

namespace
{

constexpr const char* kSplit = "dataset_tiny.json";
constexpr const char* kTrain = "instances_train.json";
constexpr const char* kStudy = "study.json";

DataNeeds everything()
{
    DataNeeds needs;
    needs.validation = true;
    needs.replayCaptions = true;
    return needs;
}

bool mentions(const std::vector<Problem>& problems, const std::string& text)
{
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
        return (problem.where + ": " + problem.what).find(text) != std::string::npos;
    });
}

} // namespace

class TestDataset : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    fs::path root() const { return m_folder->path().toStdString(); }

    void write(test::TinyStudy::Kind kind = test::TinyStudy::Kind::Coco) const
    {
        test::TinyStudy tiny;
        tiny.kind = kind;
        test::require(test::writeTinyStudy(root(), tiny));
    }

    /// Changes one of the study's JSON files.
    void change(const char* file, const std::function<void(Json&)>& edit) const
    {
        Json document = *readJsonFile(root() / file);
        edit(document);
        test::require(writeFileAtomically(root() / file, document.dump()));
    }

    Result<StudyData> load(const DataNeeds& needs = everything()) const
    {
        CLWB_ASSIGN(const spec::Study study, spec::readStudy(root() / kStudy));
        return loadStudyData(study, needs, {});
    }

    /// The message of a failed load; empty with a note when it did not fail so.
    std::string errorOf(ErrorCode code) const
    {
        const auto data = load();
        return !data && data.error().code == code ? data.error().message : std::string();
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void loadsACocoStudy()
    {
        write();
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY(data->classes == test::tinyClassNames(4));
        QVERIFY((data->sessionOfClass == std::vector<int>{1, 1, 2, 2}));
        QCOMPARE(data->sessions, 2);
        QCOMPARE(data->utTrain.size(), size_t(24));
        QCOMPARE(data->utVal.size(), size_t(12));
        QCOMPARE(data->utTest.size(), size_t(12));
        QCOMPARE(data->utTrain[5].id, std::string("105"));
        QCOMPARE(data->utTrain[5].label, 1); // the sixth box shows class 5 mod 4
        // The generator writes x + 0.25, 2.5 and a side of 30: floor gives [x, 2, x+30, 32].
        QCOMPARE(data->utTrain[5].box.y0, 2);
        QCOMPARE(data->utTrain[5].box.y1, 32);
        QCOMPARE(data->utTrain[5].box.x1 - data->utTrain[5].box.x0, 30);
        QVERIFY(data->utTrain[5].file == root() / "coco/tiny2014/tiny_train_3.bmp");
        QCOMPARE(data->zeroShot.classes.size(), size_t(3));
        QCOMPARE(data->zeroShot.items.size(), size_t(9));
        QCOMPARE(data->zeroShotValidation.items.size(), size_t(9));
        QCOMPARE(data->zeroShot.items[4].label, 1);
        QCOMPARE(data->retrieval.size(), size_t(1));
        QCOMPARE(data->retrieval[0].images.size(), size_t(6));
        QCOMPARE(data->retrieval[0].captions[5].size(), size_t(5));
        QCOMPARE(data->retrievalValidation[0].images.size(), size_t(6));
        QCOMPARE(data->replayCaptions.size(), size_t(60)); // 12 training scenes
        QVERIFY(data->problems.empty());
    }

    void loadsOnlyWhatIsNeeded()
    {
        write();
        DataNeeds needs;
        needs.train = needs.zeroShot = needs.retrieval = false;
        fs::remove_all(root() / "zs");
        const auto data = load(needs);
        QVERIFY(data);
        QVERIFY(data->utTrain.empty() && data->utVal.empty() && data->zeroShot.items.empty());
        QCOMPARE(data->utTest.size(), size_t(12));
    }

    void loadsClassFolders()
    {
        write(test::TinyStudy::Kind::ClassFolders);
        DataNeeds needs = everything();
        needs.replayCaptions = false;
        auto data = load(needs);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY((data->classes ==
                 std::vector<std::string>{"blue cross", "green disc", "red square", "yellow bar"}));
        QCOMPARE(data->utTrain.size(), size_t(24));
        QCOMPARE(data->utTrain[6].id, std::string("green_disc/picture_0.bmp"));
        QCOMPARE(data->utTrain[6].label, 1);
        QCOMPARE(data->utTest.size(), size_t(12));
        // The order of a list, a class without files, a folder of no class.
        QVERIFY(writeFileAtomically(root() / "order.csv", "red_square,x\nnothing\n"));
        change(kStudy, [](Json& study) {
            study["updated_task"]["classes"] = "order.csv";
            study["updated_task"]["sessions"]["order"] = "listed";
        });
        data = load(needs);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY((data->classes == std::vector<std::string>{"red square", "nothing"}));
        QCOMPARE(data->utTrain.size(), size_t(6));
        QVERIFY(mentions(data->problems, "nothing: 1 of 2 classes without training images"));
        QVERIFY(mentions(data->problems, "folder of no class"));
    }

    void skipsCrowdsAndEmptyBoxes()
    {
        write();
        change(kTrain, [](Json& file) {
            file["annotations"][0]["iscrowd"] = 1;
            file["annotations"][1]["bbox"] = {1, 1, 0.2, 20};
            file["annotations"][2]["category_id"] = 77;
            file["annotations"][3]["image_id"] = 4711;
        });
        const auto data = load();
        QVERIFY(data);
        QCOMPARE(data->utTrain.size(), size_t(20));
        for (const char* text : {"1 crowd regions", "1 boxes without",
                                 "1 annotations of an unknown", "1 annotations of an image"})
            QVERIFY2(mentions(data->problems, text), text);
        change(kStudy, [](Json& study) { study["updated_task"]["crop"]["skip_crowd"] = false; });
        QCOMPARE(load()->utTrain.size(), size_t(21));
    }

    void samplesPerClass()
    {
        write();
        change(kStudy, [](Json& study) {
            study["updated_task"]["max_per_class"] = 2;
            study["updated_task"]["seed"] = 5;
        });
        const auto data = load();
        QVERIFY(data);
        QCOMPARE(data->utTrain.size(), size_t(8));
        QCOMPARE(data->utTest.size(), size_t(12)); // only training is sampled
        std::vector<int> counts(4);
        for (const Item& item : data->utTrain)
            ++counts[static_cast<size_t>(item.label)];
        QVERIFY((counts == std::vector<int>{2, 2, 2, 2}));
        const auto isBefore = [](const Item& a, const Item& b) {
            return std::stoi(a.id) < std::stoi(b.id);
        };
        QVERIFY(std::is_sorted(data->utTrain.begin(), data->utTrain.end(), isBefore));
    }

    void imagesWithoutEntryBelongToNoSplit()
    {
        write();
        change(kSplit, [](Json& file) { file["images"].erase(file["images"].begin()); });
        const auto data = load();
        QVERIFY(data);
        QCOMPARE(data->utTrain.size(), size_t(22));
        QVERIFY(mentions(data->problems, "1 images without an entry"));
    }

    void entriesWithoutCocoidAreFoundByName()
    {
        write();
        change(kSplit, [](Json& file) {
            for (Json& image : file["images"])
                image.erase("cocoid");
            file["images"][0]["split"] = "restval";
        });
        const auto data = load();
        QVERIFY(data);
        QCOMPARE(data->utTrain.size(), size_t(22));
    }

    void explicitSessionsAndUnusedCategories()
    {
        write();
        change(kStudy, [](Json& study) {
            study["updated_task"]["sessions"]["classes"] =
                Json::parse(R"([["blue cross"], ["red square", "yellow bar"]])");
        });
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY(
            (data->classes == std::vector<std::string>{"blue cross", "red square", "yellow bar"}));
        QVERIFY((data->sessionOfClass == std::vector<int>{1, 2, 2}));
        QCOMPARE(data->utTrain.size(), size_t(18));
    }

    void missingImagesAreErrorsUnlessAllowed()
    {
        write();
        fs::remove(root() / "coco/tiny2014/tiny_train_1.bmp");
        QVERIFY(writeFileAtomically(root() / "zs/pink_square/picture_1.bmp", "<html>"));
        fs::resize_file(root() / "coco/tiny2014/tiny_test_24.bmp", 500);
        const std::string message = errorOf(ErrorCode::Data);
        for (const char* text : {"3 problems", "tiny_train_1.bmp: missing",
                                 "picture_1.bmp: not a JPEG", "tiny_test_24.bmp: BMP shorter"})
            QVERIFY2(message.find(text) != std::string::npos, (text + message).c_str());
        change(kStudy, [](Json& study) { study["images"]["allow_missing"] = true; });
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->utTrain.size(), size_t(22));
        QCOMPARE(data->utTest.size(), size_t(10));
        QCOMPARE(data->zeroShot.items.size(), size_t(8));
        QCOMPARE(data->retrieval[0].images.size(), size_t(5));
        QCOMPARE(data->retrieval[0].captions.size(), size_t(5));
        QCOMPARE(data->problems.size(), size_t(3));
    }

    void annotationsBeyondTheRealImageAreErrors()
    {
        write();
        QVERIFY(test::writeBmp(root() / "coco/tiny2014/tiny_train_1.bmp", 20, 20,
                               std::vector<uint8_t>(1200)));
        QVERIFY(errorOf(ErrorCode::Data).find("20×20") != std::string::npos);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("edit");
        QTest::addColumn<QString>("reason");
        QTest::newRow("image in two splits") << kSplit << 0 << "two splits: train and test";
        QTest::newRow("annotation id twice") << kTrain << 1 << "annotation id twice";
        QTest::newRow("absolute name") << kSplit << 2 << "leaves its folder";
        QTest::newRow("name with ..") << kSplit << 3 << "leaves its folder";
        QTest::newRow("entry without name") << kSplit << 4 << "images[3]";
        QTest::newRow("category of two names") << kTrain << 5 << "category 10 is";
        QTest::newRow("class without name") << kTrain << 6 << "categories[1]";
        QTest::newRow("too few images") << kStudy << 7 << "3 images in class black_cross";
        QTest::newRow("unknown class") << kStudy << 8 << "no class 'purple'";
        QTest::newRow("class twice") << kStudy << 9 << "second time";
        QTest::newRow("missing file") << kStudy << 10 << "nowhere.json";
        QTest::newRow("too many folds") << kStudy << 11 << "7 folds";
        QTest::newRow("image id twice") << kTrain << 12 << "image id twice";
        QTest::newRow("control character") << kSplit << 13 << "control characters";
    }
    void refusals()
    {
        QFETCH(QString, file);
        QFETCH(int, edit);
        QFETCH(QString, reason);
        write();
        const auto sessions = [](Json& d, const char* text) {
            d["updated_task"]["sessions"] = Json::parse(text);
        };
        const std::vector<std::function<void(Json&)>> edits{
            [](Json& d) {
                d["images"][20]["cocoid"] = 1;
                d["images"][20]["split"] = "test";
            },
            [](Json& d) { d["annotations"][4]["id"] = 100; },
            [](Json& d) { d["images"][0]["filepath"] = "/etc2014"; },
            [](Json& d) { d["images"][0]["filename"] = "../../x.bmp"; },
            [](Json& d) { d["images"][3].erase("filename"); },
            [](Json& d) { d["categories"][0]["name"] = "other"; },
            [](Json& d) { d["categories"][1]["name"] = ""; },
            [](Json& d) { d["zero_shot"]["images_per_class"] = 4; },
            [&](Json& d) { sessions(d, R"({"classes": [["red square"], ["purple"]]})"); },
            [&](Json& d) { sessions(d, R"({"classes": [["red square"], ["red square"]]})"); },
            [](Json& d) { d["updated_task"]["instances"][0] = "nowhere.json"; },
            [](Json& d) { d["retrieval"][0]["folds"] = 7; },
            [](Json& d) { d["images"][1]["id"] = 1; },
            [](Json& d) { d["images"][0]["filename"] = "a\nb.bmp"; },
        };
        change(file.toStdString().c_str(), edits[static_cast<size_t>(edit)]);
        const auto data = load();
        QVERIFY(!data);
        QVERIFY2(data.error().code == ErrorCode::Data || edit == 9, data.error().message.c_str());
        QVERIFY2(data.error().message.find(reason.toStdString()) != std::string::npos ||
                     (edit == 9 && data.error().code == ErrorCode::Usage),
                 data.error().message.c_str());
    }

    void sessionsMustDivide()
    {
        write();
        change(kStudy, [](Json& study) { study["updated_task"]["sessions"]["count"] = 3; });
        QVERIFY(errorOf(ErrorCode::Usage).find("4 classes cannot be split into 3") !=
                std::string::npos);
    }

    void fewerImagesWhenAllowed()
    {
        write();
        change(kStudy, [](Json& study) {
            study["zero_shot"]["images_per_class"] = 4;
            study["zero_shot"]["allow_fewer"] = true;
        });
        const auto data = load();
        QVERIFY(data);
        QCOMPARE(data->zeroShot.items.size(), size_t(9));
        QVERIFY(mentions(data->problems, "3 images in class"));
    }

    void captionRules()
    {
        write();
        change(kStudy, [](Json& study) { study["retrieval"][0]["captions_per_image"] = 3; });
        change(kSplit, [](Json& file) {
            for (Json& image : file["images"]) {
                if (image["split"] != "test")
                    continue;
                image["sentences"][0]["raw"] = " "; // empty: the next ones count
                image["sentences"][1]["raw"] = std::string(20'000, 'x');
                break;
            }
            for (Json& image : file["images"]) {
                if (image["split"] == "val") {
                    image["sentences"] = Json::array(); // no caption at all
                    break;
                }
            }
        });
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->retrieval[0].captions[0].size(), size_t(3));
        QCOMPARE(data->retrieval[0].captions[0][0].size(), size_t(20'000));
        QVERIFY(mentions(data->problems, "1 empty captions"));
        QCOMPARE(data->retrievalValidation[0].images.size(), size_t(5));
        QVERIFY(mentions(data->problems, "image without captions"));
    }

    void warnsAboutOtherYears()
    {
        write();
        change(kSplit, [](Json& file) {
            for (Json& image : file["images"])
                image["filepath"] = "tiny2017";
        });
        fs::rename(root() / "coco/tiny2014", root() / "coco/tiny2017");
        const auto data = load();
        QVERIFY(data);
        QVERIFY(mentions(data->problems, "24 images with a filepath other than …2014"));
    }

    void linksStayInsideUnlessFollowed()
    {
        write();
        fs::rename(root() / "coco/tiny2014/tiny_train_1.bmp", root() / "moved.bmp");
        fs::create_symlink(root() / "moved.bmp", root() / "coco/tiny2014/tiny_train_1.bmp");
        QVERIFY(errorOf(ErrorCode::Data).find("leads outside") != std::string::npos);
        change(kStudy, [](Json& study) { study["images"]["follow_links"] = true; });
        QVERIFY(load());
    }

    void stopsWhenAsked()
    {
        write();
        StopSource stop;
        stop.requestStop();
        const auto study = spec::readStudy(root() / kStudy);
        const auto data = loadStudyData(*study, everything(), stop.token());
        QVERIFY(!data && data.error().code == ErrorCode::Stopped);
    }
};

QTEST_APPLESS_MAIN(TestDataset)
#include "tst_dataset.moc"
