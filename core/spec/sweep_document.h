// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep file out of resolved trials, for a project that has them without the file they came from.
#pragma once

#include "core/base/json.h"
#include "core/spec/sweep.h"

#include <string>
#include <vector>

namespace clwb::spec
{

/// A document that resolveSweep() reads as exactly these trials, numbers and names included, from
/// whatever folder: what all of them share is its `base`, the rest its `list`. Where numbers are
/// missing it repeats a trial, which the reader leaves out.
/// @param trials resolved, by number from 1, at least one
/// Errors: Data when the document would come to other trials.
Result<Json> sweepDocument(const std::string& name, OnFailure onFailure,
                           const std::vector<Trial>& trials);

} // namespace clwb::spec
