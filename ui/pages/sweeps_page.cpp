// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the Sweeps page and what it shows.
#include "ui/pages/sweeps_page.h"

#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/plots/figure_dialog.h"
#include "ui/plots/objective_plot.h"
#include "ui/plots/parallel_plot.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/row_delegate.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTreeView>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kSweepIdRole = Qt::UserRole + 1;

} // namespace

PageInfo describe_sweeps_page();
PageInfo describe_sweeps_page()
{
    return {
        u"sweeps"_s,
        SweepsPage::tr("Sweeps"),
        90,
        {{u"sweeps.open"_s, u"run"_s, SweepsPage::tr("Open S&weep File…"), u"Ctrl+Shift+O"_s,
          SweepsPage::tr("Start a sweep or search from its file"), true},
         {u"sweeps.continue"_s,
          u"run"_s,
          SweepsPage::tr("Continue Swee&p"),
          {},
          SweepsPage::tr("Run the trials of the shown sweep that are still to do")},
         {u"sweeps.retry"_s,
          u"run"_s,
          SweepsPage::tr("Retry Faile&d Trials"),
          {},
          SweepsPage::tr("Run the failed trials of the shown sweep once more")},
         {u"sweeps.cluster"_s,
          u"run"_s,
          SweepsPage::tr("Hand to Cl&uster…"),
          {},
          SweepsPage::tr("Write a Slurm script that runs the shown sweep, and bring its results "
                         "back")}},
        [](AppState& state, QWidget* parent) -> Page* { return new SweepsPage(state, parent); }};
}

SweepsPage::SweepsPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_listModel(new QStandardItemModel(this))
    , m_tableModel(new DataTableModel(this))
    , m_sorted(new DataSortProxy(this))
    , m_background(new Background(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack);
    m_noProject = new EmptyState(u"sweeps.noProject"_s, tr("No project is open"),
                                 tr("Sweeps and searches of a project are shown here."), m_stack);
    m_noSweeps = new EmptyState(
        u"sweeps.empty"_s, tr("No sweeps yet"),
        tr("A sweep trains one run for each of several values of a setting, such as β = 0.1, 1 "
           "and 10, so that they can be compared here. Plan one on the page New run: “Vary” "
           "beside a setting lets it take a list or a range. A file may also hold a grid, a list "
           "or random values, or a search, which chooses α or β by the validation split as the "
           "paper does."),
        m_stack);
    connect(m_noSweeps->addAction(u"sweeps.emptyPlan"_s, tr("Plan in New Run"), true),
            &QPushButton::clicked, this, [this] { this->state().requestPage(u"new_run"_s); });
    connect(m_noSweeps->addAction(u"sweeps.emptyOpen"_s, tr("Open Sweep File…"), false),
            &QPushButton::clicked, this, &SweepsPage::askForFile);
    auto* content = new QWidget(m_stack);
    auto* line = new QHBoxLayout(content);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    line->addWidget(makeSide());
    line->addWidget(makeMain(), 1);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_noProject), static_cast<QWidget*>(m_noSweeps), content})
        m_stack->addWidget(widget);
    connect(&state, &AppState::projectChanged, this, [this] {
        m_sweeps.clear();
        m_chosen.reset();
        m_loading = 0; // the earlier project never answers
        m_goesOn = false;
        refresh();
    });
    connect(&state, &AppState::runsChanged, this, [this] {
        m_isStale = true;
        if (isVisible())
            refresh();
    });
    connect(&state.queue(), &RunQueue::changed, this, &SweepsPage::updateButtons);
    refresh();
}

QWidget* SweepsPage::makeSide()
{
    auto* card = new Card(this);
    card->setFixedWidth(204);
    card->body()->setContentsMargins(6, 12, 6, 8);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(8, 0, 4, 0);
    header->addWidget(makeTitle(tr("Sweeps"), card), 1);
    QPushButton* open = makeButton(u"sweeps.openFile"_s, tr("Open…"), card);
    open->setAccessibleName(tr("Open a sweep file"));
    connect(open, &QPushButton::clicked, this, &SweepsPage::askForFile);
    header->addWidget(open);
    card->body()->addLayout(header);
    m_list = new QListView(card);
    nameWidget(m_list, u"sweeps.list"_s, tr("Sweeps of the project"));
    m_list->setModel(m_listModel);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setItemDelegate(new RowDelegate(m_list));
    card->body()->addWidget(m_list, 1);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid())
                    choose(index.data(kSweepIdRole).toLongLong());
            });
    return card;
}

