// SPDX-License-Identifier: GPL-3.0-or-later
// Losses against loops over doubles, and their gradients against finite differences.
#include "core/base/random_stream.h"
#include "core/losses/contrastive.h"
#include "core/losses/distillation.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include <QtTest>

#include <cmath>
#include <functional>
#include <vector>

using namespace clwb;
using namespace clwb::losses;

namespace
{

using Matrix = std::vector<std::vector<double>>;

Matrix randomMatrix(size_t rows, size_t columns, const char* name)
{
    RandomStream stream = RandomStream::named(3, name);
    Matrix matrix(rows, std::vector<double>(columns));
    for (auto& row : matrix)
        for (double& value : row)
            value = 2 * stream.normal();
    return matrix;
}

at::Tensor tensorOf(const Matrix& matrix)
{
    const auto rows = static_cast<int64_t>(matrix.size());
    const auto columns = static_cast<int64_t>(matrix[0].size());
    at::Tensor tensor = at::empty({rows, columns}, at::kDouble);
    auto* out = tensor.mutable_data_ptr<double>();
    for (const auto& row : matrix)
        for (const double value : row)
            *out++ = value;
    return tensor;
}

std::vector<double> softmax(const std::vector<double>& logits, double temperature)
{
    std::vector<double> p;
    double sum = 0;
    for (const double z : logits) {
        p.push_back(std::exp(z / temperature));
        sum += p.back();
    }
    for (double& value : p)
        value /= sum;
    return p;
}

double naiveDistillation(const Matrix& student, const Matrix& teacher, double t,
                         Direction direction)
{
    double sum = 0;
    for (size_t i = 0; i < student.size(); ++i) {
        const auto p = softmax(student[i], t);
        const auto q = softmax(teacher[i], t);
        for (size_t k = 0; k < p.size(); ++k) {
            if (direction == Direction::TeacherToStudent)
                sum -= q[k] * std::log(p[k]);
            else if (direction == Direction::ReverseKl)
                sum += p[k] * std::log(p[k] / q[k]);
            else
                sum -= p[k] * std::log(q[k]);
        }
    }
    return t * t * sum / static_cast<double>(student.size());
}

/// Largest difference between autograd's gradient and central differences of `naive`.
double gradientError(const Matrix& at, const std::function<at::Tensor(const at::Tensor&)>& loss,
                     const std::function<double(const Matrix&)>& naive)
{
    at::Tensor input = tensorOf(at);
    input.requires_grad_(true);
    loss(input).backward();
    const double* gradient = input.grad().const_data_ptr<double>();
    double worst = 0;
    const double h = 1e-5;
    for (size_t i = 0; i < at.size(); ++i) {
        for (size_t k = 0; k < at[i].size(); ++k) {
            Matrix up = at, down = at;
            up[i][k] += h;
            down[i][k] -= h;
            worst = std::max(worst, std::abs((naive(up) - naive(down)) / (2 * h) -
                                             gradient[i * at[i].size() + k]));
        }
    }
    return worst;
}

double largest(const at::Tensor& tensor)
{
    double worst = 0;
    for (int64_t i = 0; i < tensor.numel(); ++i)
        worst = std::max(worst, std::abs(tensor.const_data_ptr<double>()[i]));
    return worst;
}

double largestGradientAtEquality(Direction direction)
{
    const Matrix logits = randomMatrix(3, 4, "equal");
    at::Tensor student = tensorOf(logits);
    student.requires_grad_(true);
    distillation(student, tensorOf(logits), 2.0, direction).backward();
    return largest(student.grad());
}

double naiveContrastive(const Matrix& logits, const std::vector<std::vector<bool>>& positive)
{
    const size_t batch = positive.size();
    double sum = 0;
    for (size_t i = 0; i < batch; ++i) {
        double row = 0, column = 0, count = 0;
        for (const double z : logits[i])
            row += std::exp(z);
        for (size_t j = 0; j < batch; ++j) {
            column += std::exp(logits[j][i]);
            count += positive[i][j] ? 1 : 0;
        }
        for (size_t j = 0; j < batch; ++j) {
            if (positive[i][j])
                sum -= (logits[i][j] - std::log(row) + logits[j][i] - std::log(column)) / count;
        }
    }
    return sum / 2 / static_cast<double>(batch);
}

} // namespace

