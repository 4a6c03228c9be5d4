// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothing, thinning and aggregation of curves, against plain formulas and a drawn raster.
#include "core/base/random_stream.h"
#include "core/report/series.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <map>

using namespace clwb;
using namespace clwb::report;

namespace
{

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> randomValues(size_t count)
{
    RandomStream random = RandomStream::named(1, "series");
    std::vector<double> values;
    for (size_t i = 0; i < count; ++i)
        values.push_back(random.normal());
    return values;
}

} // namespace

class TestSeries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void smoothingIsTheWeightedMean()
    {
        const std::vector<double> values = randomValues(50);
        const auto got = smoothed(values, 0.9);
        for (size_t t = 0; t < values.size(); ++t) {
            double sum = 0;
            double total = 0;
            for (size_t i = 0; i <= t; ++i) {
                const double weight = std::pow(0.9, double(t - i));
                sum += weight * values[i];
                total += weight;
            }
            QVERIFY(std::abs(got[t] - sum / total) < 1e-12);
        }
    }

    void smoothingKeepsConstantsPrefixesAndSinglePoints()
    {
        const std::vector<double> constant(100, 0.1);
        QCOMPARE(smoothed(constant, 0.99), constant);
        const std::vector<double> values = randomValues(30);
        const auto all = smoothed(values, 0.6);
        const auto prefix = smoothed(std::span(values).first(10), 0.6);
        QVERIFY(std::equal(prefix.begin(), prefix.end(), all.begin()));
        QCOMPARE(smoothed(std::vector<double>{3.5}, 0.9), std::vector<double>{3.5});
        QCOMPARE(smoothed(values, 0), values);
        QVERIFY(smoothed({}, 0.5).empty());
    }

    void smoothingSkipsGaps()
    {
        const auto got = smoothed(std::vector<double>{1, kNaN, INFINITY, 3}, 0.5);
        QCOMPARE(got[0], 1.0);
        QVERIFY(std::isnan(got[1]) && std::isinf(got[2]));
        QVERIFY(std::abs(got[3] - (0.5 * 1 + 3) / 1.5) < 1e-15);
    }

    void thinningKeepsExtremesOfEachColumn()
    {
        const std::vector<double> y = randomValues(10000);
        std::vector<double> x;
        for (size_t i = 0; i < y.size(); ++i)
            x.push_back(double(i) + 0.5); // never on the border of a column
        const ThinnedSeries got = thinned(x, y, 0, 10000, 50);
        QVERIFY(got.x.size() <= 200);
        QVERIFY(std::is_sorted(got.x.begin(), got.x.end()));
        std::map<int, std::pair<double, double>> expected;
        for (size_t i = 0; i < y.size(); ++i) {
            auto& [low, high] = expected.try_emplace(int(x[i] / 200), y[i], y[i]).first->second;
            low = std::min(low, y[i]);
            high = std::max(high, y[i]);
        }
        std::map<int, std::pair<double, double>> kept;
        for (size_t i = 0; i < got.x.size(); ++i) {
            auto& [low, high] =
                kept.try_emplace(int(got.x[i] / 200), got.y[i], got.y[i]).first->second;
            low = std::min(low, got.y[i]);
            high = std::max(high, got.y[i]);
        }
        QVERIFY(kept == expected);
        QCOMPARE(got.x.front(), x.front());
        QCOMPARE(got.x.back(), x.back());
    }

    void thinningBreaksAtNaNAndCountsThem()
    {
        const std::vector<double> x{0, 1, 2, 3, 4, 5};
        const std::vector<double> y{1, kNaN, INFINITY, 4, 5, 6};
        const ThinnedSeries got = thinned(x, y, 0, 5, 1000);
        QCOMPARE(got.notFinite, int64_t(2));
        QCOMPARE(got.x, (std::vector<double>{0, 1, 3, 4, 5}));
        QVERIFY(std::isnan(got.y[1]));
        const ThinnedSeries one = thinned(x, y, 0, 5, 1); // also inside one pixel column
        QCOMPARE(std::count_if(one.y.begin(), one.y.end(), [](double v) { return std::isnan(v); }),
                 1);
    }

    void thinningKeepsTheNeighboursOfTheRange()
    {
        std::vector<double> x, y;
        for (int i = 0; i < 100; ++i) {
            x.push_back(i);
            y.push_back(i % 7);
        }
        const ThinnedSeries got = thinned(x, y, 40.5, 42.5, 100);
        QCOMPARE(got.x, (std::vector<double>{40, 41, 42, 43}));
        QVERIFY(thinned({}, {}, 0, 1, 10).x.empty());
        QCOMPARE(thinned(x, y, 5, 5, 10).x.size(), size_t(3));
    }

    void bandIsMeanAndSampleDeviation()
    {
        const std::vector<Curve> curves{{{0, 1, 2}, {1, 2, kNaN}}, {{0, 1}, {3, 5}}, {{0}, {5}}};
        const Band band = bandOf(curves);
        QCOMPARE(band.x, (std::vector<double>{0, 1}));
        QCOMPARE(band.mean[0], 3.0);
        QCOMPARE(band.std[0], 2.0);
        QVERIFY(std::abs(band.std[1] - std::sqrt(4.5)) < 1e-12);
        QCOMPARE(band.min[1], 2.0);
        QCOMPARE(band.max[1], 5.0);
        QCOMPARE(band.count, (std::vector<int>{3, 2}));
        QVERIFY(bandOf({}).x.empty());
    }
};

QTEST_APPLESS_MAIN(TestSeries)
#include "tst_series.moc"
