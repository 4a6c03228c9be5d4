// SPDX-License-Identifier: GPL-3.0-or-later
// Batches come in order whatever the threads do; errors and exceptions arrive at next().
#include "core/data/augmentation.h"
#include "core/data/batch_loader.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <thread>

using namespace clwb;
using namespace clwb::data;

namespace
{

/// A picture is its item's number, after a while that differs from item to item.
class FakeCache : public PictureCache
{
public:
    [[nodiscard]] int side() const override { return 2; }
    Result<void> fetch(const Item& item, uint8_t* out) override
    {
        ++fetched;
        if (item.id == failing)
            return fail(ErrorCode::Data, "cannot read " + item.id);
        if (item.id == throwing)
            throw std::runtime_error("library failed");
        std::this_thread::sleep_for(std::chrono::microseconds(item.label * 7919 % 700));
        std::fill_n(out, 12, static_cast<uint8_t>(item.label));
        return {};
    }
    Result<void> flush() override { return {}; }

    std::atomic<int> fetched{0};
    std::string failing, throwing;
};

std::vector<Item> numberedItems(int count)
{
    std::vector<Item> items;
    for (int i = 0; i < count; ++i)
        items.push_back({std::to_string(i), "f" + std::to_string(i), {}, i});
    return items;
}

std::vector<int64_t> backwards(int64_t count)
{
    std::vector<int64_t> order(static_cast<size_t>(count));
    std::iota(order.rbegin(), order.rend(), int64_t(0));
    return order;
}

} // namespace

