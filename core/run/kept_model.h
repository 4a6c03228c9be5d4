// SPDX-License-Identifier: GPL-3.0-or-later
// Where the models of a stored run lie: the final one, and those of its sessions that were kept.
#pragma once

#include "core/base/json.h"
#include "core/store/project.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
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

/// Sessions whose models lie in a run's folder, rising; 0, the start model, among them.
std::vector<int> keptSessions(const store::RunRow& row);

/// Sessions behind the model that a run ended with.
int finalSession(const store::RunRow& row);

/// What a stored model lacks on this computer to be asked something new.
enum class Lacking { Nothing, Study, Model };
/// Looks at the disk. @param session 0: the model that the run began with
Lacking lackingToAsk(const store::RunRow& row, int session);

} // namespace clwb::run
