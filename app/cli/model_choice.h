// SPDX-License-Identifier: GPL-3.0-or-later
// MODEL|RUN of the command line: a model on disk, a run's final model, or RUN@S.
#pragma once

#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/store/project.h"

#include <filesystem>
#include <optional>
#include <string>

namespace clwb::cli
{

struct ModelChoice
{
    std::filesystem::path path;
    int finishedSessions = 0;
    std::string setting; ///< of the run; "" for a model that is no run's
    Json spec;           ///< resolved one of the run, null otherwise
};

/// A run's final model, or the one after a session (0: before training).
/// @param spec the run's resolved specification
/// Errors: Usage, listing the sessions whose models were kept.
Result<ModelChoice> chooseModelOfRun(const store::RunRow& row, Json spec,
                                     std::optional<int> session);

/// RUN or RUN@S of the project.
struct RunAt
{
    store::RunRow row;
    std::optional<int> session;
    Json spec; ///< resolved
};

/// A path that exists is a model; anything else is a run of the project.
/// Errors: Usage, listing the sessions whose models were kept when the wanted one was not.
Result<ModelChoice> chooseModel(const Arguments& arguments, const std::string& word);

/// Errors: Usage: no project, no such run, no session number after @.
Result<RunAt> findRunAt(const Arguments& arguments, const std::string& word);

/// Sessions behind the model that a run ended with.
int finalSession(const store::RunRow& row);

} // namespace clwb::cli
