// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a step's gradient each term of the loss makes, measured where the towers end.
#pragma once

#include "core/methods/method.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

namespace clwb::train
{

/// For each computed term the largest, over the feature tensors, of
/// ‖∂(weight·term)/∂features‖ / ‖∂total/∂features‖ (L2); 1 where only the total's is 0.
/// The towers are not walked through, and no gradient is left anywhere: the step that follows is
/// the same to the bit. Cost: one backward pass through the loss per term and one for the total.
/// @param features what the losses are computed from; undefined and constant ones are left out
std::map<std::string, double> gradientShares(const std::vector<methods::NamedLoss>& terms,
                                             const at::Tensor& total,
                                             const std::vector<at::Tensor>& features);

} // namespace clwb::train
