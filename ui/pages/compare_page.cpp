// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the Compare page, its tabs and what its list does.
#include "ui/pages/compare_page.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/candidate_model.h"
#include "ui/models/compared_list_model.h"
#include "ui/models/run_name.h"
#include "ui/pages/compare_tab.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/colour_menu.h"
#include "ui/widgets/compared_list.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/run_picker.h"
#include "ui/widgets/segments.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PageInfo describe_compare_page();
PageInfo describe_compare_page()
{
    const auto tr = [](const char* text) { return ComparePage::tr(text); };
    return {
        u"compare"_s,
        ComparePage::tr("Compare"),
        40,
        {{u"compare.add"_s, u"run"_s, tr("C&hoose Runs to Compare…"), u"Ctrl+Shift+A"_s,
          tr("Add runs to the comparison, or take some out"), true},
         {u"compare.showAll"_s, u"view"_s, tr("Show All &Compared Runs"), u"Ctrl+Shift+H"_s,
          tr("Show every run of the comparison again")}},
        [](AppState& state, QWidget* parent) -> Page* { return new ComparePage(state, parent); }};
}

ComparePage::ComparePage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_model(new ComparedListModel(this))
    , m_comparison(std::make_shared<Comparison>())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack);
    m_content = new QWidget(m_stack);
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(makeSide());
    row->addWidget(makeMain(), 1);
    makeEmptyStates();
    for (QWidget* widget :
         {static_cast<QWidget*>(m_noProject), static_cast<QWidget*>(m_noRuns), m_content})
        m_stack->addWidget(widget);
    connect(&state, &AppState::projectChanged, this, &ComparePage::onProjectChanged);
    connect(&state, &AppState::runsChanged, this, [this] {
        m_isStale = true;
        if (isVisible()) // otherwise when it is shown
            refresh();
        showContentOrReason();
    });
    connect(&state.looks(), &RunLooks::changed, this, &ComparePage::applyLooks);
    connect(&state.queue(), &RunQueue::runKnown, this, [this](qint64 run) {
        if (std::find(m_made.begin(), m_made.end(), run) == m_made.end())
            m_made.push_back(run);
    });
    showTab(state.settings().value(u"compare/tab"_s, u"curves"_s).toString());
    onProjectChanged();
}

QWidget* ComparePage::makeSide()
{
    auto* card = new Card(m_content);
    m_side = card;
    card->body()->setContentsMargins(6, 12, 6, 8);
    card->body()->setSpacing(6);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(8, 0, 4, 0);
    header->addWidget(makeTitle(tr("Compare"), card), 1);
    QPushButton* add = makeButton(u"compare.add"_s, tr("Choose…"), card);
    add->setAccessibleName(tr("Choose runs to compare"));
    add->setToolTip(tr("Add runs to the comparison, or take some out (Ctrl+Shift+A)"));
    connect(add, &QPushButton::clicked, this, &ComparePage::openPicker);
    header->addWidget(add);
    card->body()->addLayout(header);
    m_list = new ComparedList(m_model, card);
    card->body()->addWidget(m_list, 1);
    m_note = makeMuted({}, card);
    m_note->setWordWrap(true);
    m_note->setContentsMargins(8, 0, 8, 0);
    card->body()->addWidget(m_note);
    m_showAll = makeLink(u"compare.showAll"_s, tr("Show All"), card);
    connect(m_showAll, &QPushButton::clicked, this, &ComparePage::showAll);
    card->body()->addWidget(m_showAll, 0, Qt::AlignLeft);
    m_replaced = makeLink(u"compare.replaced"_s, {}, card);
    m_replaced->setAccessibleName(tr("Runs of a seed that was trained twice"));
    connect(m_replaced, &QPushButton::clicked, this, [this] {
        std::vector<int64_t> runs;
        for (const ComparedEntry& entry : m_comparison->entries) {
            for (const report::ReplacedRun& run : entry.replaced) {
                for (const int64_t id : {run.runId, run.countedRun}) {
                    if (std::find(runs.begin(), runs.end(), id) == runs.end())
                        runs.push_back(id);
                }
            }
        }
        state().requestPage(u"runs"_s, Json{{"runs", runs}});
    });
    card->body()->addWidget(m_replaced, 0, Qt::AlignLeft);
    connect(m_list, &ComparedList::toggled, this, &ComparePage::toggle);
    connect(m_list, &ComparedList::soloed, this, &ComparePage::solo);
    connect(m_list, &ComparedList::removed, this, &ComparePage::remove);
    connect(m_list, &ComparedList::menuRequested, this, &ComparePage::showEntryMenu);
    return card;
}

void ComparePage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    // In a small window plots go first.
    m_side->setFixedWidth(std::clamp(width() / 5, textScaled(*this, 204), textScaled(*this, 248)));
}

