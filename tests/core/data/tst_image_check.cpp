// SPDX-License-Identifier: GPL-3.0-or-later
// Images are looked at once and again when they change.
#include "core/base/file.h"
#include "core/data/image_check.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <chrono>

using namespace clwb;
using namespace clwb::data;

class TestImageCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembersByContentIdentity()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        const std::filesystem::path memory = root / "memory";
        std::vector<std::filesystem::path> files;
        for (int i = 0; i < 200; ++i) {
            files.push_back(root / ("p" + std::to_string(i) + ".bmp"));
            QVERIFY(
                test::writeBmp(files.back(), 3 + i % 5, 2, std::vector<uint8_t>(6 * (3 + i % 5))));
        }
        QVERIFY(writeFileAtomically(root / "bad.jpg", "no image"));
        files.push_back(root / "bad.jpg");
        files.push_back(root / "missing.jpg");
        files.push_back(files.front()); // twice
        {
            ImageChecker checker(memory);
            std::atomic<int64_t> looked{0};
            QVERIFY(checker.look(files, {}, [&looked](int64_t count) { looked += count; }));
            QCOMPARE(looked.load(), int64_t{202}); // the one that is named twice counts once
            QCOMPARE(checker.verdictOf(files[4]).header.width, 7);
            QCOMPARE(checker.verdictOf(root / "missing.jpg").reason, std::string("missing"));
            QVERIFY(checker.verdictOf(root / "bad.jpg").reason.find("not a JPEG") == 0);
        }
        QVERIFY(std::filesystem::exists(memory));
        // A remembered file is not opened: content of equal size and time goes unnoticed, …
        const auto time = std::filesystem::last_write_time(files[0]);
        const auto size = std::filesystem::file_size(files[0]);
        QVERIFY(writeFileAtomically(files[0], std::string(size, 'x')));
        std::filesystem::last_write_time(files[0], time);
        QVERIFY(writeFileAtomically(files[1], std::string(10, 'x'))); // … a change is noticed
        ImageChecker again(memory);
        QVERIFY(again.look(files, {}));
        QCOMPARE(again.verdictOf(files[0]).reason, std::string());
        QVERIFY(!again.verdictOf(files[1]).reason.empty());
        QCOMPARE(again.verdictOf(files[4]).header.width, 7);
    }

    void writesItsMemoryOnlyForNews()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        const std::filesystem::path memory = root / "cache" / "memory"; // the folder is made
        const auto lookAt = [&](const std::vector<std::filesystem::path>& files) {
            ImageChecker checker(memory);
            QVERIFY(checker.look(files, {}));
        };
        QVERIFY(test::writeBmp(root / "a.bmp", 2, 2, std::vector<uint8_t>(12)));
        lookAt({root / "a.bmp"});
        std::filesystem::last_write_time(memory, std::filesystem::last_write_time(memory) -
                                                     std::chrono::hours(1));
        const auto old = std::filesystem::last_write_time(memory);
        lookAt({root / "a.bmp", root / "missing.bmp"}); // what is bad is looked at every time
        QVERIFY(std::filesystem::last_write_time(memory) == old);
        QVERIFY(test::writeBmp(root / "b.bmp", 2, 2, std::vector<uint8_t>(12)));
        lookAt({root / "a.bmp", root / "b.bmp"});
        QVERIFY(std::filesystem::last_write_time(memory) != old);
    }

    void survivesADamagedMemory()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        const std::filesystem::path file = root / "p.bmp";
        QVERIFY(test::writeBmp(file, 2, 2, std::vector<uint8_t>(12)));
        for (const char* text : {"", "clwb checked images 2\n1\t2\t", "rubbish\n",
                                 "clwb checked images 2\n1\t2\t9\t1\t1\t1\t0\t/x\n\t\t\n"}) {
            QVERIFY(writeFileAtomically(root / "memory", text));
            ImageChecker checker(root / "memory");
            QVERIFY(checker.look({file}, {}));
            QCOMPARE(checker.verdictOf(file).reason, std::string());
        }
    }

    void stopsWhenAsked()
    {
        StopSource stop;
        stop.requestStop();
        ImageChecker checker;
        const auto looked = checker.look({"/nowhere.jpg"}, stop.token());
        QVERIFY(!looked && looked.error().code == ErrorCode::Stopped);
    }
};

QTEST_APPLESS_MAIN(TestImageCheck)
#include "tst_image_check.moc"
