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
#include "ui/widgets/empty_state.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>

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
        , m_stack(new QStackedWidget(m_card))
        , m_plot(new TradeOffPlot(u"compare.tradeOff"_s, m_stack))
        , m_empty(new EmptyState(u"compare.noTradeOff"_s,
                                 tr("None of the runs has UT-Acc and ZS-Acc"),
                                 tr("The trade-off needs what a run kept beside what it learned. "
                                    "Choose runs whose study has zero-shot classes and that were "
                                    "evaluated on them, or see the other tabs."),
                                 m_stack))
        , m_notDrawn(makeMuted({}, m_card))
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
        connect(m_empty->addAction(u"compare.tradeOff.choose"_s, tr("Choose Runs…"), true),
                &QPushButton::clicked, this,
                [this] { this->state().requestAction(u"compare.add"_s); });
        m_stack->addWidget(m_plot);
        m_stack->addWidget(m_empty);
        m_card->body()->addWidget(m_stack, 1);
        m_notDrawn->setObjectName(u"compare.notDrawn"_s);
        m_notDrawn->setWordWrap(true);
        m_card->body()->addWidget(m_notDrawn);
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
        const bool isAny = !drawn.points.empty();
        m_card->setSubtitle(isAny ? subtitle : QString());
        m_stack->setCurrentWidget(isAny ? static_cast<QWidget*>(m_plot) : m_empty);
        m_paths->setEnabled(isAny);
        tellNotDrawn(drawn.notDrawn);
        m_plot->setData(std::move(drawn));
    }

    void tellNotDrawn(const QStringList& names)
    {
        constexpr qsizetype kMostNamed = 6;
        QString text = tr("Not drawn: %1").arg(names.mid(0, kMostNamed).join(u", "_s));
        if (names.size() > kMostNamed)
            text += tr(" and %1 more").arg(names.size() - kMostNamed);
        m_notDrawn->setText(text);
        m_notDrawn->setToolTip(names.join(u'\n'));
        m_notDrawn->setVisible(!names.isEmpty());
    }

    Card* m_card;
    QStackedWidget* m_stack;
    TradeOffPlot* m_plot;
    EmptyState* m_empty;
    QLabel* m_notDrawn;
    QCheckBox* m_paths;
    AlphaBar* m_alpha;
};

} // namespace

CompareTab* makeTradeOffTab(AppState& state, QWidget* parent)
{
    return new TradeOffTab(state, parent);
}

} // namespace clwb::ui
