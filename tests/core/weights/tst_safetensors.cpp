// SPDX-License-Identifier: GPL-3.0-or-later
// Round trips, files written by hand byte by byte, and every kind of damage with its own sentence.
#include "core/base/sha256.h"
#include "core/weights/safetensors.h"
#include "tests/core/weights/tiny_clip.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace clwb;
using namespace clwb::weights;

namespace
{

std::string withLength(uint64_t length, const std::string& rest)
{
    std::string bytes;
    for (int i = 0; i < 8; ++i)
        bytes += static_cast<char>((length >> (8 * i)) & 0xFF);
    return bytes + rest;
}

std::string file(const std::string& header, const std::string& data)
{
    return withLength(header.size(), header + data);
}

const std::string kOne = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesWhatItReads()
    {
        const QTemporaryDir folder;
        const auto path = pathOf(folder.filePath("m.safetensors"));
        const TensorMap tensors{{"b", {{2, 2}, {1, 2, 3, 4}}},
                                {"a\"quoted", {{}, {5}}},
                                {"empty", {{0, 3}, {}}},
                                {"c", {{1}, {-0.0f}}}};
        const auto hash = writeSafetensors(path, tensors, {{"format", "pt"}});
        VERIFY_RESULT(hash);
        QCOMPARE(*hash, *sha256HexOfFile(path));
        const auto read = SafetensorsFile::open(path);
        VERIFY_RESULT(read);
        QCOMPARE(read->metadata().at("format"), std::string("pt"));
        TensorMap again;
        for (const TensorInfo& info : read->tensors()) {
            auto tensor = read->read(info);
            VERIFY_RESULT(tensor);
            again.emplace(info.name, std::move(*tensor));
        }
        QVERIFY(equal(again, tensors));
    }

    void headerIsAlignedAndSorted()
    {
        const QTemporaryDir folder;
        const auto path = pathOf(folder.filePath("m.safetensors"));
        const float value = 1.0f;
        VERIFY_RESULT(writeSafetensors(path, {{"z", {1}, &value}, {"a", {}, &value}}, {}));
        const std::string bytes = *readFile(path, 1 << 20);
        const auto length = static_cast<uint8_t>(bytes[0]);
        QCOMPARE(length % 8, 0);
        QCOMPARE(bytes.size(), size_t(8) + length + 8);
        QVERIFY(bytes.find("\"a\"") < bytes.find("\"z\""));
    }

