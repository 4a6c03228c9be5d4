// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Trade-off: what was learned against what was kept.
#include "ui/models/alpha_path.h"
#include "ui/models/run_name.h"
#include "ui/pages/compare_alpha.h"
#include "ui/pages/compare_tab.h"
#include "ui/plots/trade_off_plot.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

class TradeOffTab : public CompareTab
{
public:
    TradeOffTab(AppState& state, QWidget* parent)
        : CompareTab(state, parent)
        , m_card(new Card(tr("Kept against learned"), {}, this))
        , m_plot(new TradeOffPlot(u"compare.tradeOff"_s, m_card))
        , m_paths(new QCheckBox(tr("Path over sessions"), m_card))
        , m_alpha(new AlphaBar(state, m_card))
    {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(m_card);
        nameWidget(m_paths, u"compare.paths"_s, tr("Path over sessions"));
        m_paths->setToolTip(tr("Where each configuration stood after every session, instead of "
                               "one arrow from the model before training"));
        m_paths->setChecked(state.settings().value(u"compare/paths"_s, false).toBool());
        connect(m_paths, &QCheckBox::toggled, this, [this](bool isOn) {
            this->state().settings().setValue(u"compare/paths"_s, isOn);
            if (hasComparison())
                draw(tradeOffOf(comparison()));
        });
        m_card->header()->addWidget(m_paths);
        addExport(*m_card, u"compare.export.tradeOff"_s, tr("trade-off"),
                  [this] { return m_plot->figure(); });
        m_plot->setSettings(&state.settings());
        m_card->body()->addWidget(m_plot, 1);
        m_card->body()->addWidget(m_alpha);
        connect(m_alpha, &AlphaBar::moved, m_plot, &TradeOffPlot::setMark);
        connect(m_alpha, &AlphaBar::pathChosen, this, [this] {
            if (hasComparison())
                draw(tradeOffOf(comparison()));
        });
    }

    Figure mainFigure() override { return m_plot->figure(); }
    [[nodiscard]] bool isSettled() const override { return m_alpha->isSettled(); }

protected:
    void refresh() override
    {
        if (!hasComparison())
            return;
        bool hasOwn = false; // a path could be made of
        std::vector<AlphaBar::Choice> choices;
        TradeOffData drawn = tradeOffOf(comparison());
        for (const TradeOffPoint& point : drawn.points) {
            const ComparedEntry* entry = comparison().find(point.id);
            hasOwn |= !entry->isReported && !entry->isReference();
            for (const AlphaPath& path : alphaPaths(state().runs(), entry->runIds()))
                choices.push_back({entry->label + u' ' + runNumber(path.runId), path, point.id});
        }
        m_alpha->setVisible(hasOwn);
        m_alpha->setPaths(std::move(choices));
        draw(std::move(drawn));
    }

private:
    void draw(TradeOffData drawn)
    {
        drawn.hasPaths = m_paths->isChecked();
        bool hasAlphas = false;
        for (TradeOffPoint& point : drawn.points) {
            // One of them: several would tangle.
            const AlphaPath* path = m_alpha->pathOf(point.id);
            if (!path)
                continue;
            for (const PathPoint& at : path->points)
                point.alphas.emplace_back(at.ut, at.zs);
            hasAlphas = true;
        }
        QString subtitle = tr("after the last session, ± std over seeds; dotted: equal A-Acc; wide "
                              "line: nobody is better in both");
        if (hasAlphas)
            subtitle += tr("; dash-dotted: weights between before and after (α)");
        m_card->setSubtitle(subtitle);
        m_plot->setData(std::move(drawn));
    }

    Card* m_card;
    TradeOffPlot* m_plot;
    QCheckBox* m_paths;
    AlphaBar* m_alpha;
};

} // namespace

CompareTab* makeTradeOffTab(AppState& state, QWidget* parent)
{
    return new TradeOffTab(state, parent);
}

} // namespace clwb::ui