QWidget* ComparePage::makeMain()
{
    auto* main = new QWidget(m_content);
    auto* column = new QVBoxLayout(main);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    m_segments = new Segments(
        u"compare.tabs"_s, tr("View"),
        {{u"curves"_s, tr("Curves"), tr("UT-, ZS- and A-Acc by session")},
         {u"options"_s, tr("Fig. 4"), tr("UT- and ZS-Acc by session, each option in a column")},
         {u"tradeoff"_s, tr("Trade-off"), tr("What was kept against what was learned")},
         {u"bars"_s, tr("Bars"), tr("Metrics after the last session")},
         {u"matrix"_s, tr("Matrix"), tr("Session matrices of two configurations")},
         {u"classes"_s, tr("Classes"), tr("Which classes gained and lost")},
         {u"parameters"_s, tr("Parameters"), tr("How the configurations differ")}},
        main);
    m_news = new Banner(u"compare.news"_s, main);
    connect(m_news, &Banner::closed, this, [this] {
        // Only what it told of: other runs of this window may still train.
        std::erase_if(m_made, [this](int64_t run) {
            return std::find(m_told.begin(), m_told.end(), run) != m_told.end();
        });
        m_told.clear();
    });
    column->addWidget(m_news);
    column->addWidget(m_segments);
    m_tabStack = new QStackedWidget(main);
    column->addWidget(m_tabStack, 1);
    addTab(u"curves"_s, makeCurvesTab(state(), m_tabStack));
    addTab(u"options"_s, makeOptionsTab(state(), m_tabStack));
    addTab(u"tradeoff"_s, makeTradeOffTab(state(), m_tabStack));
    addTab(u"bars"_s, makeBarsTab(state(), m_tabStack));
    addTab(u"matrix"_s, makeMatrixTab(state(), m_tabStack));
    addTab(u"classes"_s, makeClassesTab(state(), m_tabStack));
    addTab(u"parameters"_s, makeParametersTab(state(), m_tabStack));
    connect(m_segments, &Segments::currentChanged, this, [this](const QString& id) {
        state().settings().setValue(u"compare/tab"_s, id);
        showTab(id);
    });
    return main;
}

void ComparePage::makeEmptyStates()
{
    m_noProject = new EmptyState(u"compare.noProject"_s, tr("No project is open"),
                                 tr("Runs of a project are compared here."), m_stack);
    m_noRuns = new EmptyState(u"compare.noRuns"_s, tr("Nothing to compare yet"),
                              tr("Evaluated runs are compared here: what each learned, what it "
                                 "forgot, and which setting did best."),
                              m_stack);
    m_nothingChosen =
        new EmptyState(u"compare.nothing"_s, tr("No runs are chosen"),
                       tr("The curves, trade-offs and matrices of the runs you choose will be "
                          "here."),
                       m_tabStack);
    m_allHidden = new EmptyState(u"compare.hidden"_s, tr("All runs are hidden"),
                                 tr("Click a run at the left, or show them all."), m_tabStack);
    m_tabStack->addWidget(m_nothingChosen);
    m_tabStack->addWidget(m_allHidden);
    const auto addButton = [this](EmptyState& place, const QString& name, const QString& text,
                                  bool isPrimary, auto act) {
        connect(place.addAction(name, text, isPrimary), &QPushButton::clicked, this, act);
    };
    addButton(*m_noProject, u"compare.openProject"_s, tr("Open Project…"), true,
              [this] { state().requestAction(u"file.open"_s); });
    addButton(*m_noRuns, u"compare.newRun"_s, tr("New Run"), true,
              [this] { state().requestPage(u"new_run"_s); });
    addButton(*m_nothingChosen, u"compare.choose"_s, tr("Choose Runs…"), true,
              [this] { openPicker(); });
    addButton(*m_nothingChosen, u"compare.suggest"_s, tr("Suggest Some"), false,
              [this] { setChosen(defaultChoice(state().runs(), m_hashes)); });
    addButton(*m_allHidden, u"compare.unhide"_s, tr("Show All Runs"), true, [this] { showAll(); });
}

void ComparePage::addTab(const QString& id, CompareTab* tab)
{
    m_tabs.insert(id, tab);
    m_tabStack->addWidget(tab);
    connect(tab, &CompareTab::toggled, this, &ComparePage::toggle);
    connect(tab, &CompareTab::soloed, this, &ComparePage::solo);
}

CompareTab* ComparePage::currentTab() const
{
    return m_tabs.value(m_segments->current());
}

void ComparePage::showTab(const QString& id)
{
    m_segments->setCurrent(id);
    showComparison();
}

