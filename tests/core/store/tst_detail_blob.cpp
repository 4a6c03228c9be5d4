// SPDX-License-Identifier: GPL-3.0-or-later
// Packed predictions: both formats are read, what was written comes back, damage is found. The
// golden blobs were packed by another program (Python's zlib and struct) from the numbers below.
#include "core/store/detail_blob.h"
#include "tests/core/store/detail_fixture.h"

using namespace clwb;

namespace
{

constexpr int kClasses = 7;

/// Two pictures: the truth of one stands second, that of the other below the best five.
metrics::PredictionDetails sample()
{
    metrics::PredictionDetails details;
    details.items = test::labelledList("ut", 2, kClasses, 0);
    details.top = 5;
    details.classes = {2, 0, 1, 3, 4, 6, 5, 4, 3, 2};
    details.probabilities = {0.5F, 0.25F, 0.125F, 0.0625F, 0.03125F,
                             0.8F, 0.05F, 0.02F,  0.01F,   0.005F};
    details.truthRanks = {1, 5};
    details.truthProbabilities = {0.25F, 0.001F};
    return details;
}

std::string bytesOfHex(const std::string& hex)
{
    return QByteArray::fromHex(QByteArray::fromStdString(hex)).toStdString();
}

const std::string& goldenPlain()
{
    static const std::string blob =
        bytesOfHex("434c5750010501000200000024000000789c6362636065646166666162646538c37096419ea1"
                   "9fc1a3e18c038f02ab0013072383930303004fec050e");
    return blob;
}

const std::string& goldenLacks()
{
    static const std::string blob =
        bytesOfHex("434c5750020501000200000022000000789c636263606564616666616264fd6ffc3fedffbaff"
                   "13febbd71bdbabc9b3f333b1333a3100008f4408d6");
    return blob;
}

} // namespace

class TestDetailBlob : public QObject
{
    Q_OBJECT

    /// As whole steps of 1/65535.
    static void compareShares(const std::vector<float>& shares, const std::vector<int>& wanted)
    {
        QCOMPARE(shares.size(), wanted.size());
        for (size_t i = 0; i < shares.size(); ++i)
            QCOMPARE(qRound(shares[i] * 65535.0F), wanted[i]);
    }
    static void compareWithSample(const std::string& blob)
    {
        const auto read = store::decodePredictions(blob, 2, kClasses);
        VERIFY_OK(read);
        QCOMPARE(read->top, 5);
        QVERIFY(read->classes == sample().classes);
        QVERIFY(read->truthRanks == sample().truthRanks);
        compareShares(read->probabilities,
                      {32768, 16384, 8192, 4096, 2048, 52428, 3277, 1311, 655, 328});
        compareShares(read->truthProbabilities, {16384, 66});
    }

private Q_SLOTS:
    void readsBothFormats()
    {
        QCOMPARE(goldenPlain()[4], '\1');
        compareWithSample(goldenPlain());
        QCOMPARE(goldenLacks()[4], '\2');
        compareWithSample(goldenLacks());
    }

    void whatIsWrittenComesBack()
    {
        const std::string blob = store::encodePredictions(sample());
        QCOMPARE(blob[4], '\2');
        compareWithSample(blob);
        // A truth that differs from its place among the best is kept as it is.
        metrics::PredictionDetails odd = sample();
        odd.truthProbabilities[0] = 0.75F;
        const std::string plain = store::encodePredictions(odd);
        QCOMPARE(plain[4], '\1');
        const auto read = store::decodePredictions(plain, 2, kClasses);
        VERIFY_OK(read);
        compareShares(read->truthProbabilities, {49151, 66});
        // So is what does not fall, or sums up to more than one.
        metrics::PredictionDetails wild = sample();
        wild.probabilities = {0.5F, 1.0F, 0.0F, 1.0F, 1.0F, 0.0F, 0.0F, 1.0F, 0.5F, 1.0F};
        wild.truthProbabilities = {1.0F, 0.0F};
        const std::string other = store::encodePredictions(wild);
        QCOMPARE(other[4], '\2');
        const auto back = store::decodePredictions(other, 2, kClasses);
        VERIFY_OK(back);
        compareShares(back->probabilities,
                      {32768, 65535, 0, 65535, 65535, 0, 0, 65535, 32768, 65535});
    }

    void truthsAmongTheBestTakeNoRoom()
    {
        // Random shares: what is kept of the truth would show in the size.
        RandomStream stream = RandomStream::named(1, "blob");
        const auto items = test::labelledList("zs", 4000, 200, 0);
        metrics::PredictionDetails repeated = test::drawPredictions(items, stream);
        metrics::PredictionDetails plain = repeated;
        for (size_t i = 0; i < repeated.truthRanks.size(); ++i) {
            const auto rank = static_cast<size_t>(i % 5);
            repeated.truthRanks[i] = plain.truthRanks[i] = static_cast<int32_t>(rank);
            repeated.truthProbabilities[i] = repeated.probabilities[i * 5 + rank];
        }
        const size_t with = store::encodePredictions(plain).size();
        const size_t without = store::encodePredictions(repeated).size();
        QVERIFY2(without + 4000 < with, qPrintable(QString::number(without)));
    }

    void damageIsFound()
    {
        for (const std::string& blob : {goldenPlain(), goldenLacks()}) {
            for (size_t length = 0; length < blob.size(); ++length)
                VERIFY_FAILS(ErrorCode::Corrupt,
                             store::decodePredictions(blob.substr(0, length), 2, kClasses));
            VERIFY_FAILS(ErrorCode::Corrupt, store::decodePredictions(blob, 3, kClasses));
            VERIFY_FAILS(ErrorCode::Corrupt, store::decodePredictions(blob, 2, 5));
            for (const char version : {'\0', '\3', blob[4] == '\1' ? '\2' : '\1'}) {
                std::string changed = blob;
                changed[4] = version; // also the other format: its size is another one
                VERIFY_FAILS(ErrorCode::Corrupt, store::decodePredictions(changed, 2, kClasses));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestDetailBlob)
#include "tst_detail_blob.moc"
