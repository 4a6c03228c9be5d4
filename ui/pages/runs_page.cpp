// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page.
#include "ui/pages/runs_page.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/shell/run_edits.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/menu_title.h"
#include "ui/widgets/run_inspector.h"
#include "ui/widgets/run_view.h"

#include <QBoxLayout>
#include <QCompleter>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStringListModel>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PageInfo describe_runs_page();
PageInfo describe_runs_page()
{
    const auto tr = [](const char* text) { return RunsPage::tr(text); };
    return {u"runs"_s,
            RunsPage::tr("Runs"),
            10,
            {{u"runs.rename"_s, u"edit"_s, tr("Re&name Run"), u"F2"_s,
              tr("Change the name of the selected run")},
             {u"runs.star"_s, u"edit"_s, tr("&Star or Unstar"), u"Ctrl+B"_s,
              tr("Mark the selected run with a star")},
             {u"runs.hide"_s, u"view"_s, tr("&Hide or Show in Plots"), u"Ctrl+H"_s,
              tr("Leave the selected runs out of Compare and Live, or draw them again"), true},
             {u"runs.solo"_s, u"view"_s, tr("Show O&nly These in Plots"), u"Ctrl+Alt+H"_s,
              tr("Hide all runs but the selected ones and references; once more shows all")},
             {u"runs.bundle"_s,
              u"run"_s,
              tr("Export Selected Runs as &Bundle…"),
              {},
              tr("Write the selected runs with models into one file for another project")},
             {u"runs.archive"_s, u"edit"_s, tr("&Archive or Restore"), u"Ctrl+Del"_s,
              tr("Take the selected runs out of the list, or archived ones back into it")},
             {u"runs.trash"_s, u"edit"_s, tr("Move to &Trash"), u"Del"_s,
              tr("Remove the selected runs from the list; Ctrl+Z brings them back")},
             {u"runs.continue"_s, u"run"_s, tr("C&ontinue Selected Run"), u"Ctrl+Shift+R"_s,
              tr("Go on exactly where the selected run stopped"), true},
             {u"runs.clone"_s, u"run"_s, tr("Clo&ne Selected Run…"), u"Ctrl+D"_s,
              tr("Open New run with the settings of the selected run")},
             {u"runs.branch"_s,
              u"run"_s,
              tr("&Branch Selected Run…"),
              {},
              tr("A new run that goes on from one of its sessions with other settings")},
             {u"runs.watch"_s, u"run"_s, tr("Show in &Live"), u"Ctrl+L"_s,
              tr("Show curves, losses and matrix of the selected run")},
             {u"runs.images"_s,
              u"run"_s,
              tr("Show &Images"),
              {},
              tr("Show which pictures and classes the selected run learned and forgot")},
             {u"runs.lost"_s,
              u"run"_s,
              tr("Show Lost &Queries"),
              {},
              tr("Show which queries lost their image in the selected run, and what it finds "
                 "instead")},
             {u"runs.pin"_s, u"run"_s, tr("&Pin or Unpin in Live"), u"Ctrl+Shift+L"_s,
              tr("Draw the selected run beside the live one")},
             {u"runs.compare"_s, u"run"_s, tr("Co&mpare Selected Runs"), u"Ctrl+Shift+C"_s,
              tr("Show the selected runs side by side on the page Compare")}},
            [](AppState& state, QWidget* parent) -> Page* { return new RunsPage(state, parent); }};
}

