// SPDX-License-Identifier: GPL-3.0-or-later
// The report of `data check` and the lists of `data list`.
#include "core/base/file.h"
#include "core/data/data_check.h"
#include "core/data/data_list.h"
#include "core/data/image_decode.h"
#include "core/data/table_one.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>

namespace fs = std::filesystem;
using namespace clwb;
using namespace clwb::data;

namespace
{

std::vector<std::string> split(const std::string& text, char at)
{
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == at)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

} // namespace

class TestDataCheck : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path root() const { return m_folder->path().toStdString(); }
    spec::Study study() const { return *spec::readStudy(root() / "study.json"); }

    void change(const std::function<void(Json&)>& edit) const
    {
        Json document = *readJsonFile(root() / "study.json");
        edit(document);
        test::require(writeFileAtomically(root() / "study.json", document.dump()));
    }

    std::vector<std::string> lines(const char* what, std::optional<uint64_t> seed = {}) const
    {
        auto text = listItems(study(), what, seed, {});
        if (!text || text->empty())
            return {};
        text->pop_back();
        return split(*text, '\n');
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(test::writeTinyStudy(root()));
    }

    void countsAndTexts()
    {
        CheckOptions options;
        options.deep = true;
        options.threads = 2;
        int64_t last = 0;
        options.progress = [&](int64_t done, int64_t) { last = done; };
        const auto report = checkStudy(study(), options, {});
        QVERIFY(report);
        QVERIFY(!report->failure);
        QCOMPARE(report->sessions.size(), size_t(2));
        QCOMPARE(report->sessions[1].items.train, int64_t(12));
        QVERIFY(!report->sessions[0].paperTrain); // not COCO's classes
        QCOMPARE(report->classes[3].name, std::string("yellow bar"));
        QCOMPARE(report->classes[3].items.test, int64_t(3));
        QCOMPARE(report->sets.size(), size_t(4));
        QCOMPARE(report->sets[2].captions, int64_t(30));
        // 12 training, 6 validation and 6 test scenes, 2 × 9 zero-shot pictures
        const int64_t pictures = hasImageDecoder() ? 42 : 0;
        QCOMPARE(last, pictures);
        QCOMPARE(report->decodedImages, pictures);
        const std::string text = toText(*report);
        QVERIFY(text.find("  all            4     24   12    12\n") != std::string::npos);
        QVERIFY(text.find("0 errors, 0 warnings, ") != std::string::npos);
        QCOMPARE(toJson(*report)["sessions"][0]["items"]["val"].get<int>(), 6);
    }

    // Cross-entropy over one class is 0 whatever the model says.
    void warnsOfSessionsOfASingleClass()
    {
        change([](Json& document) { document["updated_task"]["sessions"]["count"] = 4; });
        const auto report = checkStudy(study(), {}, {});
        QVERIFY(report && !report->failure);
        QCOMPARE(report->sessions.size(), size_t(4));
        QCOMPARE(report->count(Problem::Severity::Warning), int64_t(4));
        QVERIFY(toText(*report).find("session 3 has a single class") != std::string::npos);
    }

    void listsProblemsInsteadOfFailing()
    {
        fs::remove(root() / "coco/tiny2014/tiny_train_1.bmp");
        change([](Json& document) {
            document["zero_shot"]["root"] = "nowhere";
            document["retrieval"][0]["folds"] = 9;
        });
        const auto report = checkStudy(study(), {}, {});
        QVERIFY(report);
        QVERIFY(report->failure == ErrorCode::Data);
        QCOMPARE(report->count(Problem::Severity::Error), int64_t(4)); // folds: test and val
        QCOMPARE(report->sessions[0].items.train, int64_t(10));
        const std::string csv = problemsCsv(*report);
        QVERIFY(csv.starts_with("severity,what,where\r\nerror,"));
        QVERIFY(csv.find("missing," + (root() / "coco/tiny2014/tiny_train_1.bmp").string()) !=
                std::string::npos);
    }

    void usageErrorsKeepTheirStatus()
    {
        change([](Json& document) { document["updated_task"]["sessions"]["count"] = 3; });
        const auto report = checkStudy(study(), {}, {});
        QVERIFY(report && report->failure == ErrorCode::Usage);
    }

    void deepFindsWhatAHeaderHides()
    {
        if (!fs::exists(fs::path(CLWB_GOLDEN_DIR) / "bad_crc.png"))
            QSKIP("golden files missing");
        fs::copy_file(fs::path(CLWB_GOLDEN_DIR) / "bad_crc.png", root() / "zs/pink_square/x.png");
        change([](Json& document) { document["zero_shot"]["images_per_class"] = 0; });
        CheckOptions options;
        QVERIFY(!checkStudy(study(), options, {})->failure);
        options.deep = true;
        const auto report = checkStudy(study(), options, {});
        if (report->count(Problem::Severity::Note) > 0)
            QSKIP("built without OpenCV");
        QVERIFY(report->failure == ErrorCode::Data);
        QVERIFY(report->problems[0].where.find("x.png") != std::string::npos);
    }

    // Legal, but worth knowing of: a note with their number, no error; from memory, too.
    void countsPicturesThatAreConverted()
    {
        const fs::path golden = CLWB_GOLDEN_DIR;
        fs::copy_file(golden / "cmyk.jpg", root() / "zs/pink_square/a.jpg");
        fs::copy_file(golden / "grey16.png", root() / "zs/pink_square/b.png");
        fs::copy_file(golden / "grey16.png", root() / "zs/pink_square/c.png");
        change([](Json& document) { document["zero_shot"]["images_per_class"] = 0; });
        CheckOptions options;
        options.checkMemory = root() / "memory";
        for (const char* look : {"first", "remembered"}) {
            const auto report = checkStudy(study(), options, {});
            QVERIFY2(report && !report->failure, look);
            Json told = Json::array();
            const Json document = toJson(*report);
            for (const Json& problem : document["problems"]) {
                if (problem["what"].get<std::string>().find("Pillow") != std::string::npos)
                    told.push_back(problem);
            }
            const Json expected{
                {"severity", "note"},
                {"what", "1 CMYK picture, 2 pictures of 16 bits: converted as Pillow does"},
                {"where", (root() / "zs/pink_square/a.jpg").string()}};
            QCOMPARE(QString::fromStdString(told.dump()),
                     QString::fromStdString(Json::array({expected}).dump()));
        }
    }

    // Of what the study uses: of five pictures of 16 bits it takes two.
    void countsConvertedPicturesOfTheSampleOnly()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        test::TinyStudy tiny;
        tiny.kind = test::TinyStudy::Kind::ClassFolders;
        QVERIFY(test::writeTinyStudy(root(), tiny));
        const fs::path folder = root() / "own/train/red_square";
        fs::remove_all(folder);
        fs::create_directories(folder);
        for (const char* name : {"a.png", "b.png", "c.png", "d.png", "e.png"})
            fs::copy_file(fs::path(CLWB_GOLDEN_DIR) / "grey16.png", folder / name);
        change([](Json& document) { document["updated_task"]["max_per_class"] = 2; });
        const auto report = checkStudy(study(), {}, {});
        QVERIFY(report && !report->failure);
        QStringList told;
        for (const Problem& problem : report->problems) {
            if (problem.what.find("Pillow") != std::string::npos)
                told << QString::fromStdString(problem.what);
        }
        QCOMPARE(told.join(u'|'),
                 QStringLiteral("2 pictures of 16 bits: converted as Pillow does"));
    }

    void tellsOfPicturesThatTakeLong()
    {
        CheckOptions options;
        options.deep = true;
        if (!hasImageDecoder())
            QSKIP("built without OpenCV");
        const auto slow = [](const Problem& problem) { return problem.what.starts_with("slow: "); };
        options.slowSeconds = 1e9; // however loaded the machine is
        const auto quick = checkStudy(study(), options, {});
        QVERIFY(std::none_of(quick->problems.begin(), quick->problems.end(), slow));
        options.slowSeconds = 0; // every picture takes longer
        const auto report = checkStudy(study(), options, {});
        QVERIFY(!report->failure);
        QCOMPARE(std::count_if(report->problems.begin(), report->problems.end(), slow),
                 report->decodedImages);
    }

    void comparesWithTableOne()
    {
        const fs::path sample = fs::path(CLWB_SHARED_DATA_DIR) / "coco-sample";
        if (!fs::exists(sample))
            QSKIP("no COCO sample here");
        spec::Study coco;
        coco.updatedTask.emplace();
        coco.updatedTask->instances = {sample / "annotations/instances_train2017.json",
                                       sample / "annotations/instances_val2017.json"};
        coco.updatedTask->images = sample;
        coco.updatedTask->splitFile = sample / "dataset_coco.json";
        const auto report = checkStudy(coco, {}, {});
        QVERIFY(report);
        for (size_t s = 0; s < 8; ++s) {
            QVERIFY(report->sessions[s].paperTrain == paperSessions()[s].trainCrops);
            QVERIFY(report->sessions[s].paperTest == paperSessions()[s].testCrops);
        }
        QVERIFY(toText(*report).find("596974") != std::string::npos);
        // Counted by a few lines of Python over the same files: iscrowd 0, floor, not empty.
        PartCounts sum;
        for (const SessionCount& session : report->sessions) {
            sum.train += session.items.train;
            sum.val += session.items.val;
            sum.test += session.items.test;
        }
        QCOMPARE(sum.train, int64_t(401));
        QCOMPARE(sum.val, int64_t(176));
        QCOMPARE(sum.test, int64_t(125));
        QCOMPARE(report->classes[10].name, std::string("fire hydrant"));
        QCOMPARE(report->classes[10].session, 2);
    }

    void listsItems()
    {
        const auto train = lines("ut-train");
        QCOMPARE(train.size(), size_t(24));
        const auto fields = split(train[0], '\t');
        QCOMPARE(fields.size(), size_t(8));
        QCOMPARE(fields[0], std::string("100"));
        QCOMPARE(fields[1], (root() / "coco/tiny2014/tiny_train_1.bmp").string());
        QCOMPARE(fields[3], std::string("2"));
        QCOMPARE(fields[6], std::string("red square"));
        QCOMPARE(fields[7], std::string("1"));
        QCOMPARE(lines("ut-val").size(), size_t(12));
        QCOMPARE(lines("ut-test").size(), size_t(12));
        const auto zeroShot = lines("zs");
        QCOMPARE(zeroShot.size(), size_t(9));
        QVERIFY(zeroShot[0].ends_with("\t0\t0\t40\t40\tblack cross\t"));
        QCOMPARE(lines("zs-val").size(), size_t(9));
        QCOMPARE(lines("retrieval").size(), size_t(6));
    }

    void listsCaptions()
    {
        const auto plain = lines("captions");
        const auto shuffled = lines("captions", 3);
        QCOMPARE(plain.size(), size_t(30));
        QCOMPARE(shuffled.size(), size_t(30));
        int moved = 0;
        for (size_t i = 0; i < plain.size(); ++i) {
            const auto a = split(plain[i], '\t');
            const auto b = split(shuffled[i], '\t');
            QCOMPARE(a[0], b[0]);
            auto first = split(a[1], ' ');
            auto second = split(b[1], ' ');
            moved += first != second;
            std::sort(first.begin(), first.end());
            std::sort(second.begin(), second.end());
            QVERIFY(first == second);
        }
        QVERIFY(moved > 25);
        QVERIFY(lines("captions", 3) == shuffled);
        QVERIFY(lines("captions", 4) != shuffled);
    }

    void refusesUnknownLists()
    {
        const auto unknown = listItems(study(), "train", {}, {});
        QVERIFY(!unknown && unknown.error().code == ErrorCode::Usage);
        const auto shuffle = listItems(study(), "zs", 1, {});
        QVERIFY(!shuffle && shuffle.error().code == ErrorCode::Usage);
    }
};

QTEST_APPLESS_MAIN(TestDataCheck)
#include "tst_data_check.moc"
