// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/kept_details.h"

#include "core/store/details.h"

#include <algorithm>

namespace clwb::ui
{

namespace
{

bool hasEndedTrained(const store::RunRow& row)
{
    return row.kind == "method" && row.status == "finished" && row.lastSession > 0;
}

} // namespace

Result<KeptDetails> readKeptDetails(const store::Project& project, int64_t runId)
{
    CLWB_ASSIGN(const store::DetailIndex index, store::detailIndex(project, runId));
    KeptDetails kept;
    kept.hasRanks = std::any_of(index.retrieval.begin(), index.retrieval.end(),
                                [](const auto& entry) { return entry.session > 0; });
    kept.hasPredictions =
        std::any_of(index.predictions.begin(), index.predictions.end(),
                    [](const auto& entry) { return entry.session > 0 && entry.part == "ut"; });
    return kept;
}

bool mayKeepRanks(const store::RunRow& row)
{
    return hasEndedTrained(row) && row.metrics.contains("IR@1");
}

bool mayKeepPredictions(const store::RunRow& row)
{
    return hasEndedTrained(row) && row.metrics.contains("UT-Acc (overall)");
}

Json lostQueriesOf(int64_t runId, std::optional<int> session)
{
    Json wish{{"run", runId}, {"show", "lost"}};
    if (session)
        wish["session"] = *session;
    return wish;
}

} // namespace clwb::ui
