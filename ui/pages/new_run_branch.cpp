// SPDX-License-Identifier: GPL-3.0-or-later
// New run as a branch: it goes on from the state of another run after one of its sessions.
#include "ui/bridge/qt_text.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/path_edit.h"
#include "ui/widgets/segments.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QWidget* NewRunPage::makeBranchCard()
{
    m_branchCard = new Card(this);
    auto* line = new QHBoxLayout;
    m_branchText = makeLabel({}, m_branchCard);
    m_branchText->setObjectName(u"new_run.branch"_s);
    m_branchText->setWordWrap(true);
    QPushButton* anew = makeLink(u"new_run.anew"_s, tr("Start From the Beginning"), m_branchCard);
    anew->setToolTip(tr("Makes it a plain copy: a new run with these settings"));
    connect(anew, &QPushButton::clicked, this, [this, anew] {
        noteEdit(anew->text());
        setBranch(std::nullopt);
        formChanged();
    });
    line->addWidget(m_branchText, 1);
    line->addWidget(anew);
    m_branchCard->body()->addLayout(line);
    m_branchCard->hide();
    return m_branchCard;
}

void NewRunPage::setBranch(const std::optional<BranchPlace>& place)
{
    m_branch = place;
    if (place)
        m_form.varyNothing(); // a branch is one run
    m_branchCard->setVisible(place.has_value());
    if (place)
        m_branchText->setText(
            place->session == 0
                ? tr("Goes on from #%1 before its training; study, model and setting stay as they "
                     "were.")
                      .arg(place->runId)
                : tr("Goes on from #%1 after session %2; study, model and setting stay as they "
                     "were.")
                      .arg(place->runId)
                      .arg(place->session));
    const QString why =
        place ? tr("A branch keeps what its first sessions were made of") : QString();
    for (QWidget* part : {static_cast<QWidget*>(m_study), static_cast<QWidget*>(m_model),
                          static_cast<QWidget*>(m_useDemo), static_cast<QWidget*>(m_setting),
                          static_cast<QWidget*>(m_seeds)}) {
        part->setEnabled(!place);
        part->setToolTip(why);
    }
    for (const QString& reference : {u"original"_s, u"joint"_s})
        m_method->setChoiceEnabled(reference, !place);
}

} // namespace clwb::ui
