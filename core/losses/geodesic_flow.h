// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel of the geodesic flow between two feature subspaces and GeoDL's loss under it: paper
// Eq. 6–10, algorithms.md §5.4, register rows A12 to A15. n rows, D embedding, d subspace
// dimension. All tensors here are float64 on the CPU, whatever the features were.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace clwb::losses
{

/// Register row A13: what is subtracted before the subspace is found; the loss itself works on the
/// features as they are. `PerSample` is the mean of each row, the authors' quirk.
enum class Centring { None, FeatureMean, PerSample };
/// Register row A14.
enum class GeodesicObjective { Cosine, Mahalanobis };
/// Register row A15: whether the student also moves the kernel.
enum class KernelGradient { Stop, Full };

/// "none", "feature_mean", "per_sample". CHECK: one of these.
Centring centringFromText(const std::string& text);
/// "cosine", "mahalanobis". CHECK: one of these.
GeodesicObjective objectiveFromText(const std::string& text);
/// "stop", "full". CHECK: one of these.
KernelGradient kernelGradientFromText(const std::string& text);

struct GeodesicOptions
{
    int64_t dim = 0; ///< A12: largest d; 0 = min(n, D) − 2, which is the most in any case
    Centring centring = Centring::None;
    GeodesicObjective objective = GeodesicObjective::Cosine;
    KernelGradient gradient = KernelGradient::Stop;
};

/// Features and the subspace that their rows lead along.
struct FeatureSubspace
{
    enum class State {
        Found,
        TooFewRows,  ///< n < 4
        NoDirection, ///< all rows are 0 after centring
        NotConverged ///< the singular value decomposition failed
    };
    State state = State::Found;
    at::Tensor features; ///< [n, D], with the graph of what was given
    at::Tensor centred;  ///< [n, D], with the graph
    at::Tensor left;     ///< [D, r] singular vectors of centredᵀ, r = min(n, D), constants
    at::Tensor singular; ///< [r] falling
    at::Tensor right;    ///< [r, n]
    int64_t dim = 0;     ///< clamp(min(n, D) − 2, 1, options.dim), lowered to the rank
};

/// Rank counts singular values above 1e-6 of the largest. Cost: one thin SVD of D×n.
/// @param features [n, D], any device and floating type
FeatureSubspace subspaceOf(const at::Tensor& features, const GeodesicOptions& options);

/// Q = F Λ Fᵀ + F M Sᵀ + S Mᵀ Fᵀ + S K Sᵀ without forming it. From geodesicKernel(), F = A, S = C
/// of §5.4 and the coefficients are diagonals.
struct GeodesicKernel
{
    at::Tensor first;  ///< F [D, d]
    at::Tensor second; ///< S [D, d], orthogonal to F
    at::Tensor lambda; ///< [d] diagonal or [d, d]
    at::Tensor mu;     ///< as lambda
    at::Tensor kappa;  ///< as lambda

    /// xᵢᵀ Q yᵢ for each row i. @param x [m, D] @param y [m, D] @return [m]
    [[nodiscard]] at::Tensor inner(const at::Tensor& x, const at::Tensor& y) const;
};

/// Angles θ between two subspaces (steps 3 to 6 of §5.4), constants without a graph.
struct PrincipalAngles
{
    at::Tensor u;          ///< [d, d] of pOldᵀ pNew = u diag(cosine) vᵀ
    at::Tensor v;          ///< [d, d]
    at::Tensor cosine;     ///< [d] falling
    at::Tensor sine;       ///< [d]
    at::Tensor theta;      ///< [d] in [0, π/2]
    at::Tensor lambda;     ///< [d] ½ + sin 2θ / 4θ
    at::Tensor mu;         ///< [d] sin θ / 2θ
    at::Tensor kappa;      ///< [d] (½ − sin 2θ / 4θ) / sin² θ
    at::Tensor complement; ///< C [D, d]: pNew v less its part in pOld, columns of length sin θ
};

/// @param pOld [D, d] orthonormal columns @param pNew [D, d] orthonormal columns
PrincipalAngles principalAngles(const at::Tensor& pOld, const at::Tensor& pNew);

/// ∫₀¹ Φ(t) Φ(t)ᵀ dt along the geodesic Φ from one subspace to the other (Eq. 7), in closed form.
/// The same for every choice of bases and in both directions; constants without a graph.
GeodesicKernel geodesicKernel(const at::Tensor& pOld, const at::Tensor& pNew);

/// Mean over rows, z of the student and z' of the teacher, of
/// Cosine: −⟨z, z'⟩_Q / (√(⟨z, z⟩_Q ⟨z', z'⟩_Q) + 1e-12), in [−1, 1], −1 where both agree;
/// Mahalanobis: +⟨z − z', z − z'⟩_Q, at least 0, 0 where both agree, no further normalisation.
/// d is the smaller of the two subspaces'. Gradient: into the student's features; `Full` also
/// through its subspace, finite unless singular values tie at the cut.
/// CHECK: both subspaces were found. @return no dimensions
at::Tensor geodesicLoss(const FeatureSubspace& student, const FeatureSubspace& teacher,
                        const GeodesicOptions& options);

} // namespace clwb::losses
