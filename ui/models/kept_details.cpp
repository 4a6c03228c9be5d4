// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/kept_details.h"

#include "core/store/details.h"

#include <QCoreApplication>

#include <algorithm>

namespace clwb::ui
{

namespace
{

struct KeptDetailsText
{
    Q_DECLARE_TR_FUNCTIONS(KeptDetails)
};

bool hasEndedTrained(const store::RunRow& row)
{
    return row.kind == "method" && row.status == "finished" && row.lastSession > 0 &&
           !row.isPathPoint();
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

QString whyNoDetails(const store::RunRow& row)
{
    if (!row.folder.empty()) // the runs that come with the program have none
        return KeptDetailsText::tr("The project has the metrics of this run only: it ran with "
                                   "“Details kept: none”, was made by an older version, or was "
                                   "imported. Clone it and run it again to have what it ranks and "
                                   "recognises.");
    return KeptDetailsText::tr("The project has the metrics of this run only: it came with the "
                               "program, or was imported. Runs that are made here keep what they "
                               "ranked and recognised unless they have “Details kept: none”: run "
                               "the demo to have some.");
}

QString whyNeverLost(const store::RunRow& row)
{
    if (row.isPathPoint())
        return KeptDetailsText::tr("A point between two models was not trained: it has no lost "
                                   "queries");
    return KeptDetailsText::tr("Only a finished run that was evaluated on retrieval has lost "
                               "queries");
}

QString whyNoFolder(const store::RunRow& row)
{
    if (!row.folder.empty() || row.status == "reported")
        return {};
    return KeptDetailsText::tr("The models of this run are not in the project: it came with the "
                               "program, or was imported. Runs that are made here have theirs: run "
                               "the demo to have some.");
}

Json lostQueriesOf(int64_t runId, std::optional<int> session)
{
    Json wish{{"run", runId}, {"show", "lost"}};
    if (session)
        wish["session"] = *session;
    return wish;
}

} // namespace clwb::ui
