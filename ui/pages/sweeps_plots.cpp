// SPDX-License-Identifier: GPL-3.0-or-later
// The two plots of the shown sweep: parallel coordinates, and a metric by one setting.
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
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QStackedWidget>
#include <QToolButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QWidget* SweepsPage::makePlots()
{
    auto* card = new Card(this);
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    m_tabs = new Segments(
        u"sweeps.tabs"_s, tr("Plot"),
        {{u"parallel"_s, tr("Parallel coordinates"), tr("A line a trial; drag along an axis")},
         {u"objective"_s, tr("Objective by parameter"), tr("A metric over one setting")}},
        card);
    line->addWidget(m_tabs);
    m_controls = new QStackedWidget(card);
    m_controls->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    line->addWidget(m_controls, 1);
    QToolButton* axes = makeMenuButton(u"sweeps.axes"_s, tr("Axes"), card);
    axes->setAccessibleName(tr("Axes of the plots"));
    axes->setToolTip(tr("Which axes are logarithmic (L in the plot; Shift+L: the parameter of the "
                        "objective)"));
    auto* scales = new QMenu(axes);
    scales->setToolTipsVisible(true);
    connect(scales, &QMenu::aboutToShow, this, [this, scales] { fillScaleMenu(*scales); });
    axes->setMenu(scales);
    line->addWidget(axes);
    card->body()->addLayout(line);
    m_plots = new QStackedWidget(card);
    card->body()->addWidget(m_plots, 1);
    m_parallel = new ParallelPlot(u"sweeps.parallel"_s, m_plots);
    m_objective = new ObjectivePlot(u"sweeps.objective"_s, m_plots);
    m_plots->addWidget(m_parallel);
    m_plots->addWidget(m_objective);
    m_parallel->setSettings(&state().settings());
    m_objective->setSettings(&state().settings());
    restoreScales();
    connect(m_parallel, &ParallelPlot::scaleToggled, this, &SweepsPage::toggleScale);
    connect(m_objective, &ObjectivePlot::logarithmicXToggled, this, [this] {
        if (m_setting->currentIndex() >= 0)
            toggleScale(m_setting->currentData().toULongLong());
    });
    connect(m_objective, &ObjectivePlot::logarithmicYToggled, this, [this] {
        if (m_metric->currentIndex() >= 0)
            toggleScale(m_metric->currentData().toULongLong());
    });
    m_controls->addWidget(makeParallelControls(m_controls));
    m_controls->addWidget(makeObjectiveControls(m_controls));
    connect(m_tabs, &Segments::currentChanged, this, &SweepsPage::showTab);
    connect(m_parallel, &ParallelPlot::keptChanged, this, &SweepsPage::showTable);
    connect(m_parallel, &ParallelPlot::pointed, this, &SweepsPage::pointAt);
    connect(m_parallel, &ParallelPlot::activated, this, &SweepsPage::openTrial);
    connect(m_objective, &ObjectivePlot::pointed, this, &SweepsPage::pointAt);
    connect(m_objective, &ObjectivePlot::activated, this, &SweepsPage::openTrial);
    showTab(state().settings().value(u"sweeps/tab"_s).toString());
    return card;
}

QWidget* SweepsPage::makeParallelControls(QWidget* parent)
{
    auto* controls = new QWidget(parent);
    auto* line = new QHBoxLayout(controls);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(10);
    m_notShown = makeElided({}, controls);
    m_notShown->setObjectName(u"sweeps.notShown"_s);
    line->addWidget(m_notShown, 1);
    m_clear = makeLink(u"sweeps.clear"_s, tr("Clear Brushes"), controls);
    m_shareText = makeMuted(tr("all trials"), controls);
    m_share = new QSlider(Qt::Horizontal, controls);
    nameWidget(m_share, u"sweeps.share"_s, tr("Share of the best trials by A-Acc"));
    m_share->setRange(1, 100);
    m_share->setValue(100);
    m_share->setFixedWidth(110);
    line->addWidget(m_clear);
    line->addWidget(m_shareText);
    line->addWidget(m_share);
    connect(m_clear, &QPushButton::clicked, m_parallel, &ParallelPlot::clearBrushes);
    connect(m_share, &QSlider::valueChanged, this, [this](int percent) {
        m_shareText->setText(percent == 100 ? tr("all trials") : tr("best %1 %").arg(percent));
        m_parallel->setShare(percent / 100.0);
    });
    return controls;
}