    void readsOtherTypes()
    {
        const QTemporaryDir folder;
        const auto path = pathOf(folder.filePath("m.safetensors"));
        const std::string header = R"({"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
                                   R"("i":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}   )";
        QVERIFY(writeFileAtomically(
            path, file(header, std::string("\x00\x3C\x00\xC0\x07\0\0\0\0\0\0\0", 12))));
        const auto read = SafetensorsFile::open(path);
        VERIFY_RESULT(read);
        const auto half = read->read(read->tensors()[0]);
        VERIFY_RESULT(half);
        QCOMPARE(half->values, (std::vector<float>{1.0f, -2.0f}));
        VERIFY_ERROR(read->read(read->tensors()[1]), "expected F32, F16, BF16 or F64");
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const std::string& bytes, const char* sentence) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(sentence);
        };
        const auto header = [&](const char* name, const char* json, const char* sentence) {
            row(name, file(json, std::string(8, '\0')), sentence);
        };
        row("empty file", "", "too few for a header");
        row("7 bytes", "1234567", "too few for a header");
        row("length beyond the file", withLength(100, "{}"), "the file has only 2");
        row("length 2^63", withLength(uint64_t{1} << 63, "{}"), "more than the 100 MB");
        row("100 MB + 1", withLength(100'000'001, "{}"), "more than the 100 MB");
        row("length 0", withLength(0, ""), "too few for {}");
        row("extra bytes", file("{}", "x"), "1 extra bytes");
        row("data cut off", file(kOne, "1234"), "lies beyond the file's 4 data bytes");
        header("no brace", "[1]     ", "does not start with {");
        header("space first", " {}", "does not start with {");
        header("no JSON", "{\"a\":", "no valid JSON");
        header("text after", "{} {}", "no valid JSON");
        header("not UTF-8", "{\"\xFF\":1}", "no valid JSON");
        header("duplicate name",
               R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
               R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
               "\"a\" stands twice");
        header("duplicate key", R"({"a":{"dtype":"F32","dtype":"F32"}})", "stands twice");
        header("overlap",
               R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
               R"("b":{"dtype":"F16","shape":[3],"data_offsets":[2,8]}})",
               "overlaps");
        header("hole", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
               "hole of 4 bytes");
        header("end before begin", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}})",
               "lies after end");
        header("beyond the end", R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})",
               "lies beyond");
        header("size differs", R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})",
               "expected 12 bytes for shape [3], got 8");
        header("product overflows",
               R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})",
               "product overflows");
        header("huge dimension",
               R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]}})",
               "product overflows");
        header("negative dimension", R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})",
               "did not expect the number -2");
        header("fraction", R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})",
               "did not expect the number 2.0");
        header("unknown type", R"({"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}})",
               "unknown dtype \"Q4\"");
        header("no type", R"({"a":{"shape":[2],"data_offsets":[0,8]}})", "\"dtype\" is missing");
        header("one offset", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}})",
               "expected two numbers, got 1");
        header("three offsets", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})",
               "did not expect the number 8");
        header("entry is a list", R"({"a":[1]})", "did not expect a list");
        header("unknown entry key", R"({"a":{"type":"F32"}})", "unknown key");
        header("metadata no text", R"({"__metadata__":{"a":1}})", "did not expect the number 1");
        header("metadata nested", R"({"__metadata__":{"a":{}}})", "did not expect an object");
        header("deep", "{\"a\":{\"shape\":[[[[[[[[", "did not expect a list");
    }

    void refusesDamage()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, sentence);
        const QTemporaryDir folder;
        const auto path = pathOf(folder.filePath("m.safetensors"));
        QVERIFY(writeFileAtomically(path, bytes.toStdString()));
        const auto read = SafetensorsFile::open(path);
        VERIFY_ERROR(read, sentence);
        QCOMPARE(read.error().code, ErrorCode::Data);
        QVERIFY(messageOf(read).contains("m.safetensors"));
    }

    void acceptsEmptyAndScalarTensors()
    {
        const std::string header = R"({"e":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                                   R"("s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                                   R"("__metadata__":{"k":"v"}})";
        const auto parsed = parseSafetensorsHeader(header, 4, "test");
        VERIFY_RESULT(parsed);
        QCOMPARE(parsed->tensors.size(), size_t(2));
        VERIFY_RESULT(parseSafetensorsHeader("{}", 0, "test"));
    }

    void refusesWhatIsNoFile()
    {
        const QTemporaryDir folder;
        QVERIFY(!SafetensorsFile::open(pathOf(folder.path())));
        QVERIFY(!SafetensorsFile::open(pathOf(folder.filePath("absent"))));
    }

    void changedBytesNeverCrash()
    {
        const std::string good =
            R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],)"
            R"("data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[8,14]}})";
        VERIFY_RESULT(parseSafetensorsHeader(good, 14, "test"));
        std::mt19937 random(7);
        int refused = 0;
        for (int trial = 0; trial < 20'000; ++trial) {
            std::string bytes = good;
            for (uint32_t n = 1 + random() % 3; n > 0; --n)
                bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
            const auto parsed = parseSafetensorsHeader(bytes, 14, "test");
            refused += parsed ? 0 : 1;
            for (size_t i = 0; parsed && i < parsed->tensors.size(); ++i)
                QVERIFY(parsed->tensors[i].end <= 14);
        }
        QVERIFY(refused > 10'000);
    }
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