RunsPage::RunsPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_model(new RunListModel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    m_model->setLooks(&state.looks());
    for (const ActionDef& action : describe_runs_page().actions) {
        if (action.id == "runs.continue"_L1)
            m_model->setContinueShortcut(action.shortcut);
    }
    layout->addWidget(makeHeader());
    m_problem = makeLabel({}, this);
    m_problem->setProperty("problem", true);
    m_problem->hide();
    layout->addWidget(m_problem);
    m_demoBanner = new Banner(u"runs.demoBanner"_s, this);
    m_runDemo = m_demoBanner->addAction(u"runs.runDemo"_s, tr("Run the Demo"), true);
    connect(m_runDemo, &QPushButton::clicked, this, [this] { this->state().runDemo(); });
    for (const auto& [name, text, action] :
         {std::tuple(u"runs.inviteNew"_s, tr("New Project…"), u"file.new"_s),
          std::tuple(u"runs.inviteOpen"_s, tr("Open Project…"), u"file.open"_s)})
        connect(m_demoBanner->addAction(name, text, false), &QPushButton::clicked, this,
                [this, id = action] { this->state().requestAction(id); });
    connect(m_demoBanner, &Banner::closed, this,
            [this] { this->state().settings().setValue(u"runs/demoBannerClosed"_s, true); });
    layout->addWidget(m_demoBanner);

    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setHandleWidth(12);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeList(m_splitter));
    m_inspector = new RunInspector(state, m_splitter);
    connect(m_inspector, &RunInspector::keptKnown, this, &Page::actionsChanged);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({560, 216});
    layout->addWidget(m_splitter, 1);

    connect(m_view, &RunView::runSelected, this, [this](qint64 runId) {
        m_inspector->showRun(runId);
        Q_EMIT actionsChanged();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsPage::actionsChanged); // what is done to several, too
    connect(m_view, &RunView::runActivated, this, &RunsPage::activateRun);
    connect(m_view, &QWidget::customContextMenuRequested, this, &RunsPage::showContextMenu);
    connect(&state, &AppState::runsChanged, this, &RunsPage::onRunsChanged);
    connect(&state, &AppState::projectChanged, this, &RunsPage::onProjectChanged);
    m_view->header()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view->header(), &QWidget::customContextMenuRequested, this,
            &RunsPage::showHeaderMenu);
    connect(&state, &AppState::layoutReset, this, &RunsPage::resetLayout);
    connect(&state.looks(), &RunLooks::changed, this, [this] {
        updateBelow();
        Q_EMIT actionsChanged();
    });
    onProjectChanged();
    onRunsChanged();
}

RunsPage::~RunsPage()
{
    rememberLook();
}

QWidget* RunsPage::makeList(QWidget* parent)
{
    auto* card = new Card(parent);
    card->body()->setContentsMargins(0, 4, 0, 8);
    m_stack = new QStackedWidget(card);
    m_view = new RunView(m_model, m_stack);
    m_empty = new EmptyState(u"runs.empty"_s, tr("No runs yet"),
                             tr("Every run of this project will be listed here with its "
                                "accuracies, tags and notes."),
                             m_stack);
    m_noProject =
        new EmptyState(u"runs.noProject"_s, tr("No project is open"),
                       tr("A project is one file that keeps runs with all they found."), m_stack);
    m_noMatch = new EmptyState(u"runs.noMatch"_s, tr("No run matches the filter"), {}, m_stack);
    const auto addButton = [this](EmptyState& place, const QString& name, const QString& text,
                                  bool isPrimary, auto act) {
        connect(place.addAction(name, text, isPrimary), &QPushButton::clicked, this, act);
    };
    addButton(*m_empty, u"runs.first"_s, tr("New Run"), true,
              [this] { state().requestPage(u"new_run"_s); });
    addButton(*m_noProject, u"runs.openProject"_s, tr("Open Project…"), true,
              [this] { state().requestAction(u"file.open"_s); });
    addButton(*m_noProject, u"runs.newProject"_s, tr("New Project…"), false,
              [this] { state().requestAction(u"file.new"_s); });
    addButton(*m_noMatch, u"runs.clearFilter"_s, tr("Clear the Filter"), true,
              [this] { m_filter->clear(); });
    for (QWidget* widget : {static_cast<QWidget*>(m_view), static_cast<QWidget*>(m_empty),
                            static_cast<QWidget*>(m_noProject), static_cast<QWidget*>(m_noMatch)})
        m_stack->addWidget(widget);
    card->body()->addWidget(m_stack);
    auto* below = new QHBoxLayout;
    m_archived = makeLink(u"runs.archived"_s, tr("Show archived runs"), card);
    below->addWidget(m_archived);
    connect(m_archived, &QPushButton::clicked, this, [this] {
        const bool isShown = m_model->archived() == Archived::Shown;
        m_model->setArchived(isShown ? Archived::Hidden : Archived::Shown);
        showListOrReason();
        rememberLook();
    });
    m_hiddenRuns = makeLink(u"runs.showHidden"_s, tr("Show hidden runs in plots"), card);
    below->addWidget(m_hiddenRuns);
    connect(m_hiddenRuns, &QPushButton::clicked, this, [this] { state().looks().showAll(); });
    below->addStretch(1);
    card->body()->addLayout(below);
    return card;
}

