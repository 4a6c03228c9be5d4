// SPDX-License-Identifier: GPL-3.0-or-later
// MODEL|RUN of the command line: a model on disk, a run's final model, or RUN@S.
#pragma once

#include "app/cli/command.h"
#include "core/base/json.h"

#include <filesystem>
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

/// A path that exists is a model; anything else is a run of the project.
/// Errors: Usage, listing the sessions whose models were kept when the wanted one was not.
Result<ModelChoice> chooseModel(const Arguments& arguments, const std::string& word);

} // namespace clwb::cli
