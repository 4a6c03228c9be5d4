// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation records (interfaces.md §6) counted anew, and their derived numbers.
#pragma once

#include "tests/replay/clip.h"
#include "tests/replay/findings.h"
#include "tests/replay/study_file.h"
#include "tests/replay/trace_file.h"

namespace clwb::replay
{

/// The model that a record is about.
struct Judged
{
    const Clip& clip;
    const Tensors& weights;
    /// Two cosines that differ by less may come in either order: rounding, or how well the weights
    /// are known.
    double margin = 0;
};

/// Counts and ranks of a record against those of the model; an item may differ only where two of
/// its candidates lie within the margin.
/// @param what parts that the run was asked for, `evaluate.what`
/// @param shuffleSeeds of the part `shuffle`
/// Errors: Data: a list of the study cannot be made.
Result<void> checkCounts(const EvalLine& line, const Judged& judged,
                         const std::vector<std::string>& what,
                         const std::vector<int64_t>& shuffleSeeds, StudyData& study,
                         Findings& findings);

/// Accuracies, means and recalls from the record's own counts and ranks, to rounding.
/// @param sessionOfClass 1-based, of the study
void checkFormulas(const EvalLine& line, const std::string& setting,
                   const std::vector<std::string>& classes, const std::vector<int>& sessionOfClass,
                   Findings& findings);

} // namespace clwb::replay
