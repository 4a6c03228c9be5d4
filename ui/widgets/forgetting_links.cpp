// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/forgetting_links.h"

#include "ui/bridge/store_reader.h"
#include "ui/models/image_link.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

ForgettingLinks::ForgettingLinks(AppState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_lost(makeLink(u"inspector.lost"_s, tr("Lost Queries"), this))
    , m_forgotten(makeLink(u"inspector.forgotten"_s, tr("Forgotten Images"), this))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    line->addWidget(m_lost);
    line->addWidget(m_forgotten);
    connect(m_lost, &QPushButton::clicked, this,
            [this, &state] { state.requestPage(u"retrieval"_s, lostQueriesOf(m_run)); });
    connect(m_forgotten, &QPushButton::clicked, this, [this, &state] {
        state.requestPage(u"images"_s,
                          toJson(ImageLink{.run = m_run, .outcome = Outcome::Forgotten}));
    });
}

void ForgettingLinks::showRun(const store::RunRow& row)
{
    m_run = row.runId;
    // A row comes again with every change of the project: it is read once for each state of it.
    const std::string asked = row.uid + ' ' + std::to_string(row.runId) + ' ' + row.status + ' ' +
                              std::to_string(row.lastSession) + ' ' + row.finishedUtc;
    if (asked == m_asked)
        return;
    m_asked = asked;
    const int request = ++m_request;
    m_lacksRanks = false;
    showKept({}, {}, {});
    const KeptDetails possible{mayKeepRanks(row), mayKeepPredictions(row)};
    if (!m_state.reader() || !(possible.hasRanks || possible.hasPredictions))
        return;
    m_state.reader()->ask(
        this, [run = row.runId](store::Project& project) { return readKeptDetails(project, run); },
        [this, request, possible, why = whyNoDetails(row)](const Result<KeptDetails>& kept) {
            if (request != m_request || !kept)
                return; // of damage the reading of the run itself tells
            m_lacksRanks = !kept->hasRanks;
            showKept(possible, *kept, why);
            Q_EMIT keptKnown();
        });
}

bool ForgettingLinks::lacksRanks(int64_t runId) const
{
    return m_run == runId && m_lacksRanks;
}

void ForgettingLinks::showKept(const KeptDetails& possible, const KeptDetails& kept,
                               const QString& whyNot)
{
    m_lost->setVisible(possible.hasRanks);
    m_lost->setEnabled(kept.hasRanks);
    m_lost->setToolTip(kept.hasRanks ? tr("Captions whose image the original model found and this "
                                          "run does not, with what is found instead")
                                     : whyNot);
    m_forgotten->setVisible(possible.hasPredictions);
    m_forgotten->setEnabled(kept.hasPredictions);
    m_forgotten->setToolTip(
        kept.hasPredictions
            ? tr("Test images that the original model recognised and this run does not")
            : whyNot);
}

} // namespace clwb::ui
