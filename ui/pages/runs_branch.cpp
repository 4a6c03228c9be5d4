// SPDX-License-Identifier: GPL-3.0-or-later
// Branching of a stored run: which of its sessions the new run goes on from.
#include "core/run/kept_model.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/kept_details.h"
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"

#include <QInputDialog>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void RunsPage::askForBranch(const store::RunRow& run)
{
    // On the reader's thread: the folder may lie on a slow disk.
    state().reader()->ask(
        this,
        [row = run](store::Project&) { return Result<std::vector<int>>(run::keptSessions(row)); },
        [this, id = run.runId, sessions = run.sessions,
         whyNot = whyNoFolder(run)](const Result<std::vector<int>>& kept) {
            if (!kept) {
                state().reportProblem(tr("Run #%1 could not be read").arg(id),
                                      errorText(kept.error()));
                return;
            }
            if (kept->empty()) {
                state().reportProblem(
                    tr("Run #%1 has no model to go on from").arg(id),
                    !whyNot.isEmpty()
                        ? whyNot
                        : tr("Neither its folder nor its start model is there. Models of sessions "
                             "are kept where the run's setting “Models kept” is “all”."));
                return;
            }
            // After its last session nothing is left to train.
            std::vector<int> places = *kept;
            std::erase_if(places, [&](int session) { return session >= sessions; });
            if (places.empty()) {
                state().reportProblem(
                    tr("Run #%1 has no session left to branch from").arg(id),
                    tr("Only the model after its last session is there. Models of earlier sessions "
                       "are kept where the run's setting “Models kept” is “all”."));
                return;
            }
            QStringList names;
            for (const int session : places)
                names << sessionPlaceText(session);
            auto* dialog = new QInputDialog(this);
            dialog->setObjectName(u"runs.branchDialog"_s);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setWindowTitle(tr("Branch Run #%1").arg(id));
            // Why there is so little to choose from, and what to do about it next time.
            const bool isOnlyStart = places.size() == 1 && places.front() == 0;
            dialog->setLabelText(
                isOnlyStart && !whyNot.isEmpty()
                    ? tr("Go on from the model before training.\n%1")
                          .arg(QString(whyNot).replace(u". "_s, u".\n"_s))
                : isOnlyStart ? tr("Go on from its state. Only the model before training is there: "
                                   "those after sessions\nare kept by runs whose setting “Models "
                                   "kept” is “all”.")
                              : tr("Go on from its state"));
            dialog->setComboBoxItems(names);
            dialog->setTextValue(names.last());
            dialog->setOkButtonText(tr("Branch…"));
            connect(dialog, &QInputDialog::textValueSelected, this,
                    [this, id, names, places](const QString& name) {
                        const qsizetype at = names.indexOf(name);
                        if (at >= 0)
                            state().requestPage(
                                u"new_run"_s,
                                Json{{"branch", {{"run", id}, {"session", places[at]}}}});
                    });
            dialog->open();
        });
}

} // namespace clwb::ui
