// SPDX-License-Identifier: GPL-3.0-or-later
// Folders, lists and names of classes, samples, links that leave a root, captions in random order.
#include "core/base/file.h"
#include "core/data/caption_shuffle.h"
#include "core/data/class_folders.h"
#include "core/data/inside_guard.h"
#include "core/data/name_lists.h"
#include "core/data/printable.h"
#include "tests/support/require.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <set>

namespace fs = std::filesystem;
using namespace clwb;
using namespace clwb::data;

class TestClassFolders : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path root() const { return m_folder->path().toStdString(); }
    fs::path write(const std::string& name, const std::string& text = "x") const
    {
        fs::create_directories((root() / name).parent_path());
        test::require(writeFileAtomically(root() / name, text));
        return root() / name;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void listsBytewiseWithoutHiddenOnes()
    {
        for (const char* name : {"b/x.JPG", "B/y.png", "a/z.txt", ".hidden/x.jpg", "loose.jpg"})
            write(name);
        for (const char* name :
             {"2.jpeg", "10.WebP", "1.bmp", ".h.jpg", "no_ending", "n.gif", "sub.jpg/inner.jpg"})
            write(std::string("c/") + name);
        QVERIFY((*listClassFolders(root()) == std::vector<std::string>{"B", "a", "b", "c"}));
        QVERIFY((*listImageFiles(root() / "c") ==
                 std::vector<std::string>{"1.bmp", "10.WebP", "2.jpeg"}));
        QVERIFY(!listClassFolders(root() / "nothing"));
    }

    void boundsAndStopsAListing()
    {
        for (int i = 0; i < 5; ++i)
            write("c/" + std::to_string(i) + ".jpg");
        write("c/notes.txt");
        const auto files = listFiles(root() / "c", {{}, 6});
        QVERIFY(files);
        QCOMPARE(files->images.size(), size_t{5});
        QCOMPARE(files->others, int64_t{1});
        QCOMPARE(files->other, std::string("notes.txt"));
        const auto tooMany = listImageFiles(root() / "c", {{}, 5});
        QVERIFY(!tooMany && tooMany.error().code == ErrorCode::Data);
        QVERIFY(tooMany.error().message.find("more than 5 entries") != std::string::npos);
        QVERIFY(tooMany.error().message.find((root() / "c").string()) != std::string::npos);
        StopSource stop;
        stop.requestStop();
        const auto stopped = listClassFolders(root(), {stop.token()});
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Stopped);
    }

    void samplesAreSeededAndWithoutReplacement()
    {
        const auto sample = samplePositions(1300, 100, 0, "zero-shot-images/n01440764");
        QCOMPARE(std::set<size_t>(sample.begin(), sample.end()).size(), size_t(100));
        QVERIFY(std::is_sorted(sample.begin(), sample.end()));
        QVERIFY(sample.back() < 1300);
        QVERIFY(sample == samplePositions(1300, 100, 0, "zero-shot-images/n01440764"));
        QVERIFY(sample != samplePositions(1300, 100, 1, "zero-shot-images/n01440764"));
        QVERIFY(sample != samplePositions(1300, 100, 0, "zero-shot-images/n01443537"));
        QCOMPARE(samplePositions(5, 0, 0, "x").size(), size_t(5));
        QCOMPARE(samplePositions(5, 9, 0, "x").size(), size_t(5));
        // Every position is as likely as any other: 2000 draws of 3 out of 6, 1000 expected each.
        std::vector<int> hits(6);
        for (uint64_t seed = 0; seed < 2000; ++seed) {
            for (const size_t position : samplePositions(6, 3, seed, "x"))
                ++hits[position];
        }
        for (const int count : hits)
            QVERIFY2(std::abs(count - 1000) < 110, std::to_string(count).c_str()); // 5 sigma
    }

    void readsListsAndNames()
    {
        const auto list =
            readClassList(write("l.csv", "\xEF\xBB\xBFn02,sup\r\nn01,sup\n\n# comment\n  n03  \n"));
        QVERIFY(list);
        QVERIFY((*list == std::vector<std::string>{"n02", "n01", "n03"}));
        const auto twice = readClassList(write("t.csv", "a\nb\na\n"));
        QVERIFY(!twice);
        QVERIFY(twice.error().message.find("t.csv:3") != std::string::npos);
        QVERIFY(!readClassList(write("e.csv", "\n")));

        const auto names =
            readNames(write("n.tsv", "n01\tindigo bunting, Passerina cyanea\nn02\tox\n"));
        QVERIFY(names);
        QCOMPARE(*displayName("n01", &*names, "first_lemma"), std::string("indigo bunting"));
        QCOMPARE(*displayName("n01", &*names, "all"),
                 std::string("indigo bunting, Passerina cyanea"));
        QVERIFY(!displayName("n03", &*names, "all"));
        QCOMPARE(*displayName("red_square", nullptr, "first_lemma"), std::string("red square"));
        QVERIFY(!readNames(write("bad.tsv", "n01 name\n")));
        QVERIFY(!displayName(std::string(500, 'x'), nullptr, "all"));
        QVERIFY(!displayName("a\nb", nullptr, "all"));
        QVERIFY(!displayName("a\xff", nullptr, "all"));
        QVERIFY(displayName("<script>%s{}", nullptr, "all"));
    }

    void tieredImageNetLists()
    {
        const fs::path folder = fs::path(CLWB_SHARED_DATA_DIR) / "tiered-imagenet";
        if (!fs::exists(folder))
            QSKIP("no tiered-ImageNet lists here");
        QCOMPARE(readClassList(folder / "train.csv")->size(), size_t(351));
        QCOMPARE(readClassList(folder / "val.csv")->size(), size_t(97));
        QCOMPARE(readClassList(folder / "test.csv")->size(), size_t(160));
        const auto names = readNames(folder / "names.tsv");
        QCOMPARE(*displayName("n04462240", &*names, "first_lemma"), std::string("toyshop"));
    }

    void namesStayBelowTheirRoot()
    {
        write("in/a.jpg");
        write("outside.jpg");
        fs::create_symlink(root() / "outside.jpg", root() / "in" / "link.jpg");
        fs::create_directory_symlink(root(), root() / "in" / "up");
        fs::create_symlink("a.jpg", root() / "in" / "good.jpg");
        InsideGuard guard(root() / "in", FollowLinks::No);
        QCOMPARE(guard.fileOf("a.jpg")->string(), (root() / "in/a.jpg").string());
        QVERIFY(guard.fileOf("good.jpg"));
        QVERIFY(guard.fileOf("missing.jpg")); // missing is for the image check to say
        for (const char* name : {"../outside.jpg", "/etc/passwd", "link.jpg", "up/outside.jpg",
                                 "..", "", "x/../../y", "/a.jpg", "a\nb.jpg", "a\xff.jpg"})
            QVERIFY2(!guard.fileOf(name), name);
        QVERIFY(!guard.fileOf(std::string_view("a\0b", 3)));
        QVERIFY(guard.fileOf("link.jpg").error().hint.find("follow_links") != std::string::npos);
        InsideGuard follow(root() / "in", FollowLinks::Yes);
        QVERIFY(follow.fileOf("link.jpg"));
        QVERIFY(follow.fileOf("up/outside.jpg"));
        QVERIFY(!follow.fileOf("../outside.jpg"));
    }

    void shownTextIsHarmless()
    {
        QCOMPARE(printable("a\x1b[31m\nb\xff\xc3\xa9"), std::string("a?[31m?b?\xc3\xa9"));
        QVERIFY(isCleanText("h\xc3\xa9llo \xf0\x9f\x98\x80"));
        QVERIFY(!isCleanText("\xed\xa0\x80"));     // surrogate
        QVERIFY(!isCleanText("\xc0\xaf"));         // overlong
        QVERIFY(!isCleanText("\xf4\x90\x80\x80")); // beyond U+10FFFF
        QVERIFY(!isCleanText("\xc2\x85"));         // C1 control
    }

    void shufflesWords()
    {
        const std::string caption = " A man,  riding\ta wave.\n on\xC2\xA0top ";
        QVERIFY((wordsOf(caption) ==
                 std::vector<std::string>{"A", "man,", "riding", "a", "wave.", "on", "top"}));
        const std::string shuffled = shuffledCaption(caption, 0, 0);
        auto words = wordsOf(shuffled);
        auto original = wordsOf(caption);
        QCOMPARE(static_cast<int>(std::count(shuffled.begin(), shuffled.end(), ' ')), 6);
        std::sort(words.begin(), words.end());
        std::sort(original.begin(), original.end());
        QVERIFY(words == original);
        QCOMPARE(shuffledCaption(caption, 0, 0), shuffled);
        std::set<std::string> different;
        for (uint64_t index = 0; index < 20; ++index)
            different.insert(shuffledCaption(caption, 0, index));
        QVERIFY(different.size() > 15);
        QVERIFY(shuffledCaption("", 0, 0).empty());
    }
};

QTEST_APPLESS_MAIN(TestClassFolders)
#include "tst_class_folders.moc"
