// SPDX-License-Identifier: GPL-3.0-or-later
// GeoDL's loss against loops over the textbook's kernel, its gradients against finite differences.
#include "tests/core/losses/geodesic_reference.h"

#include <QtTest>

#include <functional>

using namespace clwb;
using namespace clwb::losses;
using namespace clwb::test;

namespace
{

at::Tensor lossOf(const at::Tensor& student, const at::Tensor& teacher,
                  const GeodesicOptions& options)
{
    return geodesicLoss(subspaceOf(student, options), subspaceOf(teacher, options), options);
}

at::Tensor gradientOf(const at::Tensor& student, const at::Tensor& teacher,
                      const GeodesicOptions& options)
{
    const at::Tensor input = student.clone().requires_grad_(true);
    lossOf(input, teacher, options).backward();
    return input.grad();
}

/// Largest error of a gradient along some random directions, against central differences of `f`.
double gradientError(const at::Tensor& gradient, const at::Tensor& at,
                     const std::function<double(const at::Tensor&)>& f)
{
    constexpr double kStep = 1e-5;
    double worst = 0;
    for (const char* name : {"north", "east", "south", "west"}) {
        const at::Tensor direction = randomMatrix(at.size(0), at.size(1), name);
        const double numeric =
            (f(at + kStep * direction) - f(at - kStep * direction)) / (2 * kStep);
        worst = std::max(worst, std::abs(at::sum(gradient * direction).item<double>() - numeric));
    }
    return worst;
}

} // namespace

