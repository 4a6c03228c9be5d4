// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/geodesic_gradient.h"

#include <ATen/ATen.h>

#include <torch/csrc/autograd/custom_function.h>

namespace clwb::losses
{
namespace
{

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kSeriesAngle = 0.03; // the series below are exact to 1e-7 there
constexpr double kCloseAngles = 1e-5; // in sin² θ: below it a quotient loses digits
constexpr double kLeastDenominator = 1e-12;

at::Tensor symmetric(const at::Tensor& x)
{
    return 0.5 * (x + x.t());
}

at::Tensor skew(const at::Tensor& x)
{
    return 0.5 * (x - x.t());
}

/// (fᵢ − fⱼ) / (yᵢ − yⱼ), the derivative where both are close.
at::Tensor dividedDifferences(const at::Tensor& f, const at::Tensor& slope, const at::Tensor& y)
{
    const at::Tensor step = y.unsqueeze(1) - y.unsqueeze(0);
    const at::Tensor change = f.unsqueeze(1) - f.unsqueeze(0);
    const at::Tensor mean = 0.5 * (slope.unsqueeze(1) + slope.unsqueeze(0));
    return at::where(step.abs() < kCloseAngles, mean, change / step);
}

/// Divided differences of λ, μ and κ as functions of y = sin² θ.
struct Differences
{
    at::Tensor lambda, mu, kappa;
};

Differences differencesOf(const PrincipalAngles& angles)
{
    const at::Tensor& t = angles.theta;
    const at::Tensor sine = at::sin(t);
    const at::Tensor cosine = at::cos(t);
    const at::Tensor sine2 = at::sin(2 * t);
    const at::Tensor y = sine.square();
    const at::Tensor isSmall = t < kSeriesAngle;
    const at::Tensor perY = 1 / sine2.clamp_min(kLeastDenominator); // dθ/dy

    const at::Tensor muSlope = (cosine / (2 * t) - sine / (2 * t * t)) * perY;
    const at::Tensor rest = 0.5 - sine2 / (4 * t);
    const at::Tensor restSlope = sine2 / (4 * t * t) - at::cos(2 * t) / (2 * t);
    const at::Tensor kappaSlope = (restSlope / y - 2 * rest * cosine / (y * sine)) * perY;
    const at::Tensor mu = at::where(isSmall, -1.0 / 12 - y * (17.0 / 360), muSlope);
    const at::Tensor kappa = at::where(isSmall, 2.0 / 45 + y * (8.0 / 189), kappaSlope);
    // λ = 1 − y κ.
    return {dividedDifferences(angles.lambda, -angles.kappa - y * kappa, y),
            dividedDifferences(angles.mu, mu, y), dividedDifferences(angles.kappa, kappa, y)};
}

/// m = pOldᵀ pNew → u λ uᵀ, u μ vᵀ, v κ vᵀ, as functions of m.
struct Coefficients : torch::autograd::Function<Coefficients>
{
    static variable_list forward(AutogradContext* context, const at::Tensor& m,
                                 const PrincipalAngles& angles)
    {
        static_cast<void>(m); // its decomposition is `angles`
        const Differences d = differencesOf(angles);
        context->save_for_backward(
            {angles.u, angles.v, angles.cosine, angles.mu, d.lambda, d.mu, d.kappa});
        const auto product = [](const at::Tensor& l, const at::Tensor& f, const at::Tensor& r) {
            return at::matmul(l * f, r.t());
        };
        return {product(angles.u, angles.lambda, angles.u), product(angles.u, angles.mu, angles.v),
                product(angles.v, angles.kappa, angles.v)};
    }

    // With E = uᵀ dm v: symmetric functions of m mᵀ and mᵀ m by divided differences in cos² θ,
    // u μ vᵀ by those in cos θ on the symmetric part of E and by quotients of sums on its skew
    // part.
    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& u = saved[0];
        const at::Tensor& v = saved[1];
        const at::Tensor& cosine = saved[2];
        const at::Tensor& mu = saved[3];
        const auto within = [](const at::Tensor& l, const at::Tensor& g, const at::Tensor& r) {
            return at::matmul(l.t(), at::matmul(g, r));
        };
        const at::Tensor sums = cosine.unsqueeze(1) + cosine.unsqueeze(0);
        const at::Tensor muSums =
            (mu.unsqueeze(1) + mu.unsqueeze(0)) / sums.clamp_min(kLeastDenominator);
        const at::Tensor ofMu = within(u, gradients[1], v);
        at::Tensor e = symmetric(-saved[5] * sums * ofMu) + skew(muSums * ofMu);
        e = e - 2 * saved[4] * symmetric(within(u, gradients[0], u)) * cosine;
        e = e - 2 * saved[6] * symmetric(within(v, gradients[2], v)) * cosine.unsqueeze(1);
        return {at::matmul(u, at::matmul(e, v.t())), at::Tensor()};
    }
};

/// Features → their first `dim` left singular vectors. The gradient is that of a function of their
/// span: only rotations out of it count.
struct LeadingDirections : torch::autograd::Function<LeadingDirections>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& centred,
                              const at::Tensor& left, const at::Tensor& singular,
                              const at::Tensor& right, int64_t dim)
    {
        static_cast<void>(centred); // centredᵀ = left diag(singular) right
        context->save_for_backward({left, singular, right});
        context->saved_data["dim"] = dim;
        return left.narrow(1, 0, dim).clone();
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& left = saved[0];
        const int64_t dim = context->saved_data["dim"].toInt();
        const int64_t others = left.size(1) - dim;
        const at::Tensor inside = saved[1].narrow(0, 0, dim);
        const at::Tensor outside = saved[1].narrow(0, dim, others);
        const at::Tensor leftInside = left.narrow(1, 0, dim);
        const at::Tensor leftOutside = left.narrow(1, dim, others);
        const at::Tensor rightInside = saved[2].narrow(0, 0, dim);
        const at::Tensor rightOutside = saved[2].narrow(0, dim, others);
        const at::Tensor& g = gradients[0];

        const at::Tensor gaps =
            (inside.square() - outside.square().unsqueeze(1)).clamp_min(kLeastDenominator);
        const at::Tensor turns = at::matmul(leftOutside.t(), g) / gaps; // [others, dim]
        const at::Tensor beyond = g - at::matmul(left, at::matmul(left.t(), g));
        const at::Tensor alongInside = at::matmul(leftOutside, turns * inside) + beyond / inside;
        const at::Tensor alongOutside = at::matmul(leftInside, (turns * outside.unsqueeze(1)).t());
        const at::Tensor ofTransposed =
            at::matmul(alongInside, rightInside) + at::matmul(alongOutside, rightOutside);
        return {ofTransposed.t(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

} // namespace

GeodesicKernel differentiableKernel(const at::Tensor& pOld, const FeatureSubspace& student,
                                    int64_t dim)
{
    const PrincipalAngles angles = principalAngles(pOld, student.left.narrow(1, 0, dim));
    const at::Tensor pNew = LeadingDirections::apply(student.centred, student.left,
                                                     student.singular, student.right, dim);
    const at::Tensor m = at::matmul(pOld.t(), pNew);
    const variable_list coefficients = Coefficients::apply(m, angles);
    return {pOld, pNew - at::matmul(pOld, m), coefficients[0], coefficients[1], coefficients[2]};
}

} // namespace clwb::losses