QWidget* SweepsPage::makeMain()
{
    auto* main = new QWidget(this);
    auto* column = new QVBoxLayout(main);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(makeHeader());
    auto* splitter = new QSplitter(Qt::Vertical, main);
    nameWidget(splitter, u"sweeps.splitter"_s, tr("Plot and trials"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(makePlots());
    splitter->addWidget(makeTrials());
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 4);
    column->addWidget(splitter, 1);
    connect(splitter, &QSplitter::splitterMoved, this, [this, splitter] {
        state().projectSettings().setHabit(u"sweeps/splitter"_s, splitter->saveState());
    });
    connect(&state(), &AppState::projectChanged, splitter, [this, splitter] {
        splitter->restoreState(state().projectSettings().habit(u"sweeps/splitter"_s).toByteArray());
    });
    connect(&state(), &AppState::layoutReset, splitter, [this, splitter] {
        state().projectSettings().remove(u"sweeps/splitter"_s);
        splitter->setSizes({500, 400});
    });
    return main;
}

QWidget* SweepsPage::makeHeader()
{
    auto* header = new QWidget(this);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    m_title = makeElidedTitle({}, header);
    m_title->setObjectName(u"sweeps.title"_s);
    m_progress = makeElided({}, header);
    m_progress->setObjectName(u"sweeps.progress"_s);
    m_continue = makePrimary(u"sweeps.continue"_s, tr("Continue"), header);
    m_retry = makeButton(u"sweeps.retry"_s, tr("Retry Failed"), header);
    m_cluster = makeButton(u"sweeps.cluster"_s, tr("Hand to Cluster…"), header);
    connect(m_cluster, &QPushButton::clicked, this, &SweepsPage::handToCluster);
    m_stop = makeButton(u"sweeps.stopAfter"_s, tr("Stop After This Trial"), header);
    m_stop->setToolTip(tr("Takes this sweep's waiting trials out of the queue; the one in progress "
                          "goes on"));
    connect(m_continue, &QPushButton::clicked, this, [this] { goOn(run::FailedTrials::Leave); });
    connect(m_retry, &QPushButton::clicked, this, [this] { goOn(run::FailedTrials::Retry); });
    connect(m_stop, &QPushButton::clicked, this, &SweepsPage::dropWaiting);
    line->addWidget(m_title);
    line->addWidget(m_progress, 1);
    for (QPushButton* button : {m_stop, m_cluster, m_retry, m_continue})
        line->addWidget(button);
    column->addLayout(line);
    m_record = makeLabel({}, header);
    m_record->setObjectName(u"sweeps.record"_s);
    m_record->setWordWrap(true);
    column->addWidget(m_record);
    return header;
}

QWidget* SweepsPage::makeTrials()
{
    m_trialsCard = new Card(tr("Trials"), {}, this);
    m_all = new QCheckBox(tr("&Also without result"), m_trialsCard);
    nameWidget(m_all, u"sweeps.all"_s, tr("Also trials without result"));
    m_all->setToolTip(tr("Failed, stopped, running and pending trials"));
    m_all->setChecked(state().settings().value(u"sweeps/all"_s, true).toBool());
    m_trialsCard->header()->addWidget(m_all);
    m_table = new QTreeView(m_trialsCard);
    nameWidget(m_table, u"sweeps.trials"_s, tr("Trials"));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->setIconSize(QSize(10, 10));
    m_table->setItemsExpandable(false);
    m_table->setAllColumnsShowFocus(true);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setAccessibleName(tr("Columns"));
    m_sorted->setSourceModel(m_tableModel);
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_trialsCard->body()->addWidget(m_table, 1);
    connect(m_all, &QCheckBox::toggled, this, [this](bool isOn) {
        state().settings().setValue(u"sweeps/all"_s, isOn);
        showTable();
    });
    connect(m_table, &QTreeView::activated, this, &SweepsPage::openRun);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                m_parallel->highlight(trialOf(index));
                m_objective->highlight(trialOf(index));
            });
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        showPlotMenu([this] { return tableFigure(); }, m_table->viewport()->mapToGlobal(position),
                     &state().settings(), m_table);
    });
    return m_trialsCard;
}

void SweepsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_isStale)
        refresh();
}

void SweepsPage::refresh()
{
    m_isStale = false;
    if (!state().hasProject()) {
        m_stack->setCurrentWidget(m_noProject);
        return;
    }
    const int request = ++m_request;
    ++m_loading;
    state().reader()->ask(
        this,
        [](store::Project& project) -> Result<std::vector<SweepView>> {
            CLWB_ASSIGN(const std::vector<store::SweepRow> rows, store::sweeps(project));
            std::vector<SweepView> sweeps;
            for (auto row = rows.rbegin(); row != rows.rend(); ++row) { // newest first
                CLWB_ASSIGN(SweepView sweep, readSweepView(project, *row));
                sweeps.push_back(std::move(sweep));
            }
            return sweeps;
        },
        [this, request](Result<std::vector<SweepView>> sweeps) {
            --m_loading;
            if (request != m_request)
                return;
            if (!sweeps) {
                state().reportProblem(tr("The sweeps could not be read"),
                                      errorText(sweeps.error()));
                return;
            }
            showSweeps(std::move(*sweeps));
        });
}

void SweepsPage::showSweeps(std::vector<SweepView> sweeps)
{
    m_sweeps = std::move(sweeps);
    m_stack->setCurrentIndex(m_sweeps.empty() ? 1 : 2);
    const QSignalBlocker blocker(m_list->selectionModel());
    m_listModel->clear();
    for (const SweepView& sweep : m_sweeps) {
        auto* item = new QStandardItem(toQt(sweep.row.name) + u'\n' + progressText(sweep));
        item->setData(static_cast<qlonglong>(sweep.row.sweepId), kSweepIdRole);
        item->setToolTip(sweep.isSearch() ? tr("Search") : tr("Sweep"));
        m_listModel->appendRow(item);
    }
    for (auto sweep = m_sweeps.rbegin(); m_begun && sweep != m_sweeps.rend(); ++sweep) {
        if (sweep->row.kind == m_begun->kind && sweep->row.document == m_begun->document)
            m_chosen = sweep->row.sweepId; // the newest, should there be several
    }
    if (const SweepView* now = shown(); now && m_begun && now->row.document == m_begun->document)
        m_begun.reset();
    if (!shown() && !m_sweeps.empty())
        m_chosen = m_sweeps.front().row.sweepId;
    for (size_t at = 0; at < m_sweeps.size(); ++at) {
        if (m_sweeps[at].row.sweepId == m_chosen)
            m_list->setCurrentIndex(m_listModel->index(static_cast<int>(at), 0));
    }
    showChosen();
}

const SweepView* SweepsPage::shown() const
{
    const auto found = std::find_if(m_sweeps.begin(), m_sweeps.end(), [this](const auto& sweep) {
        return sweep.row.sweepId == m_chosen;
    });
    return found == m_sweeps.end() ? nullptr : &*found;
}

void SweepsPage::choose(int64_t sweepId)
{
    m_chosen = sweepId;
    m_parallel->clearBrushes();
    showChosen();
}

void SweepsPage::showChosen()
{
    const SweepView* sweep = shown();
    if (!sweep) {
        updateButtons();
        return;
    }
    m_title->setText(toQt(sweep->row.name));
    m_progress->setText((sweep->isSearch() ? tr("Search") : tr("Sweep")) + u" · "_s +
                        progressText(*sweep));
    m_record->setText(sweep->record);
    m_record->setVisible(!sweep->record.isEmpty());
    m_parallel->setData(
        parallelOf(*sweep, m_scales)); // and by its signal the table and the other plot
    updateButtons();
}

QString SweepsPage::helpText() const
{
    return tr(
        "Sweeps and searches with their trials. Drag along an axis of the plot to keep the "
        "trials that pass there; the slider keeps the best by A-Acc. Objective by parameter "
        "shows a metric over one setting. Axes are logarithmic as their parameters are, or by "
        "choice: Axes, or L in the plot. A double click, or Enter in the table, opens the "
        "run. Continue trains what is still to do: finished "
        "trials are kept, stopped ones go on from their checkpoint. Of a search the "
        "candidates show the validation split, by which it chose; only the winner is "
        "evaluated on the test split. Hand to Cluster writes a Slurm script for the trials "
        "that are still to do, and later brings their runs into the project.");
}

} // namespace clwb::ui
