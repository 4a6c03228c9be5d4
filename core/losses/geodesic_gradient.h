// SPDX-License-Identifier: GPL-3.0-or-later
// The geodesic-flow kernel with a gradient into the student's subspace (register row A15, `full`).
#pragma once

#include "core/losses/geodesic_flow.h"

namespace clwb::losses
{

/// The kernel of the first `dim` directions, equal to geodesicKernel()'s in value, with gradient
/// into student.centred. The derivatives are those of the subspaces, in which the differences of
/// singular values inside a subspace cancel: automatic differentiation of the two decompositions
/// divides by them and gives NaN where student and teacher agree, as at each session's first step.
/// @param pOld [D, dim] orthonormal columns, constant
GeodesicKernel differentiableKernel(const at::Tensor& pOld, const FeatureSubspace& student,
                                    int64_t dim);

} // namespace clwb::losses
