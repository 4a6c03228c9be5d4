// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run will take, from how long those like it took in the project.
#pragma once

#include "core/base/error.h"
#include "core/spec/run_spec.h"
#include "core/store/project.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// Equal for runs that take equally long: settings without effect on time are left out.
std::string costClass(const spec::RunSpec& spec);

/// What is to be done in the run to come.
struct PlannedWork
{
    int64_t steps = 0;
    int64_t evaluations = 0;
    bool isBranch = false; ///< it goes on from another run
};

struct EarlierTimes
{
    int runs = 0;       ///< how many are told from
    double seconds = 0; ///< the run to come, by the middle one of them
    double least = 0;   ///< by the quickest and by the slowest
    double most = 0;
};

/// Those of the rows whose run may be like this one, the newest first, as far as rows tell; a
/// hundred at most.
/// @param rows by run_id
std::vector<store::RunRow> candidatesLike(const std::vector<store::RunRow>& rows,
                                          const spec::RunSpec& spec);

/// From the newest finished runs of the same study, model, method and settings (epochs, seed and
/// what has no effect on time may differ) that were trained without a break: the mean time of
/// their steps but for odd ones, and what they spent on everything else. Nothing where there are
/// none.
/// @param candidates as candidatesLike() gives them
/// Errors: Corrupt, Locked. Cost: reads the settings of the candidates and the steps of at most
/// five of them.
Result<std::optional<EarlierTimes>> timesOfEarlierRuns(const store::Project& project,
                                                       const std::vector<store::RunRow>& candidates,
                                                       const spec::RunSpec& spec,
                                                       const PlannedWork& work);

} // namespace clwb::run
