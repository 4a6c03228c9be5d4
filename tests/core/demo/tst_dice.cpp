// SPDX-License-Identifier: GPL-3.0-or-later
// Tests the integer draws and the stored-nowhere permutation.
#include "core/demo/dice.h"
#include "core/demo/fixed_point.h"

#include <QTest>

#include <cmath>
#include <map>
#include <numbers>

using namespace clwb::demo;

class TestDice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsStayInsideAndReachBothEnds();
    void sameRoleGivesTheSameDraws();
    void permutedHitsEveryValueOnce_data();
    void permutedHitsEveryValueOnce();
    void permutationsOfOtherKeysDiffer();
    void sineAgreesWithTheLibrary();
};

void TestDice::drawsStayInsideAndReachBothEnds()
{
    Dice dice(1, "test", {});
    std::map<int, int> counts;
    for (int i = 0; i < 7000; ++i)
        ++counts[dice.between(-3, 3)];
    QCOMPARE(counts.size(), size_t{7});
    for (const auto& [value, count] : counts) {
        QVERIFY(value >= -3 && value <= 3);
        // 1000 expected, standard deviation 29: eight of them never happen by chance.
        QVERIFY2(std::abs(count - 1000) < 240, qPrintable(QString::number(count)));
    }
    QCOMPARE(dice.between(5, 5), 5);
    QCOMPARE(dice.between(5, 4), 5);
    for (int i = 0; i < 100; ++i) {
        QVERIFY(!dice.chance(0));
        QVERIFY(dice.chance(100));
    }
}

void TestDice::sameRoleGivesTheSameDraws()
{
    Dice first(7, "test", {3});
    Dice second(7, "test", {3});
    Dice other(7, "test", {4});
    bool differs = false;
    for (int i = 0; i < 20; ++i) {
        const int value = first.between(0, 1 << 20);
        QCOMPARE(second.between(0, 1 << 20), value);
        differs = differs || other.between(0, 1 << 20) != value;
    }
    QVERIFY(differs);
}

void TestDice::permutedHitsEveryValueOnce_data()
{
    QTest::addColumn<unsigned>("count");
    for (const unsigned count : {1u, 2u, 3u, 5u, 16u, 17u, 812u, 1025u})
        QTest::addRow("%u", count) << count;
}

void TestDice::permutedHitsEveryValueOnce()
{
    QFETCH(unsigned, count);
    for (const uint64_t key : {uint64_t{0}, uint64_t{12345}, ~uint64_t{0}}) {
        std::vector<int> hits(count, 0);
        for (unsigned position = 0; position < count; ++position) {
            const uint32_t value = permuted(position, count, key);
            QVERIFY(value < count);
            ++hits[value];
        }
        for (const int hit : hits)
            QCOMPARE(hit, 1);
    }
}

void TestDice::permutationsOfOtherKeysDiffer()
{
    int same = 0;
    for (unsigned position = 0; position < 812; ++position)
        same += permuted(position, 812, 1) == permuted(position, 812, 2) ? 1 : 0;
    QVERIFY2(same < 12, qPrintable(QString::number(same))); // one is expected
}

void TestDice::sineAgreesWithTheLibrary()
{
    double worst = 0;
    for (int angle = -kTurn; angle <= 2 * kTurn; angle += 37) {
        const double exact = std::sin(2 * std::numbers::pi * angle / kTurn);
        worst = std::max(worst, std::abs(fixedSin(angle) / 65536.0 - exact));
        worst = std::max(worst, std::abs(fixedCos(angle) / 65536.0 -
                                         std::cos(2 * std::numbers::pi * angle / kTurn)));
    }
    // Linear steps of 1/1024 turn: (2π/1024)²/8 = 4.7e-6, plus rounding to 1/65536 twice.
    QVERIFY2(worst < 4e-5, qPrintable(QString::number(worst)));
    QCOMPARE(fixedSin(kTurn / 4), kOne);
    QCOMPARE(fixedSin(0), 0);
    QCOMPARE(fixedSin(kTurn / 2), 0);
}

QTEST_APPLESS_MAIN(TestDice)
#include "tst_dice.moc"
