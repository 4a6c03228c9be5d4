// SPDX-License-Identifier: GPL-3.0-or-later
// Several retrieval sets of one study: COCO's and Flickr30k's form, what is tolerated and refused.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/data/dataset.h"
#include "tests/support/flickr_set.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <functional>

namespace fs = std::filesystem;
using namespace clwb;
using namespace clwb::data;

class TestRetrievalSets : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    fs::path root() const { return m_folder->path().toStdString(); }

    void change(const char* file, const std::function<void(Json&)>& edit) const
    {
        Json document = *readJsonFile(root() / file);
        edit(document);
        test::require(writeFileAtomically(root() / file, document.dump()));
    }

    Result<StudyData> load(bool testSplit = true) const
    {
        CLWB_ASSIGN(const spec::Study study, spec::readStudy(root() / "study.json"));
        DataNeeds needs;
        needs.train = needs.test = needs.zeroShot = false;
        needs.validation = true;
        needs.testSplit = testSplit;
        return loadStudyData(study, needs, {});
    }

    static bool warns(const StudyData& data, const std::string& text)
    {
        return std::any_of(data.problems.begin(), data.problems.end(), [&](const Problem& problem) {
            return problem.severity == Problem::Severity::Warning &&
                   (problem.where + ": " + problem.what).find(text) != std::string::npos;
        });
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        test::require(test::writeTinyStudy(root()));
        test::require(test::addFlickrSet(root() / "study.json"));
    }

    void bothFormsAreRead()
    {
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY(data->problems.empty());
        QCOMPARE(data->retrieval.size(), size_t(2));
        const RetrievalData& coco = data->retrieval[0];
        const RetrievalData& flickr = data->retrieval[1];
        QVERIFY(coco.name == "tiny" && coco.folds == 2 && coco.images.size() == 6);
        QVERIFY(flickr.name == "Flickr30k" && flickr.folds == 1 && flickr.images.size() == 5);
        QVERIFY(flickr.images[4].file == root() / "flickr/flickr_4.bmp");
        QVERIFY(flickr.captions[4].size() == 5);
        QCOMPARE(data->retrievalValidation[1].images.size(), size_t(3));
        QVERIFY(data->retrievalValidation[1].images[0].file == root() / "flickr/flickr_5.bmp");
    }

    void validationAloneReadsNoTestSet()
    {
        fs::remove(root() / "flickr/flickr_0.bmp"); // of the test split
        QVERIFY(!load());
        const auto data = load(false);
        QVERIFY(data);
        QVERIFY(data->retrieval.empty());
        QCOMPARE(data->retrievalValidation.size(), size_t(2));
    }

    void missingImagesAreCountedAndNamed()
    {
        for (const char* name : {"flickr_1.bmp", "flickr_3.bmp", "flickr_6.bmp"})
            fs::remove(root() / "flickr" / name);
        const auto data = load();
        QVERIFY(!data && data.error().code == ErrorCode::Data);
        for (const char* text : {"3 problems", "flickr_1.bmp", "flickr_3.bmp", "flickr_6.bmp"})
            QVERIFY2(data.error().message.find(text) != std::string::npos,
                     data.error().message.c_str());
    }

    void fewerCaptionsAreAllowedAndSaid()
    {
        change("dataset_flickr.json", [](Json& file) {
            file["images"][1]["sentences"].erase(0);
            file["images"][3]["sentences"] = Json::array({{{"raw", "alone"}}});
        });
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY(warns(*data, "Flickr30k test: 2 images with fewer than 5 captions "
                             "(first: flickr_1.bmp)"));
        QCOMPARE(data->retrieval[1].captions[1].size(), size_t(4));
        QCOMPARE(data->retrieval[1].captions[3].size(), size_t(1));
        QVERIFY(!warns(*data, "tiny test"));
    }

    void emptyCaptionsAreLeftOutAndSaid()
    {
        change("dataset_flickr.json", [](Json& file) {
            file["images"][0]["sentences"][2]["raw"] = " \t";
            for (Json& sentence : file["images"][2]["sentences"])
                sentence["raw"] = "";
        });
        const auto data = load();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QVERIFY(warns(*data, "6 empty captions left out"));
        QVERIFY(warns(*data, "image without captions left out of Flickr30k"));
        const RetrievalData& flickr = data->retrieval[1];
        QCOMPARE(flickr.images.size(), size_t(4));
        QCOMPARE(flickr.captions[0].size(), size_t(4));
        QVERIFY(flickr.images[2].id == "flickr_3.bmp"); // captions stay with their images
        QVERIFY(flickr.captions[2].size() == 5);
    }

    void anImageInTwoSplitsIsRefused()
    {
        change("dataset_flickr.json", [](Json& file) {
            Json again = file["images"][0];
            again["split"] = "train";
            file["images"].push_back(again);
        });
        const auto data = load();
        QVERIFY(!data && data.error().code == ErrorCode::Data);
        QVERIFY2(data.error().message.find("flickr_0.bmp: image in two splits: test and train") !=
                     std::string::npos,
                 data.error().message.c_str());
    }

    void aSetWithoutImagesOfASplit()
    {
        // Nothing to test on is an error, nothing to validate on is said.
        change("dataset_flickr.json", [](Json& file) {
            for (Json& image : file["images"])
                image["split"] = image["split"] == "val" ? "train" : image["split"];
        });
        const auto data = load();
        QVERIFY(data);
        QVERIFY(warns(*data, "retrieval Flickr30k: no images of split val"));
        QVERIFY(data->retrievalValidation[1].images.empty());
        change("dataset_flickr.json", [](Json& file) {
            for (Json& image : file["images"])
                image["split"] = "val";
        });
        const auto none = load();
        QVERIFY(!none && none.error().code == ErrorCode::Data);
        QVERIFY(none.error().message.find("no images of split test") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestRetrievalSets)
#include "tst_retrieval_sets.moc"
