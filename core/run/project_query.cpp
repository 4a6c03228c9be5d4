// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/project_query.h"

#include "core/data/caption_shuffle.h"
#include "core/run/kept_model.h"

#include <algorithm>

namespace clwb::run
{
namespace
{

Failure changedSet(const LiveQuery& query)
{
    return fail(ErrorCode::Data,
                "the set " + query.setName + " of " + query.study.string() +
                    " is not the one whose results are stored",
                "Evaluate the run again on the study as it is now, or put the study back.");
}

/// The first run whose files answer; the one that was named where none can.
int64_t runToAsk(const store::Project& project, const ProjectQuery& query)
{
    std::vector<int64_t> runs{query.runId};
    if (query.session == 0)
        runs.insert(runs.end(), query.otherRuns.begin(), query.otherRuns.end());
    for (const int64_t run : runs) {
        const auto row = project.run(run);
        if (row && lackingToAsk(*row, query.session) == Lacking::Nothing)
            return run;
    }
    return query.runId;
}

/// Where the set has the picture that a text describes.
std::optional<int64_t> truthOf(const std::vector<store::RetrievalQuery>& pictures,
                               const ProjectQuery& query)
{
    const auto found =
        std::find_if(pictures.begin(), pictures.end(), [&](const store::RetrievalQuery& picture) {
            return query.truthImage == picture.imageId;
        });
    if (!query.picture.empty() || found == pictures.end())
        return {};
    return found->position;
}

Result<LiveQuery> liveQueryOf(const store::Project& project, const ProjectQuery& query)
{
    CLWB_ASSIGN(const store::RunRow row, project.run(query.runId));
    CLWB_ASSIGN(Json spec, project.resolvedSpec(query.runId));
    LiveQuery live;
    live.study = spec.value("study", std::string());
    CLWB_ASSIGN(const ModelChoice choice, chooseModelOfRun(row, std::move(spec), query.session));
    live.model = choice.path;
    for (const auto& [what, path] : {std::pair("model", live.model), {"study", live.study}}) {
        std::error_code error;
        if (path.empty() || !std::filesystem::exists(path, error)) {
            return fail(ErrorCode::Data,
                        std::string("the ") + what + " of run " + std::to_string(query.runId) +
                            " is not at " + (path.empty() ? "any known place" : path.string()),
                        "Stored results are shown without it; put it back to ask something new.");
        }
    }
    live.setName = query.setName;
    live.text = query.text;
    live.picture = query.picture;
    live.fold = query.fold;
    live.best = query.best;
    return live;
}

} // namespace

std::string shuffledQuery(const std::string& text, uint64_t seed)
{
    return data::shuffledCaption(text, seed, 0);
}

Result<std::vector<store::RankedCandidate>>
askProject(const store::Project& project, LiveRetrieval& live, const ProjectQuery& wanted,
           const StopToken& stop, const std::function<void(int64_t, int64_t)>& progress)
{
    ProjectQuery query = wanted;
    query.runId = runToAsk(project, wanted);
    CLWB_ASSIGN(LiveQuery asked, liveQueryOf(project, query));
    // The candidates of a text are the queries of the other direction.
    const auto side =
        query.picture.empty() ? store::Direction::ImageToText : store::Direction::TextToImage;
    CLWB_ASSIGN(const std::vector<store::RetrievalQuery> known,
                store::queries(project, query.runId, query.session, query.setName, side));
    asked.truth = truthOf(known, query);
    CLWB_ASSIGN(const LiveAnswer answer, live.ask(asked, stop, progress));
    if (answer.modelSha256 != query.modelSha256) {
        return fail(ErrorCode::Data,
                    "the model at " + asked.model.string() +
                        " is not the one whose results are stored",
                    "Put the model back that the run used.");
    }
    if (answer.setSize != static_cast<int64_t>(known.size()))
        return changedSet(asked);
    std::vector<store::RankedCandidate> candidates;
    for (const LiveCandidate& found : answer.candidates) {
        const store::RetrievalQuery& place = known[static_cast<size_t>(found.position)];
        if (place.position != found.position ||
            (!query.picture.empty() && !found.name.ends_with(place.text)))
            return changedSet(asked);
        candidates.push_back(
            {found.rank, place.queryId, place.imageId, place.text, found.score, found.isTruth});
    }
    return candidates;
}

} // namespace clwb::run
