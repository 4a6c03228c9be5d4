// SPDX-License-Identifier: GPL-3.0-or-later
// The packed picture cache: what is in it needs no decoding; kills and damage cost decoding only.
#include "core/base/file.h"
#include "core/data/batch_loader.h"
#include "core/data/image_decode.h"
#include "core/data/picture_store.h"
#include "core/data/resample.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace clwb;
using namespace clwb::data;

namespace
{

constexpr int kSide = 12;
constexpr size_t kBytes = 3 * kSide * kSide;
using Picture = std::vector<uint8_t>;

/// A picture of 20×14 pixels of noise.
void writePicture(const fs::path& file, uint32_t seed)
{
    std::vector<uint8_t> rgb(3 * 20 * 14);
    for (uint8_t& value : rgb) {
        seed = seed * 1664525u + 1013904223u;
        value = static_cast<uint8_t>(seed >> 24);
    }
    test::require(test::writeBmp(file, 20, 14, rgb));
}

/// Other content under the same size and time: only a cache can still know the old picture.
void replaceUnnoticed(const fs::path& file)
{
    const auto time = fs::last_write_time(file);
    writePicture(file, 99);
    fs::last_write_time(file, time);
}

} // namespace

class TestPictureCache : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<Item> m_items;
    std::vector<Picture> m_expected;

    fs::path root() const { return m_folder->path().toStdString(); }
    fs::path cacheFolder() const { return root() / "cache"; }

    std::shared_ptr<PictureCache> open(const std::string& geometry = "clip") const
    {
        PictureRule rule;
        rule.side = kSide;
        rule.geometry = geometry;
        auto cache = PictureCache::open(cacheFolder(), rule);
        test::require(cache);
        return *cache;
    }

    Picture fetch(PictureCache& cache, const Item& item) const
    {
        Picture picture(kBytes);
        const auto fetched = cache.fetch(item, picture.data());
        return fetched ? picture : Picture();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_items.clear();
        m_expected.clear();
        for (int i = 0; i < 3; ++i) {
            const fs::path file = root() / ("p" + std::to_string(i) + ".bmp");
            writePicture(file, static_cast<uint32_t>(i));
            m_items.push_back({std::to_string(2 * i), file, {}, 0});
            m_items.push_back({std::to_string(2 * i + 1), file, {2, 1, 17, 9 + i}, 0});
        }
        for (const Item& item : m_items) {
            const auto image = decodeImageFile(item.file, Orientation::Ignore);
            m_expected.emplace_back(kBytes);
            preparePicture(*image, item.box, kSide, "clip", m_expected.back().data());
        }
    }

    void aSecondProcessNeverDecodes()
    {
        {
            const auto cache = open();
            for (size_t i = 0; i < m_items.size(); ++i)
                QVERIFY(fetch(*cache, m_items[i]) == m_expected[i]);
        }
        for (const Item& item : m_items)
            replaceUnnoticed(item.file);
        const auto cache = open();
        for (size_t i = 0; i < m_items.size(); ++i)
            QVERIFY(fetch(*cache, m_items[i]) == m_expected[i]);
    }

    void changesAndOtherGeometriesAreNoticed()
    {
        const Item& item = m_items[1];
        {
            const auto cache = open();
            QVERIFY(fetch(*cache, item) == m_expected[1]);
        }
        QVERIFY(fetch(*open("squash"), item) != m_expected[1]);
        fs::last_write_time(item.file, fs::last_write_time(item.file) + std::chrono::seconds(5));
        replaceUnnoticed(item.file);
        QVERIFY(fetch(*open(), item) != m_expected[1]);
    }

    void announcedBoxesAreCutTogether()
    {
        const auto cache = open();
        cache->announce(m_items);
        QVERIFY(fetch(*cache, m_items[0]) == m_expected[0]);
        replaceUnnoticed(m_items[0].file);
        QVERIFY(fetch(*cache, m_items[1]) == m_expected[1]);
    }

    void memoryOnly()
    {
        PictureRule rule;
        rule.side = kSide;
        const auto cache = PictureCache::open({}, rule);
        QVERIFY(fetch(**cache, m_items[1]) == m_expected[1]);
        replaceUnnoticed(m_items[1].file);
        QVERIFY(fetch(**cache, m_items[1]) == m_expected[1]);
        QVERIFY((*cache)->flush());
    }

    void errorsNameFileAndReason()
    {
        const auto cache = open();
        Picture out(kBytes);
        const auto missing = cache->fetch({"x", root() / "none.bmp", {}, 0}, out.data());
        QVERIFY(!missing && missing.error().code == ErrorCode::Data);
        QVERIFY(missing.error().message.find("none.bmp: missing") != std::string::npos);
        for (const PixelBox& box : {PixelBox{0, 0, 21, 5}, PixelBox{5, 5, 5, 9},
                                    PixelBox{-1, 0, 4, 4}, PixelBox{0, 0, 4, 15}}) {
            const auto outside = cache->fetch({"x", m_items[0].file, box, 0}, out.data());
            QVERIFY(!outside && outside.error().code == ErrorCode::Data);
        }
        QVERIFY(!PictureCache::open(cacheFolder(), {0, "clip", "ignore"}));
        QVERIFY(!PictureCache::open(cacheFolder(), {8, "warp", "ignore"}));
    }

    void severalProcessesShareAFolder()
    {
        std::vector<pid_t> children;
        for (int child = 0; child < 4; ++child) {
            const pid_t pid = ::fork();
            if (pid == 0) {
                int wrong = 0;
                {
                    const auto cache = open();
                    for (size_t i = 0; i < m_items.size(); ++i)
                        wrong += fetch(*cache, m_items[i]) != m_expected[i];
                }
                ::_exit(wrong);
            }
            children.push_back(pid);
        }
        for (const pid_t child : children) {
            int status = -1;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QCOMPARE(status, 0);
        }
        for (const Item& item : m_items)
            replaceUnnoticed(item.file);
        const auto cache = open();
        for (size_t i = 0; i < m_items.size(); ++i)
            QVERIFY(fetch(*cache, m_items[i]) == m_expected[i]);
    }

    void seesWhatAnotherOneAddsLater()
    {
        const auto first = open();
        const auto second = open();
        QVERIFY(fetch(*first, m_items[3]) == m_expected[3]);
        QVERIFY(first->flush());
        replaceUnnoticed(m_items[3].file);
        QVERIFY(fetch(*second, m_items[3]) == m_expected[3]);
    }

    void aKilledProcessLeavesAUsableCache()
    {
        const pid_t pid = ::fork();
        if (pid == 0) {
            const auto cache = open();
            for (size_t i = 0; i < 4; ++i)
                fetch(*cache, m_items[i]);
            (void)cache->flush();
            fetch(*cache, m_items[4]); // not in the index yet
            ::_exit(0);                // no destructor runs
        }
        int status = -1;
        QCOMPARE(::waitpid(pid, &status, 0), pid);
        replaceUnnoticed(m_items[0].file);
        const auto cache = open();
        for (size_t i = 0; i < m_items.size(); ++i)
            QVERIFY(fetch(*cache, m_items[i]) == m_expected[i]);
        // The segment of the dead process went on being used: there is only one.
        QCOMPARE(std::distance(fs::directory_iterator(cacheFolder()), {}), 2);
    }

    void damageCountsAsAbsent_data()
    {
        QTest::addColumn<QString>("ending");
        QTest::addColumn<int>("cut");
        for (const QString ending : {".index", ".pixels"}) {
            for (const int cut : {0, 1, 50, 130, 150, 200, 500})
                QTest::newRow(qPrintable(ending + " cut to " + QString::number(cut)))
                    << ending << cut;
            QTest::newRow(qPrintable(ending + " flipped")) << ending << -1;
        }
    }
    void damageCountsAsAbsent()
    {
        QFETCH(QString, ending);
        QFETCH(int, cut);
        {
            const auto cache = open();
            for (const Item& item : m_items)
                fetch(*cache, item);
        }
        for (const auto& entry : fs::directory_iterator(cacheFolder())) {
            if (entry.path().extension() != ending.toStdString())
                continue;
            if (cut >= 0) {
                fs::resize_file(entry.path(), static_cast<uintmax_t>(cut));
            } else {
                std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
                file.seekp(190);
                file.put('\x5a');
            }
        }
        for (int round = 0; round < 2; ++round) {
            const auto cache = open();
            for (size_t i = 0; i < m_items.size(); ++i)
                QVERIFY(fetch(*cache, m_items[i]) == m_expected[i]);
        }
    }

    void leavesRoomForResults()
    {
        const Sha256Digest first = sha256("first");
        const Sha256Digest second = sha256("second");
        const Picture picture(kBytes, 7);
        Picture found(kBytes);
        {
            const auto store = PictureStore::open(cacheFolder(), "room", kBytes, 0);
            QVERIFY(store && (*store)->hasRoom());
            (*store)->add(first, picture.data());
        }
        const auto full = PictureStore::open(cacheFolder(), "room", kBytes, UINT64_MAX);
        QVERIFY(full && !(*full)->hasRoom());
        QVERIFY((*full)->read(first, found.data()) && found == picture);
        (*full)->add(second, picture.data());
        QVERIFY(!(*full)->read(second, found.data()));
        // Part of any disk stays free, and never more than 5 GiB of a large one.
        const uint64_t reserve = PictureStore::reserveOf(cacheFolder());
        QVERIFY(reserve > 0 && reserve <= fs::space(cacheFolder()).capacity / 20);
        QVERIFY(reserve <= uint64_t(5) << 30);
    }

    void readsAFolderThatItMayNotWrite()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere");
        {
            const auto cache = open();
            for (const Item& item : m_items)
                fetch(*cache, item);
        }
        fs::permissions(cacheFolder(), fs::perms::owner_read | fs::perms::owner_exec);
        replaceUnnoticed(m_items[0].file);
        QVERIFY(fetch(*open(), m_items[0]) == m_expected[0]);
        fs::permissions(cacheFolder(), fs::perms::owner_all);
    }
};

QTEST_APPLESS_MAIN(TestPictureCache)
#include "tst_picture_cache.moc"
