// SPDX-License-Identifier: GPL-3.0-or-later
// Resized pictures against Pillow 9.4 (SHA-256 of the pixels), and the fast kernels against a loop.
#include "core/base/json.h"
#include "core/base/sha256.h"
#include "core/data/image_decode.h"
#include "core/data/resample.h"
#include "core/data/resample_kernels.h"

#include <QtTest>

#include <chrono>

using namespace clwb;
using namespace clwb::data;

namespace
{

/// The noise of golden/data/make_pictures.py.
Image noise(int width, int height, uint32_t seed)
{
    Image image{width, height, {}};
    for (int i = 0; i < 3 * width * height; ++i) {
        seed = seed * 1664525u + 1013904223u;
        image.pixels.push_back(static_cast<uint8_t>(seed >> 24));
    }
    return image;
}

std::string digestOf(const std::vector<uint8_t>& pixels)
{
    return sha256Hex({reinterpret_cast<const char*>(pixels.data()), pixels.size()});
}

const Json& golden()
{
    static const Json document =
        *readJsonFile(std::filesystem::path(CLWB_GOLDEN_DIR) / "pictures.json");
    return document;
}

} // namespace

class TestResample : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data()
    {
        QTest::addColumn<QString>("text");
        for (const Json& entry : golden()["resize"]) {
            const QString name = QStringLiteral("%1x%2 %3 to %4")
                                     .arg(entry["width"].get<int>())
                                     .arg(entry["height"].get<int>())
                                     .arg(QString::fromStdString(entry["geometry"]))
                                     .arg(entry["side"].get<int>());
            QTest::newRow(qPrintable(name)) << QString::fromStdString(entry.dump());
        }
    }
    void equalsPillow()
    {
        QFETCH(QString, text);
        const Json entry = Json::parse(text.toStdString());
        const Image image = noise(entry["width"], entry["height"], entry["seed"]);
        const int side = entry["side"];
        std::vector<uint8_t> out(3 * static_cast<size_t>(side * side));
        preparePicture(image, {}, side, entry["geometry"].get<std::string>(), out.data());
        QCOMPARE(digestOf(out), entry["sha256"].get<std::string>());
    }

    void equalsPillowOnPhotos()
    {
        const std::filesystem::path root =
            std::filesystem::path(CLWB_SHARED_DATA_DIR) / "coco-sample";
        if (!std::filesystem::exists(root) || !hasImageDecoder())
            QSKIP("no COCO sample here, or built without OpenCV");
        std::vector<uint8_t> out(3 * 224 * 224);
        std::filesystem::path lastFile;
        Image image;
        for (const Json& entry : golden()["photos"]) {
            const std::filesystem::path file = root / entry["file"].get<std::string>();
            if (file != lastFile) {
                auto decoded = decodeImageFile(file, Orientation::Ignore);
                QVERIFY2(decoded, file.c_str());
                image = std::move(*decoded);
                lastFile = file;
            }
            const auto box = entry["box"].get<std::vector<int>>();
            preparePicture(image, {box[0], box[1], box[2], box[3]}, 224, "clip", out.data());
            QVERIFY2(digestOf(out) == entry["sha256"].get<std::string>(), entry.dump().c_str());
        }
    }

    void fastKernelsEqualPlainLoops()
    {
        const ResampleKernels fast = bestKernels();
        const ResampleKernels plain = plainKernels();
        // Weights that a filter does not have, so that the clamps are hit on both sides; no sum of
        // 7 times 255 leaves 32 bits, which real weights, of sum 1, are far from.
        std::vector<int> first, count;
        std::vector<int32_t> weights;
        constexpr int kStride = 8;
        uint32_t state = 5;
        const auto draw = [&] { return state = state * 1664525u + 1013904223u; };
        for (int i = 0; i < 77; ++i) {
            first.push_back(i);
            count.push_back(1 + i % 7);
            for (int k = 0; k < kStride; ++k)
                weights.push_back(k >= count.back() ? 0
                                  : i % 14 == 6     ? 1'150'000
                                                : static_cast<int32_t>(draw() >> 12) - (1 << 18));
        }
        const Image image = noise(100, 9, 3);
        const ResampleTaps taps{first.data(), count.data(), weights.data(), kStride, 77};
        std::vector<uint8_t> a(3 * 77), b(3 * 77);
        for (int y = 0; y < 8; ++y) {
            fast.horizontal(image.at(0, y), taps, a.data());
            plain.horizontal(image.at(0, y), taps, b.data());
            QVERIFY(a == b);
        }
        for (const size_t bytes : {size_t(1), size_t(31), size_t(32), size_t(33), size_t(300)}) {
            std::vector<uint8_t> c(bytes, 1), d(bytes, 2);
            fast.vertical(image.pixels.data(), 300, weights.data() + 6 * kStride, 7, c.data(),
                          bytes);
            plain.vertical(image.pixels.data(), 300, weights.data() + 6 * kStride, 7, d.data(),
                           bytes);
            QVERIFY(c == d);
        }
    }

    void centreOffsetRoundsHalfToEven()
    {
        QCOMPARE(centreOffset(225, 224), 0);
        QCOMPARE(centreOffset(227, 224), 2);
        QCOMPARE(centreOffset(229, 224), 2);
        QCOMPARE(centreOffset(231, 224), 4);
        QCOMPARE(centreOffset(230, 224), 3);
        QCOMPARE(centreOffset(224, 224), 0);
    }

    void extremeBoxesAreCheap()
    {
        const Image image = noise(1, 32'768, 1);
        std::vector<uint8_t> out(3 * 224 * 224);
        const auto start = std::chrono::steady_clock::now();
        preparePicture(image, {}, 224, "clip", out.data());
        preparePicture(image, {0, 0, 1, 600}, 224, "clip", out.data());
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
    }
};

QTEST_APPLESS_MAIN(TestResample)
#include "tst_resample.moc"
