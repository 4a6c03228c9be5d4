// SPDX-License-Identifier: GPL-3.0-or-later
// Decoded pixels against Pillow's (golden/data/make_pictures.py); refusals of what is not whole.
#include "core/base/json.h"
#include "core/data/image_decode.h"
#include "core/data/image_probe.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sys/stat.h>

using namespace clwb;
using namespace clwb::data;

namespace
{

const std::filesystem::path kGolden = CLWB_GOLDEN_DIR;

const Json& golden()
{
    static const Json document = *readJsonFile(kGolden / "pictures.json");
    return document;
}

std::vector<uint8_t> fromHex(const std::string& text)
{
    std::vector<uint8_t> bytes;
    for (size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(static_cast<uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

} // namespace

class TestImageDecode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data()
    {
        QTest::addColumn<QString>("text");
        for (const Json& entry : golden()["decode"]) {
            const std::string name =
                entry["file"].get<std::string>() + " " + entry["orientation"].get<std::string>();
            QTest::newRow(name.c_str()) << QString::fromStdString(entry.dump());
        }
    }
    void equalsPillow()
    {
        QFETCH(QString, text);
        const Json entry = Json::parse(text.toStdString());
        const std::string file = entry["file"];
        if (!hasImageDecoder() && !file.ends_with("rgb.bmp") && file != "rgba32.bmp")
            QSKIP("built without OpenCV: only plain BMP is decoded");
        const auto image = decodeImageFile(
            kGolden / file, orientationFromText(entry["orientation"].get<std::string>()));
        QVERIFY2(image, image ? "" : image.error().message.c_str());
        QCOMPARE(image->width, entry["size"][0].get<int>());
        QCOMPARE(image->height, entry["size"][1].get<int>());
        const std::vector<uint8_t> expected = fromHex(entry["rgb"]);
        QCOMPARE(image->pixels.size(), expected.size());
        int largest = 0;
        for (size_t i = 0; i < expected.size(); ++i)
            largest = std::max(largest, std::abs(int(expected[i]) - int(image->pixels[i])));
        QVERIFY2(largest <= entry["tolerance"].get<int>(), std::to_string(largest).c_str());
    }

    void headersAgreeWithPixels()
    {
        for (const Json& entry : golden()["decode"]) {
            if (entry["orientation"] != "ignore")
                continue;
            const auto header = probeImageFile(kGolden / entry["file"].get<std::string>());
            QVERIFY(header);
            QCOMPARE(header->width, entry["size"][0].get<int>());
            QCOMPARE(header->height, entry["size"][1].get<int>());
            const std::string file = entry["file"];
            if (file.starts_with("turned"))
                QCOMPARE(header->orientation, file[6] - '0');
        }
    }

    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QString>("reason");
        for (const Json& entry : golden()["damaged"])
            QTest::newRow(entry[0].get<std::string>().c_str())
                << QString::fromStdString(entry[1].get<std::string>());
    }
    void refusesDamagedFiles()
    {
        QFETCH(QString, reason);
        if (!hasImageDecoder() && reason == QLatin1String("damaged"))
            QSKIP("built without OpenCV");
        const auto image = decodeImageFile(kGolden / QTest::currentDataTag(), Orientation::Ignore);
        QVERIFY(!image);
        QVERIFY(image.error().code == ErrorCode::Data);
        QVERIFY2(image.error().message.find(reason.toStdString()) != std::string::npos,
                 image.error().message.c_str());
    }

    void refusesEveryTruncation()
    {
        // A file cut at any byte is refused, decoded or not; nothing crashes.
        for (const char* name : {"rgb.jpg", "progressive.jpg", "rgb.png", "lossless.webp",
                                 "lossy.webp", "rgb.bmp", "turned6.jpg"}) {
            const auto bytes = readImageBytes(kGolden / name);
            QVERIFY(bytes);
            for (size_t size = 0; size < bytes->size(); ++size) {
                const std::span<const uint8_t> part(bytes->data(), size);
                QVERIFY2(!probeImage(part),
                         (std::string(name) + " " + std::to_string(size)).c_str());
            }
        }
    }

    void acceptsBytesAfterTheEndMarker()
    {
        auto bytes = *readImageBytes(kGolden / "rgb.jpg");
        bytes.insert(bytes.end(), 5000, uint8_t(0));
        QVERIFY(probeImage(bytes));
        QTemporaryDir folder;
        const std::filesystem::path file = (folder.path() + "/padded.jpg").toStdString();
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        QVERIFY(probeImageFile(file));
    }

    // A scan of a few bytes goes over all pixels: thousands keep a decoder busy for hours.
    void refusesAJpegOfThousandsOfScans()
    {
        const auto bytes = *readImageBytes(kGolden / "progressive.jpg");
        const std::vector<uint8_t> start{0xFF, 0xDA}; // of a scan; data hold no such bytes
        const auto last = std::find_end(bytes.begin(), bytes.end() - 2, start.begin(), start.end());
        const auto withScans = [&](int count) {
            std::vector<uint8_t> made(bytes.begin(), last);
            for (int scan = 0; scan < count; ++scan)
                made.insert(made.end(), last, bytes.end() - 2);
            made.insert(made.end(), bytes.end() - 2, bytes.end()); // the end marker
            return made;
        };
        QVERIFY(withScans(1) == bytes);
        QVERIFY(probeImage(withScans(100)));
        const std::vector<uint8_t> hostile = withScans(5000);
        QTemporaryDir folder;
        const std::filesystem::path file = (folder.path() + "/scans.jpg").toStdString();
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(hostile.data()),
                   static_cast<std::streamsize>(hostile.size()));
        for (const std::string& reason :
             {probeImage(hostile).error().message, probeImageFile(file).error().message,
              decodeImageFile(file, Orientation::Ignore).error().message})
            QVERIFY2(reason.find("more than 200 scans") != std::string::npos, reason.c_str());
    }

