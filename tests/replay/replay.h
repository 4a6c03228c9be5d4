// SPDX-License-Identifier: GPL-3.0-or-later
// Replays a run of `clwb` from its trace alone, by the formulas of the specification, and says what
// differs. Shares no mathematics with core.
#pragma once

#include "tests/replay/findings.h"
#include "tests/replay/study_file.h"

#include <filesystem>
#include <string>

namespace clwb::replay
{

/// How exactly the replay computes.
enum class Precision {
    Double,
    Single, ///< half the memory and time; for models of real size
};

struct ReplayRequest
{
    std::filesystem::path model;  ///< directory of the start model
    std::filesystem::path folder; ///< the run's files
    std::string trace;            ///< content of the trace
    Precision precision = Precision::Double;
};

/// Checks that the trace is complete and consistent; that its losses, rates and logit scales are
/// those of the replay's own path through weight space; that the written models are what that path
/// leads to, frozen tensors bit for bit; and that its evaluation records are those of these models.
/// @param study of the run; shared by the replays of several runs
/// @return everything that differs
/// Errors: Usage, Data: something is missing or damaged, so that a replay is impossible.
Result<Findings> replayRun(const ReplayRequest& request, StudyData& study);

} // namespace clwb::replay
