// SPDX-License-Identifier: GPL-3.0-or-later
// The activations of CLIP's MLPs: x·σ(1.702x), and the exact GELU.
#pragma once

#include "core/weights/clip_config.h"

#include <ATen/core/Tensor.h>

namespace clwb::model
{

/// QuickGELU x·σ(1.702x) or erf-GELU. @param x any shape, floating point.
/// Gradient: flows into x. QuickGELU is computed through fused kernels; the tests compare it with
/// the plain expression.
at::Tensor activate(const at::Tensor& x, weights::Activation activation);

/// The definition, kept as reference.
at::Tensor quickGeluPlain(const at::Tensor& x);

} // namespace clwb::model
