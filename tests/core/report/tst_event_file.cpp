// SPDX-License-Identifier: GPL-3.0-or-later
// TensorBoard's event files: bytes written by hand from the format's definition, checksums of RFC
// 3720, damage at every byte.
#include "core/report/event_file.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace clwb;
using namespace clwb::report;

namespace
{

/// Bit by bit, as the polynomial is defined; the masking as the record format says.
uint32_t naiveMasked(const std::string& bytes)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
    }
    crc = ~crc;
    return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

std::string fourBytes(uint32_t value)
{
    std::string bytes;
    for (int i = 0; i < 4; ++i)
        bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
    return bytes;
}

std::string record(const std::string& event)
{
    const std::string length =
        fourBytes(static_cast<uint32_t>(event.size())) + std::string(4, '\0');
    return length + fourBytes(naiveMasked(length)) + event + fourBytes(naiveMasked(event));
}

using namespace std::string_literals;

// wall time 1.0, step 3, summary { value { tag "loss", simple_value 0.5 } }
const std::string kSimple = "\x09\0\0\0\0\0\0\xF0\x3F"
                            "\x10\x03"
                            "\x2A\x0D\x0A\x0B\x0A\x04loss\x15\0\0\0\x3F"s;
// step 300 (two bytes), value { tag "acc", tensor { dtype DOUBLE, content 0.25 } }
const std::string kTensor = "\x10\xAC\x02"
                            "\x2A\x15\x0A\x13\x0A\x03"
                            "acc\x42\x0C\x08\x02\x22\x08\0\0\0\0\0\0\xD0\x3F"s;
// value { tag "loss", tensor { dtype FLOAT, float_val [2] } } of a later step
const std::string kFloatList = "\x10\x04"
                               "\x2A\x12\x0A\x10\x0A\x04loss\x42\x08\x08\x01\x2A\x04\0\0\0\x40"s;
// value { tag "face", image {…} }
const std::string kPicture = "\x10\x04"
                             "\x2A\x0C\x0A\x0A\x0A\x04"
                             "face\x22\x02\x08\x01"s;
const std::string kVersion = "\x1A\x0D"
                             "brain.Event:2"s;

} // namespace

class TestEventFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheChecksumsOfTheRfc()
    {
        QCOMPARE(crc32c(std::string(32, '\0')), 0x8A9136AAu);
        QCOMPARE(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
        QCOMPARE(crc32c("123456789"), 0xE3069283u);
    }

    void readsScalarsInEachOfTheirForms()
    {
        const auto file = readEventFile(record(kVersion) + record(kSimple) + record(kTensor) +
                                            record(kFloatList) + record(kPicture),
                                        "events");
        QVERIFY(file);
        QVERIFY(!file->isCutOff);
        QCOMPARE(file->leftValues, int64_t{1});
        QCOMPARE(file->series.size(), size_t{2});
        const ScalarSeries& loss = file->series[0];
        QCOMPARE(loss.tag, std::string("loss"));
        QCOMPARE(loss.points.size(), size_t{2});
        QCOMPARE(loss.points[0].step, int64_t{3});
        QCOMPARE(loss.points[0].wallTime, 1.0);
        QCOMPARE(loss.points[0].value, 0.5);
        QCOMPARE(loss.points[1].value, 2.0);
        QCOMPARE(file->series[1].tag, std::string("acc"));
        QCOMPARE(file->series[1].points[0].step, int64_t{300});
        QCOMPARE(file->series[1].points[0].value, 0.25);
    }

    void writesWhatTheFormatSays()
    {
        const ScalarSeries loss{"loss", {{3, 1.0, 0.5}}};
        const std::string written = writeEventFile(std::span(&loss, 1));
        const std::string first = "\x09\0\0\0\0\0\0\xF0\x3F"s + kVersion;
        QCOMPARE(written, record(first) + record(kSimple));
    }

    void comesBackAsItWas()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinite = std::numeric_limits<double>::infinity();
        const std::vector<ScalarSeries> series{
            {"CE", {{1, 10, 2.5}, {2, 11, nan}, {70'000, 12, -infinite}}},
            {"größe/µ", {{0, 10, 0.125}}}};
        const auto file = readEventFile(writeEventFile(series), "events");
        QVERIFY(file);
        QCOMPARE(file->series.size(), size_t{2});
        QVERIFY(std::isnan(file->series[0].points[1].value));
        QCOMPARE(file->series[0].points[2].value, -infinite);
        QCOMPARE(file->series[0].points[2].step, int64_t{70'000});
        QCOMPARE(file->series[1].tag, series[1].tag);
    }

    void findsDamageAtEveryByte()
    {
        const std::string whole = record(kVersion) + record(kSimple);
        for (size_t at = 0; at < whole.size(); ++at) {
            std::string bytes = whole;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
            const auto file = readEventFile(bytes, "events.1");
            QVERIFY2(!file, qPrintable(QString::number(at)));
            QVERIFY(file.error().message.find("events.1") != std::string::npos);
        }
    }

    void saysWhenTheEndIsMissing()
    {
        const std::string whole = record(kSimple);
        for (size_t kept = 1; kept < whole.size(); ++kept) {
            const auto file = readEventFile(std::string_view(whole).substr(0, kept), "events");
            QVERIFY(file);
            QVERIFY(file->isCutOff);
            QVERIFY(file->series.empty());
        }
    }

    void leavesEventsThatLieAboutTheirLength()
    {
        // The summary claims 127 bytes and has 2: the checksum is right, the event is not.
        const auto file = readEventFile(record("\x2A\x7F\x0A\x01"s), "events");
        QVERIFY(!file);
        // A varint without an end.
        QVERIFY(!readEventFile(record(std::string(20, '\xFF')), "events"));
        // A tag that is no UTF-8 is left.
        const auto odd =
            readEventFile(record("\x2A\x0A\x0A\x08\x0A\x01\xFF\x15\0\0\0\x3F"s), "events");
        QVERIFY(odd);
        QCOMPARE(odd->leftValues, int64_t{1});
    }

    void tellsItsFilesFromOthers()
    {
        QVERIFY(isEventFile(record(kVersion)));
        QVERIFY(!isEventFile("run_id,uid,name,kind"));
        QVERIFY(!isEventFile("PK\x03\x04"));
    }
};

QTEST_APPLESS_MAIN(TestEventFile)
#include "tst_event_file.moc"