void RunsPage::applyFilter()
{
    RunFilter::Parsed parsed = RunFilter::parse(m_filter->text());
    m_problem->setText(parsed.problem);
    m_problem->setVisible(!parsed.problem.isEmpty());
    setStyleFlag(m_filter, "invalid", !parsed.problem.isEmpty());
    m_filter->setToolTip(parsed.problem.isEmpty() ? filterHelp() : parsed.problem);
    if (parsed.problem.isEmpty()) // otherwise the list stays as it was
        m_model->setFilter(std::move(parsed.filter));
    showListOrReason();
}

void RunsPage::showListOrReason()
{
    QWidget* shown = m_view;
    if (!state().hasProject())
        shown = m_noProject;
    else if (state().runs().empty())
        shown = m_empty;
    else if (m_model->shownCount() == 0)
        shown = m_noMatch;
    m_noMatch->setText(
        tr("No run matches the filter"),
        tr("The filter %1 hides all %2 runs.")
            .arg(m_filter->text(), countText(static_cast<int64_t>(state().runs().size()))));
    m_stack->setCurrentWidget(shown);
    updateBelow();
}

void RunsPage::onProjectChanged()
{
    rememberLook(); // of the project that is left
    m_memory = state().projectSettings();
    restoreLook();
    m_hasSelectedFirst = false;
    m_bestState = 0;
    Settings& settings = state().settings();
    const bool isInviting = state().hasDemo() &&
                            settings.value(u"runs/inviteDemo"_s, false).toBool() &&
                            !settings.value(u"runs/demoBannerClosed"_s, false).toBool();
    if (isInviting)
        m_demoBanner->showMessage(
            Banner::Tone::Invitation,
            tr("See a small CLIP learn new classes and forget old ones: the demo trains on this "
               "computer, offline, in a few minutes."));
    else
        m_demoBanner->hide();
    showListOrReason();
    Q_EMIT actionsChanged();
}

void RunsPage::onRunsChanged()
{
    m_model->setRuns(state().runs(), state().runDetails());
    readMore();
    showListOrReason();
    auto* completer = new QCompleter(filterCompletions(state().runs()), m_filter);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    if (m_filter->completer())
        m_filter->completer()->deleteLater();
    m_filter->setCompleter(completer);
    if (!m_hasSelectedFirst && !state().runs().empty()) {
        m_hasSelectedFirst = true;
        selectRemembered();
    }
    m_inspector->updateRow();
    // What has been done once is offered, but no longer the first thing to do.
    const auto& demo = state().engine().demo;
    const bool hasRunDemo =
        demo && std::any_of(state().runs().begin(), state().runs().end(),
                            [&demo](const store::RunRow& run) {
                                return run.status == "finished" &&
                                       std::filesystem::path(run.study) == demo->study;
                            });
    setStyleFlag(m_runDemo, "primary", !hasRunDemo);
    Q_EMIT actionsChanged();
}

const store::RunRow* RunsPage::currentRow() const
{
    return state().findRun(m_view->currentRun());
}

void RunsPage::open(const Json& argument)
{
    std::vector<int64_t> runs;
    if (argument.is_object() && argument.contains("run"))
        runs = {argument["run"].get<int64_t>()};
    else if (argument.is_object() && argument.contains("runs"))
        runs = argument["runs"].get<std::vector<int64_t>>();
    const auto isHidden = [this](int64_t id) { return !m_model->indexOfRun(id).isValid(); };
    if (std::any_of(runs.begin(), runs.end(), isHidden))
        m_filter->clear();
    if (std::any_of(runs.begin(), runs.end(), isHidden))
        m_model->setArchived(Archived::Shown);
    showListOrReason();
    m_view->selectRuns(runs);
    m_view->setFocus();
}

bool RunsPage::isSettled() const
{
    return !m_inspector->isLoading() && !m_isReadingMore;
}

void RunsPage::finishEditing()
{
    m_inspector->finishEditing();
}

QString RunsPage::helpText() const
{
    return tr("All runs of the project, grouped. Best finished values of a setting are bold, the "
              "best of an option (or the second best: menu Group by) is underlined; references and "
              "reported rows compete only among "
              "themselves. Filter with words, method:vr-lwf, zs>60, origin:paper or /pattern/; "
              "a leading - negates. The menu of a column's title (right click) switches a metric "
              "between its last and its best value. Grouped by configuration, metrics are mean ± "
              "sample standard deviation over seeds. A run that is hidden in plots (%1) has an "
              "empty "
              "square and grey text. Archived runs are hidden until asked for, "
              "below the list or with is:archived.")
        .arg(QKeySequence(u"Ctrl+H"_s).toString(QKeySequence::NativeText));
}

} // namespace clwb::ui
