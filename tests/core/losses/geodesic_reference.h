// SPDX-License-Identifier: GPL-3.0-or-later
// What GeoDL's tests compare with: random features, the textbook's kernel and a loop for the loss.
#pragma once

#include "core/base/random_stream.h"
#include "core/losses/geodesic_flow.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace clwb::test
{

inline at::Tensor randomMatrix(int64_t rows, int64_t columns, const char* name)
{
    RandomStream stream = RandomStream::named(11, name);
    at::Tensor matrix = at::empty({rows, columns}, at::kDouble);
    double* out = matrix.mutable_data_ptr<double>();
    for (int64_t i = 0; i < matrix.numel(); ++i)
        out[i] = stream.normal();
    return matrix;
}

inline at::Tensor unitRows(const at::Tensor& matrix)
{
    return matrix / at::norm(matrix, 2, {1}, true);
}

inline at::Tensor randomRows(int64_t rows, int64_t columns, const char* name)
{
    return unitRows(randomMatrix(rows, columns, name));
}

inline at::Tensor orthogonal(int64_t size, const char* name)
{
    return std::get<0>(at::linalg_svd(randomMatrix(size, size, name)));
}

inline double largest(const at::Tensor& x)
{
    return x.abs().max().item<double>();
}

/// Nodes and weights of Gauss–Legendre quadrature on [0, 1] by Newton's method.
inline std::vector<std::pair<double, double>> gaussLegendre(int count)
{
    std::vector<std::pair<double, double>> nodes;
    for (int k = 1; k <= count; ++k) {
        double x = std::cos(std::numbers::pi * (k - 0.25) / (count + 0.5));
        double slope = 1;
        for (int step = 0; step < 100; ++step) {
            double before = 1;
            double value = x;
            for (int n = 2; n <= count; ++n)
                before = std::exchange(value, ((2 * n - 1) * x * value - (n - 1) * before) / n);
            slope = count * (x * value - before) / (x * x - 1);
            x -= value / slope;
        }
        nodes.emplace_back((1 + x) / 2, 1 / ((1 - x * x) * slope * slope));
    }
    return nodes;
}

/// The two ends of a geodesic as the textbook has them, with the orthogonal complement R of P_old:
/// P_oldᵀ P_new = U₁ Γ Vᵀ and Rᵀ P_new = −U₂ Σ Vᵀ.
struct Textbook
{
    at::Tensor start;     ///< P_old U₁
    at::Tensor direction; ///< R U₂
    at::Tensor theta;

    Textbook(const at::Tensor& pOld, const at::Tensor& pNew)
    {
        const int64_t d = pOld.size(1);
        const at::Tensor all = std::get<0>(at::linalg_svd(pOld, true));
        const at::Tensor complement = all.narrow(1, d, all.size(0) - d);
        const auto [u, gamma, v] = at::linalg_svd(at::matmul(pOld.t(), pNew));
        const at::Tensor across = -at::matmul(complement.t(), at::matmul(pNew, v.t()));
        const at::Tensor sine = at::norm(across, 2, {0});
        theta = at::where(gamma > 0.7, at::asin(sine), at::acos(gamma.clamp_max(1)));
        start = at::matmul(pOld, u);
        direction = at::matmul(complement, across / sine.clamp_min(1e-300));
    }

    /// 40-point integral of Φ(t) Φ(t)ᵀ with Φ = start cos tθ − direction sin tθ (Eq. 7).
    [[nodiscard]] at::Tensor integral() const
    {
        at::Tensor sum = at::zeros({start.size(0), start.size(0)}, at::kDouble);
        static const auto kNodes = gaussLegendre(40);
        for (const auto& [t, weight] : kNodes) {
            const at::Tensor phi = start * at::cos(t * theta) - direction * at::sin(t * theta);
            sum = sum + weight * at::matmul(phi, phi.t());
        }
        return sum;
    }

    /// [start, direction] [[Λ₁, Λ₂], [Λ₂, Λ₃]] [·]ᵀ, with the ½ that Gong et al. leave out.
    [[nodiscard]] at::Tensor blocks() const
    {
        const at::Tensor first = 0.5 * (1 + at::sin(2 * theta) / (2 * theta));
        const at::Tensor second = 0.5 * (at::cos(2 * theta) - 1) / (2 * theta);
        const at::Tensor third = 0.5 * (1 - at::sin(2 * theta) / (2 * theta));
        const at::Tensor mixed = at::matmul(start * second, direction.t());
        return at::matmul(start * first, start.t()) + mixed + mixed.t() +
               at::matmul(direction * third, direction.t());
    }
};

inline double product(const double* x, const at::TensorAccessor<double, 2>& q, const double* y)
{
    double sum = 0;
    for (int64_t i = 0; i < q.size(0); ++i)
        for (int64_t j = 0; j < q.size(1); ++j)
            sum += x[i] * q[i][j] * y[j];
    return sum;
}

/// The loss of §5.4 row by row from a given Q.
inline double naiveLoss(const at::Tensor& student, const at::Tensor& teacher, const at::Tensor& q,
                        losses::GeodesicObjective objective)
{
    const at::Tensor difference = student - teacher;
    const auto matrix = q.accessor<double, 2>();
    double sum = 0;
    for (int64_t i = 0; i < student.size(0); ++i) {
        const double* z = student.const_data_ptr<double>() + i * student.size(1);
        const double* old = teacher.const_data_ptr<double>() + i * student.size(1);
        const double* gap = difference.const_data_ptr<double>() + i * student.size(1);
        if (objective == losses::GeodesicObjective::Mahalanobis)
            sum += product(gap, matrix, gap);
        else
            sum -= product(z, matrix, old) /
                   std::sqrt(product(z, matrix, z) * product(old, matrix, old));
    }
    return sum / static_cast<double>(student.size(0));
}

/// Old and new features that belong together, `distance` apart before normalisation.
struct Pair
{
    at::Tensor teacher, student;
    Pair(int64_t rows, int64_t columns, double distance)
        : teacher(randomRows(rows, columns, "teacher"))
        , student(unitRows(teacher + distance * randomMatrix(rows, columns, "student")))
    {}
};

} // namespace clwb::test
