// SPDX-License-Identifier: GPL-3.0-or-later
// Number conversions against values of the IEEE formats, and the model hash against hashlib.
#include "core/weights/model_hash.h"
#include "core/weights/tensor_map.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <limits>

using namespace clwb;
using namespace clwb::weights;

namespace
{

float half(uint16_t bits)
{
    float value = 0;
    convertToFloat(DType::F16, reinterpret_cast<const std::byte*>(&bits), 1, &value);
    return value;
}

float bfloat(uint16_t bits)
{
    float value = 0;
    convertToFloat(DType::BF16, reinterpret_cast<const std::byte*>(&bits), 1, &value);
    return value;
}

} // namespace

class TestTensorMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void convertsHalfPrecision()
    {
        QCOMPARE(half(0x3C00), 1.0f);
        QCOMPARE(half(0xC000), -2.0f);
        QCOMPARE(half(0x7BFF), 65504.0f);
        QCOMPARE(half(0x3555), 0.333251953125f);
        QCOMPARE(half(0x0001), std::ldexp(1.0f, -24));
        QCOMPARE(half(0x03FF), 1023.0f * std::ldexp(1.0f, -24));
        QCOMPARE(half(0x0400), std::ldexp(1.0f, -14));
        QVERIFY(std::signbit(half(0x8000)) && half(0x8000) == 0.0f);
        QCOMPARE(half(0x7C00), std::numeric_limits<float>::infinity());
        QVERIFY(std::isnan(half(0x7E00)));
    }

    void everyHalfIsItsFormula()
    {
        for (uint32_t bits = 0; bits < 0x7C00; ++bits) {
            const uint32_t exponent = bits >> 10;
            const double mantissa = bits & 0x3FF;
            const double expected =
                exponent == 0 ? std::ldexp(mantissa, -24)
                              : std::ldexp(1024 + mantissa, static_cast<int>(exponent) - 25);
            QCOMPARE(static_cast<double>(half(static_cast<uint16_t>(bits))), expected);
        }
    }

    void convertsBrainFloatAndDouble()
    {
        QCOMPARE(bfloat(0x3F80), 1.0f);
        QCOMPARE(bfloat(0xC020), -2.5f);
        QCOMPARE(bfloat(0xFF80), -std::numeric_limits<float>::infinity());
        const double wide = 0.1;
        float narrow = 0;
        convertToFloat(DType::F64, reinterpret_cast<const std::byte*>(&wide), 1, &narrow);
        QCOMPARE(narrow, 0.1f);
    }

    void countsElements()
    {
        QCOMPARE(*elementCount({}), 1);
        QCOMPARE(*elementCount({2, 3, 4}), 24);
        QCOMPARE(*elementCount({0, 5}), 0);
        QVERIFY(!elementCount({-1}));
        QVERIFY(!elementCount({int64_t{1} << 32, int64_t{1} << 32}));
        QVERIFY(!elementCount({0, int64_t{1} << 60, 4})); // no product may overflow, even times 0
        QCOMPARE(shapeText({100, 512}), std::string("[100, 512]"));
        QCOMPARE(shapeText({}), std::string("[]"));
    }

    void findsWhatIsNotFinite()
    {
        TensorMap tensors{{"a", {{2}, {1.0f, 3e38f}}}, {"b", {{1}, {-1.0f}}}};
        QVERIFY(!firstNonFinite(tensors));
        for (const float bad :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            tensors["b"].values[0] = bad;
            QCOMPARE(firstNonFinite(tensors).value_or(""), std::string("b"));
        }
    }

    void hashesAsTheFormatSays()
    {
        // hashlib.sha256(b"a\0F32\0" b"2,1" b"\0" + struct.pack("<ff", 1, -2)
        //                + b"b\0F32\0" b"" b"\0" + struct.pack("<f", 0.5)).hexdigest()
        const TensorMap tensors{{"a", {{2, 1}, {1.0f, -2.0f}}}, {"b", {{}, {0.5f}}}};
        QCOMPARE(QByteArray::fromStdString(modelSha256(tensors)), QByteArray(kExpectedHash));
        const TensorMap base{{"b", {{}, {0.5f}}}};
        const TensorMap scales{{"a", {{2, 1}, {1.0f, -2.0f}}}};
        QCOMPARE(QByteArray::fromStdString(modelSha256(base, scales)), QByteArray(kExpectedHash));
    }

private:
    static constexpr const char* kExpectedHash =
        "8361cd42171570644be959c3dfabb4f6251702cdc3cd26b1a5e2be4082968c81";
};

QTEST_APPLESS_MAIN(TestTensorMap)
#include "tst_tensor_map.moc"
