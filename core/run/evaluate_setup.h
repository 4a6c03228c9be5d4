// SPDX-License-Identifier: GPL-3.0-or-later
// What a request to evaluate means for the loader and the evaluator: the same for one model as for
// a path between two.
#pragma once

#include "core/data/dataset.h"
#include "core/eval/evaluator.h"
#include "core/run/evaluate.h"

namespace clwb::run
{

/// What of a study is read.
data::DataNeeds dataNeedsOf(const EvaluateRequest& request);
eval::EvaluatorOptions evaluatorOptionsOf(const EvaluateRequest& request);

} // namespace clwb::run