class TestBatchLoader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversInOrder_data()
    {
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("threads");
        QTest::addColumn<bool>("keepLast");
        QTest::addColumn<int>("first");
        for (const int threads : {1, 2, 7}) {
            QTest::addRow("partial %d", threads) << 103 << 10 << threads << true << 0;
            QTest::addRow("dropped %d", threads) << 103 << 10 << threads << false << 0;
            QTest::addRow("exact %d", threads) << 100 << 10 << threads << true << 0;
            QTest::addRow("resumed %d", threads) << 103 << 10 << threads << true << 4;
            QTest::addRow("resumed at the end %d", threads) << 103 << 10 << threads << true << 11;
            QTest::addRow("one batch %d", threads) << 3 << 10 << threads << true << 0;
            QTest::addRow("nothing %d", threads) << 0 << 10 << threads << true << 0;
        }
    }
    void deliversInOrder()
    {
        QFETCH(int, items);
        QFETCH(int, batch);
        QFETCH(int, threads);
        QFETCH(bool, keepLast);
        QFETCH(int, first);
        const auto list = numberedItems(items);
        const auto order = backwards(items);
        FakeCache cache;
        BatchLoader::Options options;
        options.batchSize = batch;
        options.keepLastPartial = keepLast;
        options.threads = threads;
        options.firstBatch = first;
        BatchLoader loader(list, order, cache, options);
        const int batches = keepLast ? (items + batch - 1) / batch : items / batch;
        QCOMPARE(loader.batchCount(), int64_t(batches));
        size_t position = static_cast<size_t>(first) * static_cast<size_t>(batch);
        for (int i = first; i < batches; ++i) {
            const auto got = loader.next();
            QVERIFY(got && *got);
            QCOMPARE((*got)->pixels.size(), 12 * (*got)->indices.size());
            for (size_t k = 0; k < (*got)->indices.size(); ++k, ++position) {
                QCOMPARE((*got)->indices[k], order[position]);
                for (size_t p = 0; p < 12; ++p)
                    QCOMPARE(int((*got)->pixels[12 * k + p]), int(order[position]));
            }
        }
        for (int i = 0; i < 2; ++i) {
            const auto end = loader.next();
            QVERIFY(end && !*end);
        }
    }

    void loadsOnlyAFewBatchesAhead()
    {
        const auto list = numberedItems(200);
        FakeCache cache;
        BatchLoader::Options options;
        options.batchSize = 10;
        options.threads = 3;
        options.prefetch = 2;
        BatchLoader loader(list, backwards(200), cache, options);
        QTRY_COMPARE_WITH_TIMEOUT(cache.fetched.load(), 20, 5000);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        QCOMPARE(cache.fetched.load(), 20);
        QVERIFY(loader.next());
        QTRY_COMPARE_WITH_TIMEOUT(cache.fetched.load(), 30, 5000);
    }

    void errorsArriveInTheirPlace_data()
    {
        QTest::addColumn<bool>("throws");
        QTest::newRow("error") << false;
        QTest::newRow("exception") << true;
    }
    void errorsArriveInTheirPlace()
    {
        QFETCH(bool, throws);
        const auto list = numberedItems(100);
        FakeCache cache;
        (throws ? cache.throwing : cache.failing) = "64"; // position 35 of the backward order
        BatchLoader::Options options;
        options.batchSize = 10;
        options.threads = 4;
        BatchLoader loader(list, backwards(100), cache, options);
        for (int i = 0; i < 3; ++i)
            QVERIFY(loader.next());
        for (int i = 0; i < 2; ++i) {
            const auto failed = loader.next();
            QVERIFY(!failed);
            QVERIFY(failed.error().code == (throws ? ErrorCode::RunFailed : ErrorCode::Data));
            QVERIFY(failed.error().message.find(throws ? "f64: library failed"
                                                       : "cannot read 64") != std::string::npos);
        }
    }

    void leavesEarlyWithoutWaitingForThePass()
    {
        const auto list = numberedItems(2000);
        for (int i = 0; i < 20; ++i) {
            FakeCache cache;
            BatchLoader::Options options;
            options.batchSize = 5;
            options.threads = 1 + i % 4;
            BatchLoader loader(list, backwards(2000), cache, options);
            if (i % 2 == 0)
                QVERIFY(loader.next());
        }
    }

    void augmentationDependsOnItsCountersOnly()
    {
        const Augmentation first{true, 1, 2, 3};
        const PixelBox box = augmentationBox(first, "17", 224);
        QVERIFY(box == augmentationBox(first, "17", 224));
        QVERIFY(box != augmentationBox({true, 1, 2, 4}, "17", 224));
        QVERIFY(box != augmentationBox(first, "18", 224));
        double smallest = 1, largest = 0;
        for (int i = 0; i < 500; ++i) {
            const PixelBox part = augmentationBox(first, std::to_string(i), 224);
            QVERIFY(part.x0 >= 0 && part.y0 >= 0 && part.x1 <= 224 && part.y1 <= 224);
            const double area = double(part.x1 - part.x0) * (part.y1 - part.y0) / (224.0 * 224.0);
            smallest = std::min(smallest, area);
            largest = std::max(largest, area);
        }
        QVERIFY(smallest >= 0.89 && smallest < 0.92);
        QVERIFY(largest > 0.98 && largest <= 1);
        std::vector<uint8_t> flat(3 * 224 * 224, 77); // a flat picture stays flat
        augmentPicture(first, "17", 224, flat.data());
        QVERIFY(flat == std::vector<uint8_t>(3 * 224 * 224, 77));
    }

    void normalizesAsTorchvision()
    {
        // ToTensor and Normalize with CLIP's numbers, float32: computed with torch 2.13.
        const std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
        const std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
        const std::vector<uint8_t> pixels{0, 128, 255, 1, 2, 3, 10, 20, 30, 200, 100, 50};
        std::vector<float> out(12);
        normalizePictures(pixels, 1, 2, mean, std, out.data());
        const std::vector<float> expected{-1.79226255F, -1.77766407F, -1.64627826F, 1.12742281F,
                                          0.168897316F, -1.72208154F, -1.45194173F, -0.251320273F,
                                          2.14589691F,  -1.4375596F,  -1.05361784F, -0.769216478F};
        for (size_t i = 0; i < 12; ++i)
            QCOMPARE(out[i], expected[i]);
    }
};

QTEST_GUILESS_MAIN(TestBatchLoader)
#include "tst_batch_loader.moc"
