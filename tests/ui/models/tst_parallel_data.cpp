// SPDX-License-Identifier: GPL-3.0-or-later
// Parallel coordinates: places on axes, brushes and the best share, against plain loops.
#include "ui/plots/parallel_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

ParallelData randomData(int count)
{
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform;
    ParallelData data;
    data.axes = {
        {u"β"_s, true, {}}, {u"method"_s, false, {u"ft"_s, u"lwf"_s}}, {u"A-Acc"_s, false, {}}};
    data.objective = 2;
    for (int number = 1; number <= count; ++number) {
        ParallelLine line{number, {}, {}, false};
        line.values = {std::pow(10, uniform(random) * 3 - 2), static_cast<double>(random() % 2),
                       std::floor(uniform(random) * 20)};
        if (number % 11 == 0)
            line.hasResult = false; // failed
        data.lines.push_back(line);
    }
    fitAxes(data);
    return data;
}

} // namespace

class TestParallelData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void placesValuesOnAxes()
    {
        ParallelAxis axis{u"β"_s, true, {}, 0.01, 100};
        QCOMPARE(positionOn(axis, 0.01), 0.0);
        QCOMPARE(positionOn(axis, 1), 0.5);
        QCOMPARE(positionOn(axis, 100), 1.0);
        QCOMPARE(valueAt(axis, 0.25), 0.1);
        axis.isLogarithmic = false;
        QCOMPARE(positionOn(axis, 50.005), 0.5);
        QCOMPARE(valueAt(axis, 1), 100.0);
    }

    void fitsAxes()
    {
        ParallelData data;
        data.axes = {{u"a"_s, true, {}}, {u"b"_s, true, {}}, {u"c"_s, false, {u"x"_s}}};
        data.lines = {{1, {}, {-1.0, 5.0, 0.0}, false}, {2, {}, {10.0, 5.0, 0.0}, false}};
        fitAxes(data);
        QVERIFY(!data.axes[0].isLogarithmic); // a negative value has no logarithm
        QCOMPARE(data.axes[0].low, -1.0);
        QCOMPARE(data.axes[0].high, 10.0);
        QVERIFY(data.axes[1].isLogarithmic);
        const double middle = positionOn(data.axes[1], 5);
        QVERIFY(middle > 0.4 && middle < 0.6);
        QCOMPARE(positionOn(data.axes[2], 0), 0.0);
        QCOMPARE(valueTextOn(data.axes[2], 0), u"x"_s);
    }

    void countsWhatALogarithmicAxisCannotShow()
    {
        ParallelData data;
        data.axes = {{u"a"_s, false, {}}, {u"b"_s, true, {}}, {u"c"_s, false, {}}};
        data.lines = {{1, {}, {-1.0, 0.1, -2.0}, false},
                      {2, {}, {10.0, 1.0, -3.0}, false},
                      {3, {}, {0.0, 10.0, 0.0}, false},
                      {4, {}, {1000.0, 10.0, {}}, false}};
        data.axes[0].scale = AxisScale::Logarithmic;
        data.axes[1].scale = AxisScale::Linear; // against its definition
        data.axes[2].scale = AxisScale::Logarithmic;
        fitAxes(data);
        QVERIFY(data.axes[0].isLogarithmic && !data.axes[1].isLogarithmic);
        QVERIFY(!data.axes[2].isLogarithmic && !data.axes[2].canBeLogarithmic);
        QCOMPARE(data.axes[0].notShown, 2);
        QCOMPARE(data.axes[0].low, 10.0);
        QCOMPARE(positionOn(data.axes[0], 100), 0.5);
        QCOMPARE(notShownText(data), u"2 not shown: ≤ 0 (a)"_s);
        QCOMPARE(keptTrials(data, {{0, {0, 1}}}, 1), (std::vector<int>{2, 4}));
    }

    void brushesKeepWhatPasses()
    {
        const ParallelData data = randomData(200);
        const Brushes brushes{{0, {0.2, 0.7}}, {1, {0.5, 1}}};
        std::vector<int> expected;
        const double low = data.axes[0].low * std::pow(data.axes[0].high / data.axes[0].low, 0.2);
        const double high = data.axes[0].low * std::pow(data.axes[0].high / data.axes[0].low, 0.7);
        for (const ParallelLine& line : data.lines) {
            if (line.hasResult && *line.values[0] >= low && *line.values[0] <= high &&
                *line.values[1] == 1)
                expected.push_back(line.number);
        }
        QVERIFY(expected.size() > 10 && expected.size() < 190);
        QCOMPARE(keptTrials(data, brushes, 1), expected);
        QCOMPARE(keptTrials(data, {}, 1).size(), size_t{200 - 18});
        QVERIFY(keptTrials(data, {{9, {0, 1}}}, 1).empty());
    }

    void keepsTheBestAndTheirEquals()
    {
        const ParallelData data = randomData(200);
        const std::vector<int> best = keptTrials(data, {}, 0.1);
        double least = 1e9;
        for (const ParallelLine& line : data.lines) {
            if (std::find(best.begin(), best.end(), line.number) != best.end())
                least = std::min(least, *line.values[2]);
        }
        int better = 0;
        for (const ParallelLine& line : data.lines) {
            const bool isIn = std::find(best.begin(), best.end(), line.number) != best.end();
            QCOMPARE(isIn, line.hasResult && *line.values[2] >= least);
            better += line.hasResult && *line.values[2] > least ? 1 : 0;
        }
        QVERIFY(best.size() >= 19 && better < 19); // ceil(182 / 10) = 19
        QCOMPARE(keptTrials(data, {}, 1e-9).empty(), false);
    }
};

QTEST_APPLESS_MAIN(TestParallelData)
#include "tst_parallel_data.moc"
