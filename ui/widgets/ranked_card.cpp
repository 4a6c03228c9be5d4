// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ranked_card.h"

#include "ui/models/query_list_model.h"
#include "ui/models/retrieval_figure.h"
#include "ui/widgets/building.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/ranked_view.h"

#include <QBoxLayout>
#include <QLabel>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

RankedCard::RankedCard(const QString& id, const QString& letter, PictureLoader* pictures,
                       QWidget* parent)
    : Card(parent)
    , m_list(new RankedListModel(this))
    , m_model(new ElidedCombo(this))
    , m_rank(makeLabel({}, this))
    , m_change(makeLabel({}, this))
    , m_problem(makeLabel({}, this))
    , m_view(new RankedView(m_list, pictures, u"retrieval.candidates."_s + id,
                            tr("Candidates of model %1").arg(letter), this))
{
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(makeHeading(letter, this));
    nameWidget(m_model, u"retrieval.model."_s + id, tr("Model %1").arg(letter));
    m_model->setMinimumContentsLength(12);
    m_model->setMaximumWidth(460);
    m_model->setMaxVisibleItems(20);
    line->addWidget(m_model, 4);
    line->addStretch(1);
    nameWidget(m_rank, u"retrieval.rank."_s + id, tr("Rank of the truth of model %1").arg(letter));
    nameWidget(m_change, u"retrieval.change."_s + id, tr("Change of the rank"));
    m_change->setToolTip(tr("Ranks that the truth fell (▼) or rose (▲) by from A to B"));
    line->addWidget(m_rank);
    line->addWidget(m_change);
    body()->addLayout(line);
    nameWidget(m_problem, u"retrieval.problem."_s + id, tr("Why there are no candidates"));
    m_problem->setProperty("problem", true);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->hide();
    body()->addWidget(m_problem);
    body()->addWidget(m_view, 1);
}

void RankedCard::show(const ShownRetrieval& shown, bool isB)
{
    const ShownRetrieval::Side& side = isB ? shown.b : shown.a;
    m_list->setCandidates(side.candidates, shown.areCaptions(), shown.topScore());
    const QString rank = rankText(side.rank);
    m_rank->setText(!side.rank            ? QString()
                    : shown.areCaptions() ? tr("true caption at rank %1").arg(rank)
                                          : tr("true image at rank %1").arg(rank));
    ComparedQuery both;
    both.rankA = shown.a.rank;
    both.rankB = shown.b.rank;
    const auto change = isB ? changeOf(both) : std::nullopt;
    m_change->setText(change ? rankChangeText(change) : QString());
    setStyleFlag(m_change, "problem", change.value_or(0) > 0);
    setStyleFlag(m_change, "good", change.value_or(0) < 0);
    m_change->setVisible(change.has_value());
    m_problem->setText(side.problem);
    m_problem->setVisible(!side.problem.isEmpty());
    m_view->setVisible(side.problem.isEmpty());
}

void RankedCard::clear()
{
    show({}, false);
}

} // namespace clwb::ui
