// SPDX-License-Identifier: GPL-3.0-or-later
// The retrieval part of an evaluation record.
#pragma once

#include "tests/replay/evaluation.h"

namespace clwb::replay
{

/// Ranks of every set of the study (algorithms.md §6.5), plain and shuffled.
/// @param withPlain whether the captions as they are were asked for
/// @param seeds     of the shuffles that were asked for
Result<void> checkRetrieval(const EvalLine& line, const Judged& judged, bool withPlain,
                            const std::vector<int64_t>& seeds, StudyData& study,
                            Findings& findings);

} // namespace clwb::replay
