// SPDX-License-Identifier: GPL-3.0-or-later
// Studies of own pictures with damaged, odd and unreadable ones among them: what is told, what is
// left out, and that nothing half-made stays.
#include "core/base/file.h"
#include "core/run/folder_study.h"
#include "core/run/study_contents.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <mutex>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace clwb;

namespace
{

const fs::path kGoldenPictures = fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "data";

void drawNumbered(const fs::path& file, int number)
{
    fs::create_directories(file.parent_path());
    std::vector<uint8_t> pixels(3 * 20 * 20);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<uint8_t>((i * static_cast<size_t>(7 + number) / 5) % 256);
    test::require(test::writeBmp(file, 20, 20, pixels).has_value());
}

void writeText(const fs::path& file, const std::string& text)
{
    fs::create_directories(file.parent_path());
    test::require(writeFileAtomically(file, text));
}

std::string reasonOf(const run::PictureFolder& found, const fs::path& file)
{
    for (const run::BadPicture& picture : found.bad) {
        if (picture.file == file)
            return picture.reason;
    }
    return {};
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestFolderStudy : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path root() const { return m_folder->path().toStdString(); }
    fs::path own() const { return root() / "own"; }

    void drawClasses(int pictures) const
    {
        for (const char* name : {"ant", "bee"}) {
            for (int i = 0; i < pictures; ++i)
                drawNumbered(own() / name / (std::to_string(i) + ".bmp"), (name[0] - 'a') * 20 + i);
        }
    }

    run::FolderStudy wanted() const
    {
        run::FolderStudy study;
        const auto found = run::readPictureFolder(own(), {});
        test::require(found.has_value());
        study.source = *found;
        study.name = "own";
        study.file = root() / "new" / "deep" / "study.json";
        return study;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("CLWB_CACHE", m_folder->filePath("cache").toUtf8());
    }

    void testPicturesComeNearTheShare_data()
    {
        QTest::addColumn<QList<qint64>>("sizes");
        QTest::addColumn<double>("share");
        QTest::addColumn<QList<qint64>>("counts");
        QTest::newRow("25 % of 6 each")
            << QList<qint64>{6, 6, 6, 6} << 0.25 << QList<qint64>{2, 2, 1, 1};
        QTest::newRow("exact") << QList<qint64>{10, 10} << 0.3 << QList<qint64>{3, 3};
        QTest::newRow("one at least") << QList<qint64>{3, 3, 3} << 0.25 << QList<qint64>{1, 1, 1};
        QTest::newRow("one stays") << QList<qint64>{2, 2} << 0.9 << QList<qint64>{1, 1};
        QTest::newRow("largest remainder")
            << QList<qint64>{100, 7, 6} << 0.25 << QList<qint64>{25, 2, 1};
        QTest::newRow("rounding of doubles") << QList<qint64>{100} << 0.29 << QList<qint64>{29};
    }
    void testPicturesComeNearTheShare()
    {
        QFETCH(QList<qint64>, sizes);
        QFETCH(double, share);
        QFETCH(QList<qint64>, counts);
        const auto got = run::testCounts(std::vector<int64_t>(sizes.begin(), sizes.end()), share);
        QCOMPARE(QList<qint64>(got.begin(), got.end()), counts);
    }

    void leavesOutWhatIsDamaged()
    {
        drawClasses(5);
        writeText(own() / "ant" / "zero.png", "");
        writeText(own() / "bee" / "no.jpg", "not a picture");
        run::FolderStudy study = wanted();
        QCOMPARE(study.source.pictures, int64_t{10});
        QCOMPARE(study.source.bad.size(), size_t{2});
        QCOMPARE(reasonOf(study.source, own() / "ant" / "zero.png"), std::string("empty file"));
        QVERIFY(has(reasonOf(study.source, own() / "bee" / "no.jpg"), "not a JPEG"));
        // Only on somebody's word; nothing is left behind, the new folders neither.
        const auto refused = run::writeFolderStudy(study, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::Data);
        QVERIFY(has(refused.error().message, (own() / "ant" / "zero.png").string()));
        QVERIFY(!fs::exists(root() / "new"));
        study.leavesOutBad = true;
        study.testShare = 0.4;
        const auto written = run::writeFolderStudy(study, {});
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        const auto contents = run::inspectStudy(study.file, {});
        QVERIFY(contents && !contents->isRefused);
        QCOMPARE(contents->classes[0].train, int64_t{3});
        QCOMPARE(contents->classes[0].test, int64_t{2});
        QCOMPARE(contents->classes[1].train, int64_t{3});
        QCOMPARE(contents->count(run::StudyProblem::Severity::Error), int64_t{0});
    }

    void leavesDamagedPicturesOutOfFoldersThatAreSplit()
    {
        for (const char* split : {"train", "test"}) {
            for (const char* name : {"ant", "bee"}) {
                for (int i = 0; i < 3; ++i)
                    drawNumbered(own() / split / name / (std::to_string(i) + ".bmp"),
                                 static_cast<int>(std::string(split).size()) * 40 +
                                     (name[0] - 'a') * 9 + i);
            }
        }
        writeText(own() / "test" / "bee" / "broken.png", "");
        run::FolderStudy study = wanted();
        QVERIFY(study.source.hasSplits);
        QCOMPARE(study.source.bad.size(), size_t{1});
        study.leavesOutBad = true;
        const auto written = run::writeFolderStudy(study, {});
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        const auto contents = run::inspectStudy(study.file, {});
        QVERIFY(contents && !contents->isRefused);
        QCOMPARE(contents->classes[1].test, int64_t{3});
        QCOMPARE(contents->classes[1].train, int64_t{3});
    }

    void namesAPictureWhereItLies()
    {
        drawClasses(4);
        run::FolderStudy study = wanted();
        study.leavesOutBad = true;
        writeText(own() / "bee" / "2.bmp", "damaged since the look");
        const auto refused = run::writeFolderStudy(study, {});
        QVERIFY(!refused);
        const std::string& message = refused.error().message;
        QVERIFY2(has(message, (own() / "bee" / "2.bmp").string()), message.c_str());
        QVERIFY2(!has(message, "study-split"), message.c_str());
        QVERIFY(!fs::exists(root() / "new"));
    }

    void leavesNothingWhenStopped()
    {
        drawClasses(4);
        StopSource stop;
        stop.requestStop();
        const auto written = run::writeFolderStudy(wanted(), stop.token());
        QVERIFY(!written && written.error().code == ErrorCode::Stopped);
        QVERIFY(!fs::exists(root() / "new"));
        const auto found = run::readPictureFolder(own(), stop.token());
        QVERIFY(!found && found.error().code == ErrorCode::Stopped);
    }

    void tellsWhatElseLiesThere()
    {
        drawClasses(3);
        for (const char* name :
             {"cmyk.jpg", "grey16.png", "turned6.jpg", "cut.png", "animated.gif"})
            fs::copy_file(kGoldenPictures / name, own() / "ant" / name);
        // An animated WebP: RIFF, WEBP, and VP8X with the flag of an animation.
        std::string moving("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x03\0\0\x03\0\0", 30);
        writeText(own() / "ant" / "moving.webp", moving);
        drawNumbered(root() / "outside.bmp", 99);
        fs::create_symlink(root() / "outside.bmp", own() / "bee" / "link.bmp");
        const auto found = run::readPictureFolder(own(), {});
        QVERIFY(found);
        QCOMPARE(found->classSizes, (std::vector<int64_t>{6, 4}));
        QCOMPARE(found->turned, int64_t{1});
        QCOMPARE(found->cmyk, int64_t{1});
        QCOMPARE(found->sixteenBits, int64_t{1});
        QCOMPARE(found->animated, int64_t{0}); // those are no pictures here
        QCOMPARE(found->outside, int64_t{1});
        QCOMPARE(found->otherFiles, int64_t{1});
        QVERIFY(has(found->otherFile, "animated.gif"));
        QCOMPARE(found->bad.size(), size_t{2});
        QVERIFY(has(reasonOf(*found, own() / "ant" / "moving.webp"), "animated"));
        QVERIFY(!reasonOf(*found, own() / "ant" / "cut.png").empty());
    }

    void tellsHowFarALookIs()
    {
        drawClasses(40);
        std::mutex mutex; // it is told from several threads
        int64_t last = 0;
        int64_t total = 0;
        run::FolderLook look;
        look.progress = [&](int64_t done, int64_t all) {
            const std::lock_guard lock(mutex);
            last = std::max(last, done);
            total = all;
        };
        QVERIFY(run::readPictureFolder(own(), {}, look));
        QCOMPARE(last, int64_t{80});
        QCOMPARE(total, int64_t{80});
    }

    void boundsWhatIsLookedThrough()
    {
        drawClasses(4);
        run::FolderLook look;
        look.most = 7; // eight pictures
        auto found = run::readPictureFolder(own(), {}, look);
        QVERIFY(!found && found.error().code == ErrorCode::Data);
        QVERIFY2(has(found.error().message, "more than 7 pictures"), found.error().message.c_str());
        look.most = 3; // in one folder
        found = run::readPictureFolder(own(), {}, look);
        QVERIFY(!found);
        QVERIFY2(has(found.error().message, "more than 3 entries"), found.error().message.c_str());
        // Pictures without classes are no study.
        for (int i = 0; i < 5; ++i)
            drawNumbered(root() / "loose" / (std::to_string(i) + ".bmp"), i);
        found = run::readPictureFolder(root() / "loose", {});
        QVERIFY(!found);
        QVERIFY2(has(found.error().message, "5 pictures lie in it"), found.error().message.c_str());
    }

    void tellsOfFoldersThatCannotBeRead()
    {
        if (::geteuid() == 0)
            QSKIP("root reads every folder");
        drawClasses(3);
        drawNumbered(own() / "closed" / "0.bmp", 50);
        fs::permissions(own() / "closed", fs::perms::none);
        const auto found = run::readPictureFolder(own(), {});
        fs::permissions(own() / "closed", fs::perms::owner_all);
        QVERIFY(found);
        QCOMPARE(found->classes.size(), size_t{2});
        QCOMPARE(found->problems.size(), size_t{1});
        QVERIFY(has(found->problems[0], "closed"));
    }

    void neverLeavesOutAClassForItsSize()
    {
        drawClasses(2);
        for (int i = 0; i < 8; ++i)
            drawNumbered(own() / "cat" / (std::to_string(i) + ".bmp"), 60 + i);
        run::FolderLook look;
        look.most = 5;
        const auto found = run::readPictureFolder(own(), {}, look);
        QVERIFY(!found && found.error().code == ErrorCode::Data);
        QVERIFY2(has(found.error().message, (own() / "cat").string()),
                 found.error().message.c_str());
        QVERIFY(has(found.error().message, "more than 5 entries"));
    }

    void leavesOutFoldersOnlyOnSomebodysWord()
    {
        drawClasses(4);
        run::FolderStudy study = wanted();
        study.source.problems.push_back("cannot read folder " + (own() / "closed").string());
        const auto refused = run::writeFolderStudy(study, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::Data);
        QVERIFY2(has(refused.error().message, (own() / "closed").string()),
                 refused.error().message.c_str());
        QVERIFY(!fs::exists(root() / "new"));
        study.leavesOutBad = true;
        QVERIFY(run::writeFolderStudy(study, {}));
    }

    void whatIsLeftOutAllowsNothingElseToBeMissing()
    {
        drawClasses(4);
        const fs::path tiny = root() / "tiny";
        test::require(test::writeTinyStudy(tiny).has_value());
        const fs::path unseen = tiny / "zs" / "pink_square" / "unseen.png";
        writeText(unseen, "not a picture");
        // Of the retrieval pictures the first of split test; its captions are one of its own.
        const Json before = *readJsonFile(tiny / "dataset_tiny.json");
        Json first;
        for (const Json& image : before["images"]) {
            if (first.is_null() && image["split"] == "test")
                first = image;
        }
        const fs::path damaged =
            tiny / "coco" / first.value("filepath", "") / first["filename"].get<std::string>();
        writeText(damaged, "not a picture");
        run::FolderStudy study = wanted();
        study.zeroShot = *run::readPictureFolder(tiny / "zs", {});
        study.captions = *run::readCaptionSet(tiny / "dataset_tiny.json", tiny / "coco", {});
        QCOMPARE(study.zeroShot->bad.size(), size_t{1});
        QCOMPARE(study.captions->bad.size(), size_t{1});
        study.leavesOutBad = true;
        const auto written = run::writeFolderStudy(study, {});
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        const Json document = *readJsonFile(study.file);
        QVERIFY(!document.value("images", Json::object()).contains("allow_missing"));
        const Json kept = *readJsonFile(root() / "new" / "deep" / "study-split" / "captions.json");
        QCOMPARE(kept["images"].size(), before["images"].size() - 1);
        auto contents = run::inspectStudy(study.file, {});
        QVERIFY(contents && !contents->isRefused);
        QCOMPARE(contents->count(run::StudyProblem::Severity::Error), int64_t{0});
        QCOMPARE(contents->zeroShotClasses.size(), size_t{3});
        const auto set = std::find_if(contents->sets.begin(), contents->sets.end(),
                                      [](const run::StudySet& s) { return has(s.name, "test"); });
        QVERIFY(set != contents->sets.end());
        QCOMPARE(set->images, study.captions->testImages);
        // A picture of the updated task that is lost later is an error, as in any study.
        fs::remove(own() / "ant" / "0.bmp");
        contents = run::inspectStudy(study.file, {});
        QVERIFY(contents && contents->isRefused);
    }

    void takesZeroShotClassesAndCaptions()
    {
        drawClasses(4);
        const fs::path tiny = root() / "tiny";
        test::require(test::writeTinyStudy(tiny).has_value());
        run::FolderStudy study = wanted();
        study.zeroShot = *run::readPictureFolder(tiny / "zs", {});
        const auto captions = run::readCaptionSet(tiny / "dataset_tiny.json", tiny / "coco", {});
        QVERIFY2(captions.has_value(), captions ? "" : captions.error().message.c_str());
        QVERIFY(captions->testImages >= 6);
        study.captions = *captions;
        const auto written = run::writeFolderStudy(study, {});
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        const auto contents = run::inspectStudy(study.file, {});
        QVERIFY(contents && !contents->isRefused);
        QCOMPARE(contents->zeroShotClasses.size(), size_t{3});
        const auto set = std::find_if(contents->sets.begin(), contents->sets.end(),
                                      [](const run::StudySet& s) { return has(s.name, "test"); });
        QVERIFY(set != contents->sets.end());
        QCOMPARE(set->images, captions->testImages);
        QCOMPARE(set->captions, captions->testCaptions);

        const auto elsewhere = run::readCaptionSet(tiny / "dataset_tiny.json", own(), {});
        QVERIFY(!elsewhere && has(elsewhere.error().message, "none of the pictures"));
        writeText(root() / "other.json", R"({"annotations": []})");
        QVERIFY(!run::readCaptionSet(root() / "other.json", tiny / "coco", {}));
        QVERIFY(!run::readCaptionSet(tiny / "dataset_tiny.json", root() / "nowhere", {}));
    }
};

QTEST_GUILESS_MAIN(TestFolderStudy)
#include "tst_folder_study.moc"
