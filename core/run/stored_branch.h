// SPDX-License-Identifier: GPL-3.0-or-later
// Branching from a run of a project: reads what is known of it, and checks what must stay.
#pragma once

#include "core/run/stored_run.h"
#include "core/spec/run_spec.h"

#include <functional>

namespace clwb::run
{

struct PreparedBranch
{
    spec::RunSpec spec; ///< of the new run; says where it comes from
    BranchStart start;
    std::vector<std::string> warnings;
    bool isComplete = false; ///< the session is the last one: nothing is left to train
};

/// The specification of the new run from the resolved one of the run that is left.
using BranchSpec = std::function<Result<spec::ResolveResult>(const Json& source)>;

/// Everything executeBranch() needs. Writes nothing.
/// @param session finished sessions to keep; 0: the state before training
/// Errors: Usage (the run trained nothing, has not started, kept no model of that session, or the
/// new run would have another study, model, kind or setting); those of openBranch().
Result<PreparedBranch> prepareBranch(const store::Project& project, int64_t runId, int session,
                                     const BranchSpec& makeSpec);

} // namespace clwb::run
