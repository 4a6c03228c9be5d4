// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/losses.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace clwb::replay
{
namespace
{

constexpr int kPoints = 40;
constexpr double kRankCut = 1e-6;
constexpr double kStep = 1e-5; ///< of the central differences: error and noise both near 1e-10

/// Left singular vectors of Zᵀ, columns by falling singular value, and the numerical rank.
struct Subspace
{
    at::Tensor basis; ///< [D, min(n, D)]
    int64_t rank = 0;
};

Subspace subspaceOf(const at::Tensor& rows, const std::string& centring)
{
    at::Tensor z = rows;
    if (centring == "feature_mean")
        z = z - z.mean(0, true);
    else if (centring == "per_sample")
        z = z - z.mean(1, true);
    const auto [u, s, v] = at::linalg_svd(z.t(), false);
    Subspace space;
    space.basis = u;
    space.rank = (s > kRankCut * s[0]).sum().item<int64_t>();
    return space;
}

int64_t dimensionOf(const at::Tensor& rows, const Subspace& teacher, const Subspace& student,
                    int64_t maxDim)
{
    const int64_t largest = std::min(rows.size(0), rows.size(1));
    const int64_t most = maxDim > 0 ? maxDim : largest;
    const int64_t wanted = std::clamp<int64_t>(largest - 2, 1, most);
    return std::min({wanted, teacher.rank, student.rank});
}

/// Q [D, D] of Eq. 7. The flow starts at the teacher's subspace and turns each principal vector a
/// by its principal angle θ towards the direction h at right angles to that subspace:
/// φ(t) = a cos(tθ) + h sin(tθ).
at::Tensor kernelOf(const at::Tensor& teacher, const at::Tensor& student,
                    const GeodesicSettings& settings)
{
    const Subspace from = subspaceOf(teacher, settings.centring);
    const Subspace to = subspaceOf(student, settings.centring);
    const int64_t d = dimensionOf(teacher, from, to, settings.maxDim);
    const at::Tensor p = from.basis.slice(1, 0, d);
    const at::Tensor r = to.basis.slice(1, 0, d);
    const auto [u, cosines, vt] = at::linalg_svd(at::matmul(p.t(), r), false);
    const at::Tensor a = at::matmul(p, u);
    const at::Tensor w = at::matmul(r, vt.t());
    const at::Tensor off = w - at::matmul(p, at::matmul(p.t(), w));
    const at::Tensor sines = at::linalg_vector_norm(off, 2, at::IntArrayRef{0});
    // Where an angle is 0 its direction does not matter: it is multiplied by sin 0.
    const at::Tensor h = off / sines.clamp_min(1e-300);
    const at::Tensor angles = at::atan2(sines, cosines);
    static const Quadrature kQuadrature = gaussLegendre(kPoints);
    at::Tensor q = at::zeros({a.size(0), a.size(0)}, a.options());
    for (size_t i = 0; i < kQuadrature.nodes.size(); ++i) {
        const at::Tensor turned = angles * kQuadrature.nodes[i];
        const at::Tensor flow = a * turned.cos() + h * turned.sin();
        q += kQuadrature.weights[i] * at::matmul(flow, flow.t());
    }
    return q;
}

/// Step 8, or A14's other objective, for a given Q.
at::Tensor objectiveOf(const at::Tensor& teacher, const at::Tensor& student, const at::Tensor& q,
                       const GeodesicSettings& settings)
{
    const auto product = [&](const at::Tensor& x, const at::Tensor& y) {
        return (at::matmul(x, q) * y).sum(1);
    };
    if (settings.objective == "mahalanobis") {
        const at::Tensor difference = teacher - student;
        return product(difference, difference).mean();
    }
    const at::Tensor lengths = (product(student, student) * product(teacher, teacher)).sqrt();
    return -(product(student, teacher) / (lengths + 1e-12)).mean();
}

/// ∂L/∂student by central differences, the kernel included.
at::Tensor differences(const at::Tensor& teacher, const at::Tensor& student,
                       const GeodesicSettings& settings)
{
    const auto value = [&](const at::Tensor& z) {
        return objectiveOf(teacher, z, kernelOf(teacher, z, settings), settings).item<double>();
    };
    at::Tensor gradient = at::zeros_like(student);
    at::Tensor moved = student.clone();
    for (int64_t i = 0; i < student.size(0); ++i) {
        for (int64_t j = 0; j < student.size(1); ++j) {
            const double centre = student[i][j].item<double>();
            moved[i][j] = centre + kStep;
            const double above = value(moved);
            moved[i][j] = centre - kStep;
            const double below = value(moved);
            moved[i][j] = centre;
            gradient[i][j] = (above - below) / (2 * kStep);
        }
    }
    return gradient;
}

} // namespace

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels)
{
    return -at::log_softmax(logits, 1).gather(1, labels.reshape({-1, 1})).mean();
}

at::Tensor distillation(const at::Tensor& teacher, const at::Tensor& student,
                        const std::string& direction, double temperature)
{
    const at::Tensor logOld = at::log_softmax(teacher / temperature, 1);
    const at::Tensor logNew = at::log_softmax(student / temperature, 1);
    at::Tensor each;
    if (direction == "reverse_kl")
        each = (logNew.exp() * (logNew - logOld)).sum(1);
    else if (direction == "paper_literal")
        each = -(logNew.exp() * logOld).sum(1);
    else
        each = -(logOld.exp() * logNew).sum(1);
    return temperature * temperature * each.mean();
}

at::Tensor geodesic(const at::Tensor& teacher, const at::Tensor& student,
                    const GeodesicSettings& settings)
{
    const at::Tensor zOld = teacher.detach().to(at::kDouble);
    const at::Tensor zNew = student.to(at::kDouble);
    at::Tensor q;
    at::Tensor gradient;
    {
        const c10::NoGradGuard noGradient;
        q = kernelOf(zOld, zNew, settings);
        if (settings.isFullGradient)
            gradient = differences(zOld, zNew, settings);
    }
    const at::Tensor loss = objectiveOf(zOld, zNew, q, settings);
    if (!settings.isFullGradient)
        return loss;
    // The value of the loss with the gradient that was measured.
    return loss.detach() + (gradient * (zNew - zNew.detach())).sum();
}

Quadrature gaussLegendre(int points)
{
    Quadrature rule;
    for (int i = 1; i <= points; ++i) {
        // Newton's method on the Legendre polynomial, from Chebyshev's guess of its i-th root.
        double x = std::cos(std::numbers::pi * (i - 0.25) / (points + 0.5));
        double slope = 1;
        for (int round = 0; round < 20; ++round) {
            double previous = 1;
            double value = x;
            for (int k = 2; k <= points; ++k) {
                const double next = ((2.0 * k - 1) * x * value - (k - 1) * previous) / k;
                previous = value;
                value = next;
            }
            slope = points * (x * value - previous) / (x * x - 1);
            x -= value / slope;
        }
        rule.nodes.push_back((1 - x) / 2);
        rule.weights.push_back(1 / ((1 - x * x) * slope * slope));
    }
    return rule;
}

} // namespace clwb::replay
