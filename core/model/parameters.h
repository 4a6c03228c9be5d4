// SPDX-License-Identifier: GPL-3.0-or-later
// A model's tensors by Hugging Face name, and arithmetic on whole sets of them.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::model
{

/// Tensors in bytewise order of their names. Copying the map shares the storage.
using Parameters = std::map<std::string, at::Tensor>;

/// The tensor of that name. CHECK: it exists.
const at::Tensor& parameter(const Parameters& parameters, const std::string& name);

/// Copies the storage of the named tensors; all others stay shared with the source. Used for the
/// teacher: frozen tensors are never copied.
Parameters snapshot(const Parameters& parameters, const std::vector<std::string>& names);

/// (1 − alpha)·before + alpha·after for the named tensors, in float32 on the CPU (§5.6); the other
/// tensors are taken from `after`. alpha = 0 and 1 return the end points bit for bit.
Parameters interpolate(const Parameters& before, const Parameters& after, double alpha,
                       const std::vector<std::string>& names);

/// Σ weights[k]·sets[k] for the named tensors, float32 on the CPU; others from sets.back().
Parameters weightedMean(const std::vector<Parameters>& sets, const std::vector<double>& weights,
                        const std::vector<std::string>& names);

} // namespace clwb::model