class TestLosses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void distillation_data()
    {
        QTest::addColumn<int>("direction");
        QTest::addColumn<double>("temperature");
        for (const int direction : {0, 1, 2})
            for (const double t : {1.0, 2.0, 0.5})
                QTest::addRow("%d at %g", direction, t) << direction << t;
    }

    void distillation()
    {
        QFETCH(int, direction);
        QFETCH(double, temperature);
        const auto which = static_cast<Direction>(direction);
        const Matrix student = randomMatrix(5, 7, "student");
        const Matrix teacher = randomMatrix(5, 7, "teacher");
        const double expected = naiveDistillation(student, teacher, temperature, which);
        const double got =
            losses::distillation(tensorOf(student), tensorOf(teacher), temperature, which)
                .item<double>();
        QVERIFY2(std::abs(got - expected) < 1e-12 * (1 + std::abs(expected)),
                 qPrintable(QString("%1 %2").arg(got).arg(expected)));
        const double error = gradientError(
            student,
            [&](const at::Tensor& s) {
                return losses::distillation(s, tensorOf(teacher), temperature, which);
            },
            [&](const Matrix& s) { return naiveDistillation(s, teacher, temperature, which); });
        QVERIFY2(error < 1e-8, qPrintable(QString::number(error)));
    }

    // Register row A1: only the two that are divergences stop at the teacher.
    void gradientWhereStudentIsTeacher()
    {
        QVERIFY(largestGradientAtEquality(Direction::TeacherToStudent) < 1e-14);
        QVERIFY(largestGradientAtEquality(Direction::ReverseKl) < 1e-14);
        QVERIFY(largestGradientAtEquality(Direction::PaperLiteral) > 1e-3);
    }

    // T² of logits scaled by T is T² times the loss at T = 1.
    void temperatureIsSquared()
    {
        const Matrix student = randomMatrix(4, 3, "student");
        const Matrix teacher = randomMatrix(4, 3, "teacher");
        for (const int direction : {0, 1, 2}) {
            const auto which = static_cast<Direction>(direction);
            const double one =
                losses::distillation(tensorOf(student), tensorOf(teacher), 1, which).item<double>();
            const double three =
                losses::distillation(tensorOf(student) * 3.0, tensorOf(teacher) * 3.0, 3, which)
                    .item<double>();
            QVERIFY(std::abs(three - 9 * one) < 1e-12 * (1 + std::abs(three)));
        }
    }

    void teacherIsConstant()
    {
        at::Tensor student = tensorOf(randomMatrix(2, 3, "student"));
        at::Tensor teacher = tensorOf(randomMatrix(2, 3, "teacher"));
        student.requires_grad_(true);
        teacher.requires_grad_(true);
        losses::distillation(student, teacher, 1, Direction::PaperLiteral).backward();
        QVERIFY(student.grad().defined() && !teacher.grad().defined());
    }

    void directionNames()
    {
        QVERIFY(directionFromText("teacher_to_student") == Direction::TeacherToStudent);
        QVERIFY(directionFromText("reverse_kl") == Direction::ReverseKl);
        QVERIFY(directionFromText("paper_literal") == Direction::PaperLiteral);
    }

    void crossEntropy()
    {
        const Matrix logits = randomMatrix(4, 5, "logits");
        const std::vector<int64_t> labels{0, 4, 2, 2};
        at::Tensor labelTensor = at::empty({4}, at::kLong);
        std::copy(labels.begin(), labels.end(), labelTensor.mutable_data_ptr<int64_t>());
        const auto naive = [&](const Matrix& z) {
            double sum = 0;
            for (size_t i = 0; i < z.size(); ++i)
                sum -= std::log(softmax(z[i], 1)[static_cast<size_t>(labels[i])]);
            return sum / 4;
        };
        QVERIFY(std::abs(losses::crossEntropy(tensorOf(logits), labelTensor).item<double>() -
                         naive(logits)) < 1e-12);
        QVERIFY(gradientError(
                    logits,
                    [&](const at::Tensor& z) { return losses::crossEntropy(z, labelTensor); },
                    naive) < 1e-8);
    }

    // Pairs 0 and 2 show the same; two more texts are negatives of the images only.
    void contrastive()
    {
        const Matrix logits = randomMatrix(4, 6, "pairs");
        std::vector<std::vector<bool>> positive(4, std::vector<bool>(4));
        at::Tensor mask = at::empty({4, 4}, at::kBool);
        for (size_t i = 0; i < 4; ++i) {
            for (size_t j = 0; j < 4; ++j) {
                positive[i][j] = i == j || i + j == 2;
                mask.mutable_data_ptr<bool>()[i * 4 + j] = positive[i][j];
            }
        }
        const double expected = naiveContrastive(logits, positive);
        // The target is kept in float32: halves and ones are exact in it.
        QVERIFY(std::abs(losses::contrastive(tensorOf(logits), mask).item<double>() - expected) <
                1e-6);
        QVERIFY(gradientError(
                    logits, [&](const at::Tensor& z) { return losses::contrastive(z, mask); },
                    [&](const Matrix& z) { return naiveContrastive(z, positive); }) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(TestLosses)
#include "tst_losses.moc"