class TestGeodesicLoss : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loss_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("dim");
        QTest::addColumn<int>("centring");
        QTest::addColumn<int>("objective");
        for (const int centring : {0, 1, 2}) {
            for (const int objective : {0, 1}) {
                const auto row = [&](int rows, int columns, int dim) {
                    QTest::addRow("%dx%d d %d centring %d objective %d", rows, columns, dim,
                                  centring, objective)
                        << rows << columns << dim << centring << objective;
                };
                row(7, 12, 0);
                row(6, 9, 2);
                row(12, 6, 0);
            }
        }
    }

    // Value, and gradients: of the loss with Q held fast, and of the loss with everything moving.
    void loss()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, dim);
        QFETCH(int, centring);
        QFETCH(int, objective);
        const Pair pair(rows, columns, 0.3);
        GeodesicOptions options{dim, static_cast<Centring>(centring),
                                static_cast<GeodesicObjective>(objective), KernelGradient::Stop};
        // Only the subspaces see centred features.
        const auto textbookQ = [&](const at::Tensor& student) {
            const auto directions = [&](at::Tensor z) {
                if (centring > 0)
                    z = z - at::mean(z, int64_t(centring - 1), true);
                const int64_t most = std::min(rows, columns) - 2;
                // Row means leave one direction less.
                const int64_t d = std::min(dim > 0 ? int64_t(dim) : most,
                                           at::linalg_matrix_rank(z, 1e-6).item<int64_t>());
                return std::get<0>(at::linalg_svd(z.t(), false)).narrow(1, 0, d);
            };
            return Textbook(directions(pair.teacher), directions(student)).integral();
        };
        const at::Tensor q = textbookQ(pair.student);
        const double expected = naiveLoss(pair.student, pair.teacher, q, options.objective);
        for (const KernelGradient gradient : {KernelGradient::Stop, KernelGradient::Full}) {
            options.gradient = gradient;
            const at::Tensor value = lossOf(pair.student, pair.teacher, options);
            QCOMPARE(value.scalar_type(), at::kDouble);
            QVERIFY(std::abs(value.item<double>() - expected) < 1e-11);
            const at::Tensor slope = gradientOf(pair.student, pair.teacher, options);
            const double error = gradientError(slope, pair.student, [&](const at::Tensor& z) {
                return naiveLoss(z, pair.teacher,
                                 gradient == KernelGradient::Stop ? q : textbookQ(z),
                                 options.objective);
            });
            QVERIFY2(error < 1e-7 * (1 + largest(slope)), qPrintable(QString::number(error)));
            QVERIFY(largest(slope) > 1e-3);
        }
    }

    void nothingToDoWhereBothAgree()
    {
        for (const auto& [rows, columns] : {std::pair{7, 12}, {20, 6}}) {
            const at::Tensor z = randomRows(rows, columns, "same");
            for (const KernelGradient gradient : {KernelGradient::Stop, KernelGradient::Full}) {
                GeodesicOptions options;
                options.gradient = gradient;
                QVERIFY(std::abs(1 + lossOf(z, z, options).item<double>()) < 1e-10);
                QVERIFY(largest(gradientOf(z, z, options)) < 1e-10); // and no NaN
                options.objective = GeodesicObjective::Mahalanobis;
                QCOMPARE(lossOf(z, z, options).item<double>(), 0.0);
                QVERIFY(largest(gradientOf(z, z, options)) < 1e-10);
            }
        }
    }

    void teacherIsConstant()
    {
        const Pair pair(6, 9, 0.3);
        const at::Tensor teacher = pair.teacher.clone().requires_grad_(true);
        const at::Tensor student = pair.student.clone().requires_grad_(true);
        GeodesicOptions options;
        options.gradient = KernelGradient::Full;
        lossOf(student, teacher, options).backward();
        QVERIFY(student.grad().defined() && !teacher.grad().defined());
    }

    // Single-precision features lose nothing on the way: the loss is near −1.
    void singlePrecisionIn()
    {
        const Pair pair(20, 32, 1e-3);
        const at::Tensor student = pair.student.to(at::kFloat).requires_grad_(true);
        const at::Tensor value = lossOf(student, pair.teacher.to(at::kFloat), {});
        const double gap = 1 + value.item<double>();
        const double exact = 1 + lossOf(pair.student, pair.teacher, {}).item<double>();
        QVERIFY(exact > 1e-8 && exact < 1e-4);
        QVERIFY(std::abs(gap - exact) < 1e-3 * exact);
        value.backward();
        QCOMPARE(student.grad().scalar_type(), at::kFloat);
    }

    // The lower rank of the two counts; directions below 1e-6 of the strongest are noise.
    void lowRank()
    {
        const at::Tensor basis =
            at::matmul(randomMatrix(12, 3, "weights"), orthogonal(16, "space").narrow(0, 0, 3));
        const at::Tensor thin = unitRows(basis + 1e-9 * randomMatrix(12, 16, "noise"));
        const FeatureSubspace subspace = subspaceOf(thin, {});
        QCOMPARE(subspace.dim, int64_t(3));
        const at::Tensor full = randomRows(12, 16, "full");
        for (const auto& [student, teacher] : {std::pair{thin, full}, std::pair{full, thin}}) {
            const auto directions = [&](const at::Tensor& z) {
                return std::get<0>(at::linalg_svd(z.t(), false)).narrow(1, 0, 3);
            };
            const at::Tensor q = Textbook(directions(teacher), directions(student)).integral();
            const double expected = naiveLoss(student, teacher, q, GeodesicObjective::Cosine);
            QVERIFY(std::abs(lossOf(student, teacher, {}).item<double>() - expected) < 1e-11);
        }
    }

    void rowOutsideBothSubspacesIsFinite()
    {
        at::Tensor z = at::zeros({6, 8}, at::kDouble);
        for (int64_t i = 0; i < 6; ++i)
            z[i][i < 5 ? 0 : 1] = 1;
        GeodesicOptions options;
        options.dim = 1;
        QVERIFY(std::abs(lossOf(z, z, options).item<double>() + 5.0 / 6) < 1e-10);
        QVERIFY(std::isfinite(largest(gradientOf(z, z, options))));
    }
};

QTEST_APPLESS_MAIN(TestGeodesicLoss)
#include "tst_geodesic_loss.moc"
