// SPDX-License-Identifier: GPL-3.0-or-later
// What a click on a point of the curves offers: the model that the run had there.
#include "core/run/kept_model.h"
#include "core/store/details.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/kept_details.h"
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"

#include <QDesktopServices>
#include <QMenu>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// What is known of the model behind a point.
struct PointModel
{
    store::RunRow run;
    int session = 0;
    QString path;           ///< empty: not kept
    QString whyNot;         ///< in words
    bool hasRanked = false; ///< what it ranked for the queries is stored
};

Result<PointModel> readPointModel(const store::Project& project, int64_t runId, int session)
{
    PointModel model;
    CLWB_ASSIGN(model.run, project.run(runId));
    model.session = session;
    CLWB_ASSIGN(const Json spec, project.resolvedSpec(runId));
    const Result<run::ModelChoice> choice = run::chooseModelOfRun(model.run, spec, session);
    if (choice)
        model.path = toQt(choice->path);
    else if (model.whyNot = whyNoFolder(model.run); model.whyNot.isEmpty())
        model.whyNot = toQt(choice.error().message);
    CLWB_ASSIGN(const store::DetailIndex index, store::detailIndex(project, runId));
    model.hasRanked =
        std::any_of(index.retrieval.begin(), index.retrieval.end(),
                    [&](const store::RetrievalEntry& entry) { return entry.session == session; });
    return model;
}

/// Why the queries that were lost at a point cannot be shown.
QString whyNoLostQueries(const PointModel& model)
{
    const store::RunRow& run = model.run;
    if (run.isPathPoint())
        return whyNeverLost(run);
    if (model.session <= 0)
        return LivePage::tr("Before training nothing is lost yet");
    if (run.status == "finished" && !mayKeepRanks(run))
        return whyNeverLost(run);
    if (mayKeepRanks(run) && model.session == run.lastSession)
        return whyNoDetails(run);
    return LivePage::tr("What was ranked for the queries is kept before training and at the end of "
                        "a run");
}

} // namespace

void LivePage::onPointClicked(const QString& id, double session, const QPoint& position)
{
    bool isNumber = false;
    const qint64 runId = id.toLongLong(&isNumber);
    if (!isNumber || std::floor(session) != session) // between sessions no model is kept
        return;
    state().reader()->ask(
        this,
        [runId, at = static_cast<int>(session)](store::Project& project) {
            return readPointModel(project, runId, at);
        },
        [this, position](Result<PointModel> model) {
            if (!model) {
                state().reportProblem(tr("The run could not be read"), errorText(model.error()));
                return;
            }
            auto* menu = new QMenu(this);
            menu->setObjectName(u"live.point"_s);
            menu->setAttribute(Qt::WA_DeleteOnClose);
            menu->setToolTipsVisible(true);
            QAction* heading = menu->addAction(
                u"#%1 · %2"_s.arg(model->run.runId).arg(sessionPlaceText(model->session)));
            heading->setEnabled(false);
            menu->addSeparator();
            const bool hasModel = !model->path.isEmpty();
            const auto add = [&](const QString& text, bool isEnabled, auto act) {
                QAction* action = menu->addAction(text, this, act);
                action->setEnabled(isEnabled);
                action->setToolTip(hasModel ? QString() : model->whyNot);
            };
            const int64_t run = model->run.runId;
            add(tr("Branch From Here…"), hasModel && model->run.kind == "method",
                [this, run, at = model->session] {
                    state().requestPage(u"new_run"_s,
                                        Json{{"branch", {{"run", run}, {"session", at}}}});
                });
            add(tr("Open Model Folder"), hasModel,
                [path = model->path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
            QAction* lost = menu->addAction(
                tr("Show Lost Queries of This Session"), this, [this, run, at = model->session] {
                    state().requestPage(u"retrieval"_s, lostQueriesOf(run, at));
                });
            lost->setEnabled(model->hasRanked && model->session > 0);
            if (!lost->isEnabled())
                lost->setToolTip(whyNoLostQueries(*model));
            add(tr("Show in Runs"), true, [this, run] {
                state().requestPage(u"runs"_s, Json{{"run", run}});
            });
            menu->popup(position);
        });
}

} // namespace clwb::ui
