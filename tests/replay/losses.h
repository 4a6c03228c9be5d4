// SPDX-License-Identifier: GPL-3.0-or-later
// The losses of algorithms.md §5 as its formulas say them, without any rearrangement for speed.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::replay
{

/// mean of −log softmax(logits)[label]. @param logits [B, K] @param labels [B] int64
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels);

/// §5.2, T² included. @param teacher, student [B, K] logits, τ·cos
/// @param direction teacher_to_student | reverse_kl | paper_literal
at::Tensor distillation(const at::Tensor& teacher, const at::Tensor& student,
                        const std::string& direction, double temperature);

/// Settings of §5.4.
struct GeodesicSettings
{
    int64_t maxDim = 0;    ///< 0: auto
    std::string centring;  ///< none | feature_mean | per_sample
    std::string objective; ///< cosine | mahalanobis
    bool isFullGradient = false;
};

/// The least number of rows for which §5.4 computes a term.
inline constexpr int64_t kGeodesicRows = 4;

/// §5.4 by Eq. 7 itself: Q = ∫₀¹ Φ(t)Φ(t)ᵀ dt along the geodesic between the two subspaces, by
/// Gauss–Legendre with 40 points, in double. The gradient flows into `student` only; the one
/// through Q, where asked for, is found by central differences.
/// @param teacher, student [n, D], rows of length 1, n ≥ kGeodesicRows
at::Tensor geodesic(const at::Tensor& teacher, const at::Tensor& student,
                    const GeodesicSettings& settings);

/// Nodes and weights of Gauss–Legendre quadrature on [0, 1].
struct Quadrature
{
    std::vector<double> nodes;
    std::vector<double> weights;
};
Quadrature gaussLegendre(int points);

} // namespace clwb::replay
