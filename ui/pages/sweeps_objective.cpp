// SPDX-License-Identifier: GPL-3.0-or-later
// The two views of a sweep's results: parallel coordinates, and one result by one setting.
#include "ui/bridge/qt_text.h"
#include "ui/pages/sweeps_page.h"
#include "ui/plots/objective_plot.h"
#include "ui/plots/parallel_plot.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/segments.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void SweepsPage::addPlotViews(Card* card)
{
    m_view = new Segments(
        u"sweeps.view"_s, tr("Plot"),
        {{u"parallel"_s, tr("All Settings"),
          tr("Parallel coordinates: a line a trial; drag along an axis")},
         {u"objective"_s, tr("One Setting"), tr("One result against one setting: a mark a trial")}},
        card);
    card->header()->insertWidget(1, m_view);
    m_views = new QStackedWidget(card);
    m_views->addWidget(m_parallel);
    auto* page = new QWidget(m_views);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    m_result = new QComboBox(page);
    nameWidget(m_result, u"sweeps.result"_s, tr("Result"));
    m_setting = new QComboBox(page);
    nameWidget(m_setting, u"sweeps.setting"_s, tr("Setting"));
    m_leftOut = makeMuted({}, page);
    m_leftOut->setObjectName(u"sweeps.leftOut"_s);
    line->addWidget(m_result);
    line->addWidget(makeMuted(tr("by"), page));
    line->addWidget(m_setting);
    line->addWidget(m_leftOut);
    line->addStretch(1);
    column->addLayout(line);
    m_objective = new ObjectivePlot(u"sweeps.objective"_s, page);
    m_objective->setSettings(&state().settings());
    column->addWidget(m_objective, 1);
    m_views->addWidget(page);
    card->body()->addWidget(m_views, 1);
    connect(m_view, &Segments::currentChanged, this, &SweepsPage::showView);
    for (QComboBox* box : {m_result, m_setting}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        connect(box, &QComboBox::activated, this, &SweepsPage::showObjective);
    }
    connect(m_objective, &ObjectivePlot::pointed, this, &SweepsPage::pointAt);
    connect(m_objective, &ObjectivePlot::activated, this, &SweepsPage::openTrial);
    showView(state().settings().value(u"sweeps/view"_s, u"parallel"_s).toString());
}

QStringList SweepsPage::views() const
{
    return shown() ? QStringList{u"parallel"_s, u"objective"_s} : QStringList();
}

void SweepsPage::showView(const QString& id)
{
    const bool isObjective = id == "objective"_L1;
    m_view->setCurrent(isObjective ? u"objective"_s : u"parallel"_s);
    m_views->setCurrentIndex(isObjective ? 1 : 0);
    state().settings().setValue(u"sweeps/view"_s, id);
}

void SweepsPage::showObjective()
{
    const SweepView* sweep = shown();
    const ParallelData& results = m_parallel->data();
    const size_t settings = sweep ? std::min(variedKeys(*sweep).size(), results.axes.size()) : 0;
    // The choice stays where the next sweep varies the same setting.
    const auto fill = [&results](QComboBox& box, size_t first, size_t last, size_t preferred) {
        const QString wanted = box.currentText();
        const QSignalBlocker blocker(&box);
        box.clear();
        for (size_t axis = first; axis < last; ++axis)
            box.addItem(results.axes[axis].title, static_cast<int>(axis));
        const int known = box.findText(wanted);
        box.setCurrentIndex(known >= 0 ? known : box.findData(static_cast<int>(preferred)));
    };
    fill(*m_setting, 0, settings, 0);
    fill(*m_result, settings, results.axes.size(), results.objective.value_or(settings));
    const bool hasBoth = m_setting->currentIndex() >= 0 && m_result->currentIndex() >= 0;
    m_objective->setVisible(hasBoth);
    if (!hasBoth) {
        m_leftOut->setText(sweep ? tr("No trial has a result yet") : QString());
        return;
    }
    m_objective->setKept(m_parallel->kept());
    m_objective->setData(results, m_setting->currentData().toUInt(),
                         m_result->currentData().toUInt());
    const auto hidden = static_cast<int64_t>(results.lines.size() - m_objective->points().size());
    m_leftOut->setText(hidden > 0 ? countedText(hidden, tr("%1 trial without a value not shown"),
                                                tr("%1 trials without a value not shown"))
                                  : QString());
}

} // namespace clwb::ui
