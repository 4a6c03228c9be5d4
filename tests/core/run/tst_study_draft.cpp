// SPDX-License-Identifier: GPL-3.0-or-later
// Studies made of folders and with other sessions, and what a look at a study finds in bad data.
#include "core/base/file.h"
#include "core/run/folder_study.h"
#include "core/run/study_contents.h"
#include "core/run/study_draft.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>

namespace fs = std::filesystem;
using namespace clwb;

namespace
{

void draw(const fs::path& file, int number)
{
    fs::create_directories(file.parent_path());
    std::vector<uint8_t> pixels(3 * 20 * 20);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<uint8_t>((i * static_cast<size_t>(7 + number) / 5) % 256);
    test::require(test::writeBmp(file, 20, 20, pixels).has_value());
}

bool tells(const run::StudyContents& contents, const std::string& what, const std::string& where)
{
    return std::any_of(contents.problems.begin(), contents.problems.end(),
                       [&](const run::StudyProblem& problem) {
                           return problem.what.find(what) != std::string::npos &&
                                  problem.where.find(where) != std::string::npos;
                       });
}

} // namespace

class TestStudyDraft : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path root() const { return m_folder->path().toStdString(); }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("CLWB_CACHE", m_folder->filePath("cache").toUtf8());
    }

    void splitsAFolderTheSameWayEachTime()
    {
        for (int i = 0; i < 10; ++i) {
            draw(root() / "own" / "a" / (std::to_string(i) + ".bmp"), i);
            draw(root() / "own" / "b" / (std::to_string(i) + ".bmp"), 20 + i);
        }
        const auto source = run::readPictureFolder(root() / "own", {});
        QVERIFY(source.has_value());
        QVERIFY(!source->hasSplits);
        QCOMPARE(source->pictures, int64_t{20});
        const auto testFiles = [&](const char* name, uint64_t seed) {
            run::FolderStudy wanted{*source, name, 1, {}, 0.3, seed, root() / name / "study.json"};
            test::require(run::writeFolderStudy(wanted, {}).has_value());
            std::vector<std::string> files;
            for (const auto& entry :
                 fs::recursive_directory_iterator(root() / name / "study-split" / "test")) {
                if (!entry.is_directory())
                    files.push_back(entry.path().lexically_relative(root() / name).string());
            }
            std::sort(files.begin(), files.end());
            return files;
        };
        const auto first = testFiles("one", 1);
        QCOMPARE(first.size(), size_t{6}); // three of ten in each class
        QCOMPARE(testFiles("again", 1), first);
        QVERIFY(testFiles("other", 2) != first);
        const auto contents = run::inspectStudy(root() / "one" / "study.json", {});
        QVERIFY(contents.has_value());
        QVERIFY(!contents->isRefused);
        QCOMPARE(contents->classes.size(), size_t{2});
        QCOMPARE(contents->classes[0].train, int64_t{7});
        // The split's folder is not replaced.
        run::FolderStudy twice{*source, "one", 1, {}, 0.3, 1, root() / "one" / "study.json"};
        const auto refused = run::writeFolderStudy(twice, {});
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("study-split") != std::string::npos);
    }

    void leavesNothingBehindWhenRefused()
    {
        draw(root() / "own" / "a" / "0.bmp", 0);
        draw(root() / "own" / "b" / "0.bmp", 1);
        draw(root() / "own" / "b" / "1.bmp", 2);
        const auto source = run::readPictureFolder(root() / "own", {});
        QVERIFY(source.has_value());
        const auto written =
            run::writeFolderStudy({*source, "x", 1, {}, 0.5, 0, root() / "new" / "study.json"}, {});
        QVERIFY(!written); // one picture cannot be split
        QVERIFY(written.error().message.find("class a") != std::string::npos);
        QVERIFY(!fs::exists(root() / "new"));
    }

    void namesWhatAFolderLacks()
    {
        fs::create_directories(root() / "none" / "some class");
        const auto found = run::readPictureFolder(root() / "none", {});
        QVERIFY(!found);
        QVERIFY(found.error().message.find("some class") != std::string::npos);
        QVERIFY(found.error().message.find((root() / "none").string()) != std::string::npos);
        QVERIFY(!run::readPictureFolder(root() / "missing", {}));
    }

    void movesPathsAndKeepsTheOldFile()
    {
        test::require(test::writeTinyStudy(root() / "study", {}).has_value());
        const fs::path file = root() / "study" / "study.json";
        const auto study = spec::readStudy(file);
        QVERIFY(study.has_value());
        auto names = test::tinyClassNames(4);
        std::reverse(names.begin(), names.end());
        const std::vector<std::vector<std::string>> sessions{{names[0]},
                                                             {names[1], names[2], names[3]}};
        const fs::path moved = root() / "elsewhere" / "study.json";
        const auto saved =
            run::saveStudy(run::withSessions(*study, sessions, moved.parent_path()), moved, {});
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        const auto contents = run::inspectStudy(moved, {});
        QVERIFY(contents.has_value());
        QVERIFY(!contents->isRefused);
        QCOMPARE(contents->classes.front().name, names[0]);
        QCOMPARE(contents->sessions[1].classes, int64_t{3});
        QVERIFY(std::all_of(contents->places.begin(), contents->places.end(),
                            [](const run::StudyPlace& place) { return place.problem.empty(); }));
        // A refused one: the message names the file asked for, which stays as it was.
        const auto before = readFile(moved, 1 << 20);
        const auto refused = run::saveStudy(
            run::withSessions(*study, {{"no such class"}}, moved.parent_path()), moved, {});
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("no such class") != std::string::npos);
        QCOMPARE(*readFile(moved, 1 << 20), *before);
        QCOMPARE(std::distance(fs::directory_iterator(moved.parent_path()), {}), 1);
    }

    void findsLeakageBadFilesAndLinksOutside()
    {
        for (const char* split : {"train", "test"}) {
            for (const char* name : {"my_cat", "my cat"}) {
                for (int i = 0; i < 3; ++i)
                    draw(root() / "own" / split / name / (std::to_string(i) + ".bmp"),
                         static_cast<int>(std::string(split).size()) * 10 +
                             (name[2] == '_' ? 100 : 0) + i);
            }
        }
        const fs::path own = root() / "own";
        fs::copy_file(own / "train" / "my_cat" / "0.bmp", own / "test" / "my_cat" / "9.bmp");
        std::ofstream(own / "train" / "my_cat" / "empty.png").flush();
        draw(root() / "outside.bmp", 77);
        fs::create_symlink(root() / "outside.bmp", own / "train" / "my cat" / "link.bmp");
        test::require(writeFileAtomically(
            root() / "study.json",
            R"({"schema": 1, "updated_task": {"kind": "class_folders", "train": "own/train",
                "test": "own/test", "sessions": {"count": 1}},
                "images": {"allow_missing": true}})"));
        const auto contents = run::inspectStudy(root() / "study.json", {});
        QVERIFY(contents.has_value());
        QVERIFY(tells(*contents, "leakage between splits", "9.bmp"));
        QVERIFY(tells(*contents, "same display name", ""));
        QVERIFY(tells(*contents, "", "empty.png"));
        QVERIFY(tells(*contents, "", "link.bmp")); // leaves its root
        // Two classes of one name keep apart in a study file by their folders.
        QCOMPARE(contents->classes[0].name, contents->classes[1].name);
        QVERIFY(contents->classes[0].key != contents->classes[1].key);
        const auto saved = run::saveStudy(
            run::withSessions(contents->study,
                              {{contents->classes[1].key}, {contents->classes[0].key}}, root()),
            root() / "two.json", {});
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QVERIFY(run::problemsCsv(contents->problems).find("empty.png") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestStudyDraft)
#include "tst_study_draft.moc"
