// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what a run forgot can be looked at: that needs more than its metrics.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/store/project.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace clwb::ui
{

/// What a project keeps of a run after training.
struct KeptDetails
{
    bool hasRanks = false;       ///< what it ranked for the queries
    bool hasPredictions = false; ///< of the pictures of the study's own classes
};

/// Reader's thread. Errors: as detailIndex().
Result<KeptDetails> readKeptDetails(const store::Project& project, int64_t runId);
/// What the Retrieval page is asked for to show the queries that a run lost, after its last session
/// or after another one: requestPage("retrieval", …).
Json lostQueriesOf(int64_t runId, std::optional<int> session = {});
/// From the row alone: whether ranks of it can be kept at all.
bool mayKeepRanks(const store::RunRow& row);
/// Likewise for predictions.
bool mayKeepPredictions(const store::RunRow& row);

/// Why such a run's ranks or predictions can't be looked at, although it has the metrics.
QString whyNoDetails(const store::RunRow& row);
/// Why a run of which no ranks can be kept has no lost queries.
QString whyNeverLost(const store::RunRow& row);
/// Why nothing that lies in a run's folder can be opened; empty: it has a folder, or is reported.
QString whyNoFolder(const store::RunRow& row);

} // namespace clwb::ui