    // A file without progressive coding may hold a scan for each component, or thousands.
    void refusesThousandsOfScansOfOneComponent()
    {
        const auto bytes = *readImageBytes(kGolden / "rgb.jpg");
        const std::vector<uint8_t> start{0xFF, 0xDA};
        std::vector<uint8_t> hostile(
            bytes.begin(), std::search(bytes.begin(), bytes.end(), start.begin(), start.end()));
        const std::vector<uint8_t> scan{0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0, 0x55};
        for (int i = 0; i < 5000; ++i)
            hostile.insert(hostile.end(), scan.begin(), scan.end());
        hostile.insert(hostile.end(), {0xFF, 0xD9});
        QTemporaryDir folder;
        const std::filesystem::path file = (folder.path() + "/scans.jpg").toStdString();
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(hostile.data()),
                   static_cast<std::streamsize>(hostile.size()));
        const auto header = probeImageFile(file);
        QVERIFY(!header && header.error().message.find("more than 200 scans") != std::string::npos);
        // Who wants its size is not kept waiting.
        const auto size = probeImageFile(file, Wholeness::Skip);
        QVERIFY(size);
        QCOMPARE(size->width, probeImage(bytes)->width);
        QCOMPARE(size->height, probeImage(bytes)->height);
    }

    void tellsWhatIsConverted()
    {
        QVERIFY(probeImageFile(kGolden / "cmyk.jpg")->isCmyk);
        QVERIFY(!probeImageFile(kGolden / "rgb.jpg")->isCmyk);
        QVERIFY(probeImageFile(kGolden / "grey16.png")->has16Bits);
        // An animation's chunk after the header of a PNG: its length, name, frames, plays and sum.
        auto bytes = *readImageBytes(kGolden / "rgb.png");
        QVERIFY(!probeImage(bytes)->has16Bits && !probeImage(bytes)->isAnimated);
        const std::vector<uint8_t> chunk{0, 0, 0, 8, 'a', 'c', 'T', 'L', 0, 0,
                                         0, 2, 0, 0, 0,   0,   0,   0,   0, 0};
        bytes.insert(bytes.begin() + 8 + 25, chunk.begin(), chunk.end());
        QVERIFY(probeImage(bytes)->isAnimated);
    }

    void neverWaitsForSpecialFiles()
    {
        QTemporaryDir folder;
        const std::string fifo = (folder.path() + "/pipe.jpg").toStdString();
        QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
        const auto start = std::chrono::steady_clock::now();
        for (const std::string& file :
             {fifo, folder.path().toStdString(), std::string("/dev/zero")}) {
            const auto header = probeImageFile(file);
            QVERIFY(!header);
            QCOMPARE(header.error().message, std::string("not a regular file"));
            QVERIFY(!decodeImageFile(file, Orientation::Ignore));
        }
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
        QCOMPARE(probeImageFile("/nowhere/at/all.jpg").error().message, std::string("missing"));
    }
};

QTEST_APPLESS_MAIN(TestImageDecode)
#include "tst_image_decode.moc"
