// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/free_queries.h"

#include "core/run/kept_model.h"
#include "core/run/project_query.h"
#include "ui/bridge/qt_text.h"

#include <memory>
#include <mutex>

namespace clwb::gui
{
namespace
{

struct Kept
{
    std::mutex mutex;
    std::filesystem::path folder; ///< of the embeddings
    std::unique_ptr<run::LiveRetrieval> live;
};

Result<ui::RetrieveAnswer> answer(Kept& kept, const ui::RetrieveRequest& request,
                                  const StopToken& stop)
{
    CLWB_ASSIGN(const store::Project project,
                store::Project::open(request.project, store::OpenMode::ReadOnly));
    const std::filesystem::path folder =
        project.runFolder(request.a.runId).parent_path() / "embeddings";
    if (!kept.live || kept.folder != folder) {
        kept.live.reset(); // the memory of its models first
        kept.live = std::make_unique<run::LiveRetrieval>(folder);
        kept.folder = folder;
    }
    ui::RetrieveAnswer answer;
    answer.text =
        request.shuffleSeed ? run::shuffledQuery(request.text, *request.shuffleSeed) : request.text;
    const auto rank = [&](const ui::RetrievalModelPlace& place, ui::RetrieveRanking& ranking) {
        const auto candidates = run::askProject(
            project, *kept.live,
            {place.runId, place.session, place.sha256, request.setName, request.fold, answer.text,
             request.image, request.best, request.truthImage, place.otherRuns},
            stop);
        if (candidates) {
            ranking.candidates = *candidates;
            return;
        }
        ranking.problem = ui::errorText(candidates.error());
        const auto row = project.run(place.runId);
        ranking.lacksModel = row && run::lackingToAsk(*row, place.session) == run::Lacking::Model;
    };
    rank(request.a, answer.a);
    rank(request.b, answer.b);
    return answer;
}

} // namespace

std::function<ui::RetrieveAnswer(const ui::RetrieveRequest&, const StopToken&)> freeQueries()
{
    return [kept = std::make_shared<Kept>()](const ui::RetrieveRequest& request,
                                             const StopToken& stop) {
        const std::lock_guard lock(kept->mutex);
        const Result<ui::RetrieveAnswer> result = answer(*kept, request, stop);
        if (result)
            return *result;
        ui::RetrieveAnswer failed;
        failed.text = request.text;
        failed.a.problem = failed.b.problem = ui::errorText(result.error());
        return failed;
    };
}

} // namespace clwb::gui
