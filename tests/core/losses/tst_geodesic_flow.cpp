// SPDX-License-Identifier: GPL-3.0-or-later
// GeoDL's kernel against a numerical integral and the textbook's form with explicit complements.
#include "tests/core/losses/geodesic_reference.h"

#include <QtTest>

#include <limits>

using namespace clwb;
using namespace clwb::losses;
using namespace clwb::test;
using State = FeatureSubspace::State;

namespace
{

/// Q, entry by entry from the inner products of unit vectors.
at::Tensor matrixOf(const GeodesicKernel& kernel)
{
    const int64_t size = kernel.first.size(0);
    const at::Tensor unit = at::eye(size, at::kDouble);
    return kernel.inner(unit.repeat_interleave(size, 0), unit.repeat({size, 1})).view({size, size});
}

at::Tensor leading(const at::Tensor& features, const GeodesicOptions& options)
{
    const FeatureSubspace subspace = subspaceOf(features, options);
    return subspace.left.narrow(1, 0, subspace.dim);
}

} // namespace

class TestGeodesicFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kernelIsTheIntegral_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<double>("distance");
        QTest::newRow("far apart") << 8 << 20 << 3.0;
        QTest::newRow("as in training") << 8 << 20 << 1e-2;
        QTest::newRow("small angles") << 8 << 20 << 1e-5;
        QTest::newRow("more rows than columns") << 30 << 7 << 0.3;
    }

    void kernelIsTheIntegral()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(double, distance);
        const Pair pair(rows, columns, distance);
        const at::Tensor pOld = leading(pair.teacher, {});
        const at::Tensor pNew = leading(pair.student, {});
        QCOMPARE(pOld.size(1), std::min<int64_t>(rows, columns) - 2);
        const at::Tensor q = matrixOf(geodesicKernel(pOld, pNew));
        const Textbook textbook(pOld, pNew);
        QVERIFY(largest(q - textbook.integral()) < 1e-13);
        if (rows < columns) // else the subspaces share directions, where the textbook has 0/0
            QVERIFY(largest(q - textbook.blocks()) < (distance < 1e-3 ? 1e-10 : 1e-13));
    }

    // In the plane of two unit vectors the integral is elementary; both sides of the series' limit.
    void coefficientsAtAnyAngle_data()
    {
        QTest::addColumn<double>("theta");
        for (const double theta : {0.0, 1e-12, 1e-7, 9.99e-4, 1.001e-3, 0.03, 0.8, 1.5707})
            QTest::addRow("%g", theta) << theta;
    }

    void coefficientsAtAnyAngle()
    {
        QFETCH(double, theta);
        at::Tensor pOld = at::zeros({3, 1}, at::kDouble);
        at::Tensor pNew = at::zeros({3, 1}, at::kDouble);
        pOld[0][0] = 1;
        pNew[0][0] = std::cos(theta);
        pNew[2][0] = std::sin(theta);
        double cc = 0, cs = 0, ss = 0;
        for (const auto& [t, weight] : gaussLegendre(40)) {
            cc += weight * std::cos(t * theta) * std::cos(t * theta);
            cs += weight * std::cos(t * theta) * std::sin(t * theta);
            ss += weight * std::sin(t * theta) * std::sin(t * theta);
        }
        const at::Tensor q = matrixOf(geodesicKernel(pOld, pNew));
        QVERIFY(std::abs(q[0][0].item<double>() - cc) < 1e-14);
        QVERIFY(std::abs(q[0][2].item<double>() - cs) < 1e-14);
        QVERIFY(std::abs(q[2][2].item<double>() - ss) < 1e-14);
        QVERIFY(largest(q[1]) < 1e-14);
    }

    void kernelHasItsProperties()
    {
        const Pair pair(9, 14, 0.4);
        const at::Tensor pOld = leading(pair.teacher, {});
        const at::Tensor pNew = leading(pair.student, {});
        const at::Tensor q = matrixOf(geodesicKernel(pOld, pNew));
        QVERIFY(largest(q - q.t()) < 1e-14);
        const at::Tensor eigenvalues = at::linalg_eigvalsh(q);
        QVERIFY(eigenvalues.min().item<double>() > -1e-14);
        QVERIFY(eigenvalues.max().item<double>() < 1 + 1e-14);
        QVERIFY(largest(matrixOf(geodesicKernel(pNew, pOld)) - q) < 1e-13);
        const at::Tensor turnedOld = at::matmul(pOld, orthogonal(pOld.size(1), "old basis"));
        const at::Tensor turnedNew = at::matmul(pNew, orthogonal(pNew.size(1), "new basis"));
        QVERIFY(largest(matrixOf(geodesicKernel(turnedOld, turnedNew)) - q) < 1e-13);
        QVERIFY(largest(matrixOf(geodesicKernel(pOld, turnedOld)) - at::matmul(pOld, pOld.t())) <
                1e-14);
    }

    void dimensions()
    {
        const auto dimOf = [](int64_t rows, int64_t columns, int64_t dim) {
            GeodesicOptions options;
            options.dim = dim;
            return subspaceOf(randomRows(rows, columns, "any"), options).dim;
        };
        QCOMPARE(dimOf(10, 20, 0), int64_t(8));
        QCOMPARE(dimOf(20, 10, 0), int64_t(8));
        QCOMPARE(dimOf(10, 20, 3), int64_t(3));
        QCOMPARE(dimOf(10, 20, 100), int64_t(8));
        QCOMPARE(dimOf(4, 20, 0), int64_t(2));
        QCOMPARE(dimOf(10, 2, 0), int64_t(1));
    }

    void noSubspace()
    {
        QCOMPARE(subspaceOf(randomRows(3, 9, "few"), {}).state, State::TooFewRows);
        QCOMPARE(subspaceOf(randomRows(4, 9, "few"), {}).state, State::Found);
        GeodesicOptions options;
        options.centring = Centring::FeatureMean;
        at::Tensor equal = at::zeros({5, 8}, at::kDouble);
        equal.select(1, 2).fill_(1);
        QCOMPARE(subspaceOf(equal, options).state, State::NoDirection);
        options.centring = Centring::PerSample;
        QCOMPARE(subspaceOf(at::full({5, 4}, 0.5, at::kDouble), options).state, State::NoDirection);
        at::Tensor bad = randomRows(6, 9, "bad");
        bad[2][3] = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(subspaceOf(bad, {}).state, State::NotConverged);
    }

    void names()
    {
        QCOMPARE(centringFromText("none"), Centring::None);
        QCOMPARE(centringFromText("feature_mean"), Centring::FeatureMean);
        QCOMPARE(centringFromText("per_sample"), Centring::PerSample);
        QCOMPARE(objectiveFromText("cosine"), GeodesicObjective::Cosine);
        QCOMPARE(objectiveFromText("mahalanobis"), GeodesicObjective::Mahalanobis);
        QCOMPARE(kernelGradientFromText("stop"), KernelGradient::Stop);
        QCOMPARE(kernelGradientFromText("full"), KernelGradient::Full);
    }
};

QTEST_APPLESS_MAIN(TestGeodesicFlow)
#include "tst_geodesic_flow.moc"