QWidget* SweepsPage::makeObjectiveControls(QWidget* parent)
{
    auto* controls = new QWidget(parent);
    auto* line = new QHBoxLayout(controls);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_counts = makeElided({}, controls);
    m_counts->setObjectName(u"sweeps.counts"_s);
    line->addWidget(m_counts, 1);
    const auto add = [&](const QString& name, const QString& title, const QString& key) {
        auto* combo = new QComboBox(controls);
        nameWidget(combo, name, title);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        connect(combo, &QComboBox::activated, this, [this, key, combo] {
            rememberChoice(key, combo);
            showObjective();
        });
        return combo;
    };
    m_metric = add(u"sweeps.metric"_s, tr("Objective"), u"sweeps/metric"_s);
    m_setting = add(u"sweeps.setting"_s, tr("Parameter"), u"sweeps/setting"_s);
    line->addWidget(m_metric);
    line->addWidget(makeMuted(tr("by"), controls));
    line->addWidget(m_setting);
    return controls;
}

void SweepsPage::showTab(const QString& id)
{
    const bool isObjective = id == "objective"_L1;
    m_tabs->setCurrent(isObjective ? u"objective"_s : u"parallel"_s);
    m_controls->setCurrentIndex(isObjective ? 1 : 0);
    m_plots->setCurrentIndex(isObjective ? 1 : 0);
    state().settings().setValue(u"sweeps/tab"_s, m_tabs->current());
}

void SweepsPage::rememberChoice(const QString& key, QComboBox* combo)
{
    state().settings().setValue(key, combo->currentText());
}

void SweepsPage::fillChoices()
{
    const ParallelData& lines = m_parallel->data();
    const auto fill = [&](QComboBox* combo, size_t begin, size_t end, const QString& key,
                          size_t otherwise) {
        const QSignalBlocker blocker(combo);
        bool isSame = static_cast<size_t>(combo->count()) == end - begin;
        for (int at = 0; isSame && at < combo->count(); ++at) {
            const size_t axis = begin + static_cast<size_t>(at);
            isSame = combo->itemData(at).toULongLong() == axis &&
                     combo->itemText(at) == lines.axes[axis].title;
        }
        if (isSame)
            return;
        combo->clear();
        for (size_t at = begin; at < end; ++at)
            combo->addItem(lines.axes[at].title, static_cast<qulonglong>(at));
        const int remembered = combo->findText(state().settings().value(key).toString());
        combo->setCurrentIndex(remembered >= 0 ? remembered : static_cast<int>(otherwise - begin));
    };
    fill(m_setting, 0, lines.settings, u"sweeps/setting"_s, 0);
    fill(m_metric, lines.settings, lines.axes.size(), u"sweeps/metric"_s,
         lines.objective.value_or(lines.settings));
}

void SweepsPage::showObjective()
{
    fillChoices();
    const ParallelData& lines = m_parallel->data();
    ObjectiveData shown;
    if (m_setting->currentIndex() >= 0 && m_metric->currentIndex() >= 0) {
        shown = objectiveOf(lines, m_setting->currentData().toULongLong(),
                            m_metric->currentData().toULongLong(), m_parallel->kept());
    } else { // what is missing says the plot
        shown.metric = m_metric->currentText();
        shown.setting.title = m_setting->currentText();
        for (const ParallelLine& line : lines.lines) {
            shown.failed += line.hasFailed ? 1 : 0;
            shown.unfinished += !line.hasFailed && !line.hasResult ? 1 : 0;
        }
    }
    m_counts->setText(countsText(shown));
    m_counts->setToolTip(m_counts->text());
    m_objective->setData(std::move(shown));
    m_notShown->setText(notShownText(lines));
    m_notShown->setToolTip(m_notShown->text());
}

} // namespace clwb::ui