void ComparePage::showComparison()
{
    const bool isAllHidden = !m_comparison->entries.empty() && m_comparison->shown().empty();
    if (m_comparison->entries.empty())
        m_tabStack->setCurrentWidget(m_nothingChosen);
    else if (isAllHidden)
        m_tabStack->setCurrentWidget(m_allHidden);
    else
        m_tabStack->setCurrentWidget(currentTab());
    // A tab out of sight asks for no room.
    for (int at = 0; at < m_tabStack->count(); ++at) {
        const bool isShown = at == m_tabStack->currentIndex();
        m_tabStack->widget(at)->setSizePolicy(
            isShown ? QSizePolicy::Preferred : QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_nothingChosen->setVisible(m_tabStack->currentWidget() == m_nothingChosen && m_loading == 0);
    m_model->setComparison(m_comparison);
    m_showAll->setVisible(!m_comparison->hidden.empty());
    showReplaced();
    const size_t missing = m_chosen.size() - chosenRows().size();
    QStringList notes;
    if (m_comparison->entries.size() > 1)
        notes << tr("Click hides, double click shows only one");
    if (missing > 0)
        notes << tr("%1 chosen runs are not in the project").arg(missing);
    m_note->setText(notes.join(u'\n'));
    m_note->setVisible(!notes.isEmpty());
    if (!m_comparison->entries.empty() && !isAllHidden)
        currentTab()->setComparison(m_comparison);
    Q_EMIT actionsChanged();
}

void ComparePage::showReplaced()
{
    QStringList lines;
    int64_t count = 0;
    for (const ComparedEntry& entry : m_comparison->entries) {
        for (const std::string& replaced : report::replacedTexts(entry.replaced))
            lines << tr("%1: %2 (n = %3)").arg(entry.label, toQt(replaced)).arg(entry.runs.size());
        count += static_cast<int64_t>(entry.replaced.size());
    }
    m_replaced->setText(countedText(count, tr("%1 Run Not Counted"), tr("%1 Runs Not Counted")));
    lines << tr("A click shows them in Runs, beside those that count");
    m_replaced->setToolTip(lines.join(u'\n'));
    m_replaced->setAccessibleDescription(lines.join(u'\n'));
    m_replaced->setVisible(count > 0);
}

void ComparePage::showEntryMenu(const QString& id, const QPoint& globalPos)
{
    const ComparedEntry* entry = m_comparison->find(id);
    if (!entry)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_comparison->isShown(*entry) ? tr("Hide") : tr("Show"), this,
                    [this, id] { toggle(id); });
    menu->addAction(tr("Show Only This"), this, [this, id] { solo(id); });
    menu->addAction(tr("Show All"), this, &ComparePage::showAll);
    const std::vector<int64_t> runs = entry->runIds();
    menu->addMenu(makeColourMenu(
        entry->ownColour,
        [this, runs](const QColor& colour) { state().looks().setColour(runs, colour); }, menu));
    menu->addSeparator();
    const int64_t run = entry->runs.front().runId;
    if (!entry->isReported)
        menu->addAction(tr("Show in Live"), this, [this, run] {
            state().requestPage(u"live"_s, Json{{"run", run}});
        });
    menu->addAction(runs.size() == 1 ? tr("Show %1 in Runs").arg(runNumber(run))
                                     : tr("Show All %1 in Runs").arg(runs.size()),
                    this, [this, runs] {
                        state().requestPage(u"runs"_s, Json{{"runs", runs}});
                    });
    menu->addSeparator();
    menu->addAction(tr("Take Out of the Comparison"), this, [this, id] { remove(id); });
    menu->popup(globalPos);
}

void ComparePage::openPicker()
{
    if (!state().hasProject())
        return;
    auto* candidates =
        new CandidateModel(state().runs(), m_hashes, m_chosen, state().runDetails().branches);
    candidates->setLooks(&state().looks());
    auto* picker = new RunPicker(candidates, window());
    picker->setAttribute(Qt::WA_DeleteOnClose);
    connect(picker, &RunPicker::chosenChanged, this, &ComparePage::setChosen);
    picker->open();
}

void ComparePage::trigger(const QString& actionId)
{
    if (actionId == "compare.add"_L1)
        openPicker();
    else if (actionId == "compare.showAll"_L1)
        showAll();
}

bool ComparePage::isActionEnabled(const QString& actionId) const
{
    if (actionId == "compare.showAll"_L1)
        return !m_comparison->hidden.empty();
    return state().hasProject();
}

void ComparePage::exportShown()
{
    if (m_tabStack->currentWidget() != currentTab())
        return;
    const auto make = [this] { return currentTab()->mainFigure(); };
    showPlotMenu(make, m_segments->mapToGlobal(QPoint(0, m_segments->height())),
                 &state().settings(), this);
}

bool ComparePage::canCopy() const
{
    return state().hasProject() && m_tabStack->currentWidget() == currentTab();
}

void ComparePage::copyShown()
{
    if (canCopy())
        copyFigure(currentTab()->mainFigure());
}

bool ComparePage::focusFilter()
{
    auto* filter = currentTab()->findChild<QLineEdit*>();
    if (!filter || !filter->isVisible())
        return false;
    filter->setFocus();
    filter->selectAll();
    return true;
}

QString ComparePage::helpText() const
{
    return tr(
        "Runs of the project side by side. Runs that differ by seed only are one line, with "
        "a band of one standard deviation; grey dashed lines are references. Fig. 4 shows WM, IO "
        "and TO side by side; the box beside ZS-Acc chooses what the curves count. At the left, a "
        "click or Space hides a run in all views, a double click or Ctrl+click shows only "
        "it, Del takes it out. Every plot can be saved as PNG, SVG, PDF or CSV with Export "
        "or the right mouse button.");
}

} // namespace clwb::ui
