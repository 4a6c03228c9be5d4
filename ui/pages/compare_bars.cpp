// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Bars: chosen metrics of every configuration.
#include "ui/bridge/qt_text.h"
#include "ui/models/parameter_table.h"
#include "ui/pages/compare_tab.h"
#include "ui/plots/bars_plot.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

class BarsTab : public CompareTab
{
public:
    BarsTab(AppState& state, QWidget* parent);
    Figure mainFigure() override { return m_plot->figure(); }

protected:
    void refresh() override
    {
        if (hasComparison())
            m_plot->setData(barsOf(comparison(), m_columns));
    }

private:
    void fillMenu();

    Card* m_card;
    BarsPlot* m_plot;
    QMenu* m_menu = nullptr;
    QStringList m_columns;
};

BarsTab::BarsTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_card(new Card(tr("Metrics"),
                      tr("after the last session, test split; whiskers: ± std over seeds"), this))
    , m_plot(new BarsPlot(u"compare.bars"_s, m_card))
    , m_columns(state.settings()
                    .value(u"compare/metrics"_s,
                           QStringList{u"UT-Acc"_s, u"ZS-Acc"_s, u"A-Acc"_s, u"Bwt"_s})
                    .toStringList())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card);
    QToolButton* metrics = makeMenuButton(u"compare.metrics"_s, tr("Metrics"), m_card);
    m_menu = new QMenu(metrics);
    metrics->setMenu(m_menu);
    fillMenu();
    m_card->header()->addWidget(metrics);
    addExport(*m_card, u"compare.export.bars"_s, tr("bars"), [this] { return m_plot->figure(); });
    m_plot->setSettings(&state.settings());
    m_card->body()->addWidget(m_plot, 1);
    connect(m_plot, &BarsPlot::seriesClicked, this, &CompareTab::toggled);
    connect(m_plot, &BarsPlot::seriesDoubleClicked, this, &CompareTab::soloed);
}

void BarsTab::fillMenu()
{
    for (const ComparedMetric& metric : comparedMetrics()) {
        QAction* action = m_menu->addAction(metric.title);
        action->setToolTip(metric.definition);
        action->setCheckable(true);
        const QString column = toQt(metric.column);
        action->setChecked(m_columns.contains(column));
        connect(action, &QAction::toggled, this, [this, column](bool isOn) {
            // In the order of the menu, whatever the order of the clicks.
            QStringList columns;
            for (const ComparedMetric& known : comparedMetrics()) {
                const QString name = toQt(known.column);
                if (name == column ? isOn : m_columns.contains(name))
                    columns << name;
            }
            m_columns = columns;
            state().settings().setValue(u"compare/metrics"_s, m_columns);
            refresh();
        });
    }
    m_menu->setToolTipsVisible(true);
}

} // namespace

CompareTab* makeBarsTab(AppState& state, QWidget* parent)
{
    return new BarsTab(state, parent);
}

} // namespace clwb::ui
