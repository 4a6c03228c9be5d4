// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/geodesic_flow.h"

#include "core/base/check.h"
#include "core/losses/geodesic_gradient.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <tuple>

namespace clwb::losses
{
namespace
{

constexpr int64_t kFewestRows = 4;
constexpr double kRankTolerance = 1e-6;
constexpr double kSmallAngle = 1e-3; // below it the quotients lose digits and their series does not
constexpr double kCosineEpsilon = 1e-12;
// ⟨z, z⟩_Q of a row outside both subspaces may round below 0, whose root is NaN.
constexpr double kLeastSquare = 1e-48;

at::Tensor centredBy(const at::Tensor& features, Centring centring)
{
    if (centring == Centring::None)
        return features;
    const int64_t averaged = centring == Centring::FeatureMean ? 0 : 1;
    return features - at::mean(features, averaged, true);
}

int64_t rankOf(const at::Tensor& singular)
{
    return at::sum(singular > singular[0] * kRankTolerance).item<int64_t>();
}

/// x times a coefficient that is a diagonal or a matrix.
at::Tensor times(const at::Tensor& x, const at::Tensor& coefficient)
{
    return coefficient.dim() == 1 ? x * coefficient : at::matmul(x, coefficient);
}

at::Tensor objectiveUnder(const GeodesicKernel& kernel, const at::Tensor& student,
                          const at::Tensor& teacher, GeodesicObjective objective)
{
    if (objective == GeodesicObjective::Mahalanobis) {
        const at::Tensor difference = student - teacher;
        return kernel.inner(difference, difference).mean();
    }
    const at::Tensor squares =
        (kernel.inner(student, student) * kernel.inner(teacher, teacher)).clamp_min(kLeastSquare);
    return -(kernel.inner(student, teacher) / (squares.sqrt() + kCosineEpsilon)).mean();
}

} // namespace

Centring centringFromText(const std::string& text)
{
    if (text == "none")
        return Centring::None;
    if (text == "feature_mean")
        return Centring::FeatureMean;
    CLWB_CHECK(text == "per_sample", text);
    return Centring::PerSample;
}

GeodesicObjective objectiveFromText(const std::string& text)
{
    CLWB_CHECK(text == "cosine" || text == "mahalanobis", text);
    return text == "cosine" ? GeodesicObjective::Cosine : GeodesicObjective::Mahalanobis;
}

KernelGradient kernelGradientFromText(const std::string& text)
{
    CLWB_CHECK(text == "stop" || text == "full", text);
    return text == "stop" ? KernelGradient::Stop : KernelGradient::Full;
}

FeatureSubspace subspaceOf(const at::Tensor& features, const GeodesicOptions& options)
{
    FeatureSubspace subspace;
    subspace.features = features.to(at::kCPU, at::kDouble);
    subspace.centred = centredBy(subspace.features, options.centring);
    const int64_t rows = features.size(0);
    if (rows < kFewestRows) {
        subspace.state = FeatureSubspace::State::TooFewRows;
        return subspace;
    }
    try {
        const at::NoGradGuard noGrad;
        std::tie(subspace.left, subspace.singular, subspace.right) =
            at::linalg_svd(subspace.centred.detach().t(), false);
    } catch (const c10::LinAlgError&) {
        subspace.state = FeatureSubspace::State::NotConverged;
        return subspace;
    }
    const int64_t most = std::max<int64_t>(1, std::min(rows, features.size(1)) - 2);
    const int64_t wanted = options.dim > 0 ? std::min(options.dim, most) : most;
    subspace.dim = std::min(wanted, rankOf(subspace.singular));
    if (subspace.dim == 0)
        subspace.state = FeatureSubspace::State::NoDirection;
    return subspace;
}

at::Tensor GeodesicKernel::inner(const at::Tensor& x, const at::Tensor& y) const
{
    const at::Tensor a = at::matmul(x, first);
    const at::Tensor c = at::matmul(x, second);
    const at::Tensor b = at::matmul(y, first);
    const at::Tensor e = at::matmul(y, second);
    return at::sum((times(a, lambda) + times(c, mu.t())) * b + (times(a, mu) + times(c, kappa)) * e,
                   1);
}

PrincipalAngles principalAngles(const at::Tensor& pOld, const at::Tensor& pNew)
{
    const at::NoGradGuard noGrad;
    PrincipalAngles angles;
    at::Tensor vTransposed;
    std::tie(angles.u, angles.cosine, vTransposed) =
        at::linalg_svd(at::matmul(pOld.t(), pNew), false);
    angles.v = vTransposed.t();
    const at::Tensor w = at::matmul(pNew, angles.v);
    angles.complement = w - at::matmul(pOld, at::matmul(pOld.t(), w));
    angles.sine = at::norm(angles.complement, 2, {0});
    angles.theta = at::atan2(angles.sine, angles.cosine);

    const at::Tensor& t = angles.theta;
    const at::Tensor square = t * t;
    const at::Tensor isSmall = t < kSmallAngle;
    const at::Tensor quotient = at::sin(2 * t) / (4 * t);
    const auto choose = [&](const at::Tensor& series, const at::Tensor& closed) {
        return at::where(isSmall, series, closed);
    };
    angles.lambda = choose(1 - square / 3 + square * square / 15, 0.5 + quotient);
    angles.mu = choose(0.5 - square / 12, at::sin(t) / (2 * t));
    angles.kappa = choose(1.0 / 3 + square * (2.0 / 45), (0.5 - quotient) / at::sin(t).square());
    return angles;
}

GeodesicKernel geodesicKernel(const at::Tensor& pOld, const at::Tensor& pNew)
{
    const PrincipalAngles angles = principalAngles(pOld, pNew);
    return {at::matmul(pOld, angles.u), angles.complement, angles.lambda, angles.mu, angles.kappa};
}

at::Tensor geodesicLoss(const FeatureSubspace& student, const FeatureSubspace& teacher,
                        const GeodesicOptions& options)
{
    CLWB_CHECK(student.state == FeatureSubspace::State::Found &&
               teacher.state == FeatureSubspace::State::Found);
    CLWB_CHECK(student.features.sizes() == teacher.features.sizes());
    const int64_t dim = std::min(student.dim, teacher.dim);
    const at::Tensor pOld = teacher.left.narrow(1, 0, dim);
    const GeodesicKernel kernel = options.gradient == KernelGradient::Full
                                      ? differentiableKernel(pOld, student, dim)
                                      : geodesicKernel(pOld, student.left.narrow(1, 0, dim));
    return objectiveUnder(kernel, student.features, teacher.features.detach(), options.objective);
}

} // namespace clwb::losses
