// SPDX-License-Identifier: GPL-3.0-or-later
// MODEL|RUN of the command line: a model on disk, a run's final model, or RUN@S.
#pragma once

#include "app/cli/command.h"
#include "core/run/kept_model.h"

#include <optional>
#include <string>

namespace clwb::cli
{

/// RUN or RUN@S of the project.
struct RunAt
{
    store::RunRow row;
    std::optional<int> session;
    Json spec; ///< resolved
};

/// A path that exists is a model; anything else is a run of the project.
/// Errors: Usage, listing the sessions whose models were kept when the wanted one was not.
Result<run::ModelChoice> chooseModel(const Arguments& arguments, const std::string& word);

/// Errors: Usage: no project, no such run, no session number after @.
Result<RunAt> findRunAt(const Arguments& arguments, const std::string& word);

} // namespace clwb::cli
