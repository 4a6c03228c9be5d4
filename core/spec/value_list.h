// SPDX-License-Identifier: GPL-3.0-or-later
// Several values of one setting, as people write them into a form.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/spec/param.h"

#include <string_view>
#include <vector>

namespace clwb::spec
{

inline constexpr size_t kMostListedValues = 200;

/// Whether a list or range can be written for the setting: numbers and whole numbers.
bool takesValueList(const ParamDef& param);

/// Values parted by commas, each one of
///   3             a value, or the setting's special word ("auto", "null")
///   1..5          whole numbers, each of them
///   0..1 step 0.25  from the first on, as far as the last
///   0.1..10 in 5  so many, both ends included, evenly spaced: by factors where the setting steps
///                 by factors (ParamDef::logarithmic), rounded to six significant digits
/// CHECK: takesValueList(param).
/// Errors: Usage: what cannot be read, a value out of range or given twice, more than
/// kMostListedValues.
Result<std::vector<Json>> parseValueList(const ParamDef& param, std::string_view text);

} // namespace clwb::spec
