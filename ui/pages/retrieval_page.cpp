// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page: construction and actions.
#include "ui/pages/retrieval_page.h"

#include "ui/bridge/background.h"
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/plots/figure_dialog.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/menu_title.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_card.h"
#include "ui/widgets/ranked_view.h"
#include "ui/widgets/segments.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PageInfo describe_retrieval_page();
PageInfo describe_retrieval_page()
{
    const auto tr = [](const char* text) { return RetrievalPage::tr(text); };
    return {
        u"retrieval"_s,
        RetrievalPage::tr("Retrieval"),
        60,
        {{u"retrieval.previous"_s, u"view"_s, tr("&Previous Query"), u"["_s,
          tr("Show the query above in the list of Retrieval"), true},
         {u"retrieval.next"_s, u"view"_s, tr("&Next Query"), u"]"_s,
          tr("Show the query below in the list of Retrieval")}},
        [](AppState& state, QWidget* parent) -> Page* { return new RetrievalPage(state, parent); }};
}

RetrievalPage::RetrievalPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_queries(new QueryListModel(this))
    , m_pictures(new PictureLoader(this))
    , m_thumbs(new PictureLoader(this))
    , m_background(new Background(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    layout->addWidget(makeHeader());
    m_stack = new QStackedWidget(this);
    m_content = new QWidget(m_stack);
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    makeLacking();
    content->addWidget(m_lacking);
    auto* splitter = new QSplitter(Qt::Horizontal, m_content);
    nameWidget(splitter, u"retrieval.splitter"_s, tr("Queries and candidates"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(12);
    splitter->addWidget(makeQueries());
    splitter->addWidget(makeResults());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({460, 750});
    connect(splitter, &QSplitter::splitterMoved, this, [this, splitter] {
        this->state().projectSettings().setHabit(u"retrieval/splitter"_s, splitter->saveState());
    });
    connect(&state, &AppState::projectChanged, splitter, [this, splitter] {
        splitter->restoreState(
            this->state().projectSettings().habit(u"retrieval/splitter"_s).toByteArray());
    });
    connect(&state, &AppState::layoutReset, splitter, [this, splitter] {
        this->state().projectSettings().remove(u"retrieval/splitter"_s);
        splitter->setSizes({460, 750});
    });
    content->addWidget(splitter, 1);
    m_stack->addWidget(m_content);
    makeEmptyStates();
    layout->addWidget(m_stack, 1);
    connectChoices();
    setAcceptDrops(m_freeText != nullptr);
    restoreChoices();
    onRunsChanged();
}

RetrievalPage::~RetrievalPage()
{
    if (m_liveStop) // the background waits for its question
        m_liveStop->requestStop(StopPoint::Now);
}

QWidget* RetrievalPage::makeHeader()
{
    auto* header = new QWidget(this);
    auto* line = new FlowLayout(header);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(10);
    line->addWidget(makeTitle(tr("Retrieval"), header));
    m_direction = new Segments(
        u"retrieval.direction"_s, tr("Direction"),
        {{u"text"_s, tr("Text → image"), tr("Each caption ranks all images of its fold")},
         {u"image"_s, tr("Image → text"), tr("Each image ranks all captions of its fold")}},
        header);
    line->addWidget(m_direction);
    m_set = new ElidedCombo(header);
    nameWidget(m_set, u"retrieval.set"_s, tr("Retrieval set"));
    m_set->setMinimumContentsLength(28);
    m_set->setMaximumWidth(360);
    line->addWidget(m_set);
    m_fold = new ElidedCombo(header);
    nameWidget(m_fold, u"retrieval.fold"_s, tr("Fold"));
    m_fold->setMinimumContentsLength(8);
    line->addWidget(m_fold);
    QToolButton* copy = makeMenuButton(u"retrieval.copyMenu"_s, tr("Copy"), header);
    copy->setMenu(makeCopyMenu(copy));
    line->addWidget(copy);
    QToolButton* exportButton = makeMenuButton(u"retrieval.export"_s, tr("Export"), header);
    exportButton->setMenu(makeExportMenu(exportButton));
    line->addWidget(exportButton);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    header->setSizePolicy(policy);
    return header;
}

QMenu* RetrievalPage::makeCopyMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    addMenuTitle(*menu, tr("Candidates"));
    menu->addAction(tr("As Picture"), this, [this] { copyPicture(candidateFigure()); });
    menu->addAction(tr("As Table"), this, [this] { copyFigureData(candidateFigure()); });
    addMenuTitle(*menu, tr("Query list"));
    menu->addAction(tr("As Table"), this, [this] { copyFigureData(queryFigure()); });
    menu->addAction(tr("As CSV"), this, [this] { copyQueriesAsCsv(); });
    return menu;
}

QMenu* RetrievalPage::makeExportMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    addMenuTitle(*menu, tr("Candidates"));
    menu->addAction(tr("PNG, SVG or PDF…"), this, [this] {
        openFigureDialog([this] { return candidateFigure(); }, &state().settings(), this);
    });
    menu->addAction(tr("LaTeX Figure…"), this, [this] { askForLatex(); });
    menu->addAction(tr("CSV…"), this,
                    [this] { askAndSaveData(candidateFigure(), &state().settings(), this); });
    addMenuTitle(*menu, tr("Query list"));
    menu->addAction(tr("CSV…"), this,
                    [this] { askAndSaveData(queryFigure(), &state().settings(), this); });
    return menu;
}

QWidget* RetrievalPage::makeQueries()
{
    auto* card = new Card(this);
    card->setMinimumWidth(240);
    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    m_search = new QLineEdit(card);
    nameWidget(m_search, u"retrieval.search"_s, tr("Search queries"));
    m_search->setPlaceholderText(tr("Search captions"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(90);
    first->addWidget(m_search, 1);
    m_hitAt = new ElidedCombo(card);
    nameWidget(m_hitAt, u"retrieval.hitAt"_s, tr("What counts as a hit"));
    for (const int at : {1, 5, 10})
        m_hitAt->addItem(tr("Hit: top %1").arg(at), at);
    m_hitAt->setMinimumContentsLength(9);
    first->addWidget(m_hitAt);
    card->body()->addLayout(first);
    m_outcome = new Segments(u"retrieval.outcome"_s, tr("Which queries"),
                             {{u"lost"_s, tr("Lost"), tr("A hit of A, missed by B")},
                              {u"gained"_s, tr("Gained"), tr("Missed by A, a hit of B")},
                              {u"both"_s, tr("Both hit"), tr("A hit of both")},
                              {u"miss"_s, tr("Both miss"), tr("Missed by both")},
                              {u"all"_s, tr("All"), tr("Every query of the set and fold")}},
                             card);
    m_outcome->setCurrent(u"all"_s);
    card->body()->addWidget(m_outcome);
    m_problem = makeLabel({}, card);
    nameWidget(m_problem, u"retrieval.problem"_s, tr("Why there are no queries"));
    m_problem->setProperty("problem", true);
    m_problem->setWordWrap(true);
    m_problem->hide();
    card->body()->addWidget(m_problem);
    m_queryView = new QueryView(m_queries, m_thumbs, u"retrieval.queries"_s, tr("Queries"), card);
    card->body()->addWidget(m_queryView, 1);
    m_note = makeMuted({}, card);
    nameWidget(m_note, u"retrieval.note"_s, tr("Queries shown, and recalls"));
    m_note->setWordWrap(true);
    card->body()->addWidget(m_note);
    if (state().engine().retrieve)
        card->body()->addWidget(makeLive(card));
    return card;
}

QWidget* RetrievalPage::makeResults()
{
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(makeQueryStrip(side));
    m_a = new RankedCard(u"a"_s, tr("A"), m_pictures, side);
    m_b = new RankedCard(u"b"_s, tr("B"), m_pictures, side);
    column->addWidget(m_a, 1);
    column->addWidget(m_b, 1);
    return side;
}

QWidget* RetrievalPage::makeQueryStrip(QWidget* parent)
{
    auto* strip = new QWidget(parent);
    auto* line = new QHBoxLayout(strip);
    line->setContentsMargins(4, 0, 4, 0);
    line->setSpacing(12);
    m_queryPicture = new QLabel(strip);
    nameWidget(m_queryPicture, u"retrieval.queryPicture"_s, tr("The picture that is the query"));
    m_queryPicture->hide();
    line->addWidget(m_queryPicture);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_query = makeHeading({}, strip);
    nameWidget(m_query, u"retrieval.query"_s, tr("Query"));
    m_query->setWordWrap(true);
    m_query->setTextInteractionFlags(Qt::TextSelectableByMouse);
    texts->addWidget(m_query);
    m_queryDetail = makeElided({}, strip);
    nameWidget(m_queryDetail, u"retrieval.queryDetail"_s, tr("Where the query is from"));
    texts->addWidget(m_queryDetail);
    texts->addStretch(1);
    line->addLayout(texts, 1);
    connect(m_pictures, &PictureLoader::loaded, this, &RetrievalPage::showQueryPicture);
    return strip;
}

void RetrievalPage::makeEmptyStates()
{
    m_empty = new EmptyState(u"retrieval.empty"_s, {}, {}, m_stack);
    connect(m_empty->addAction(u"retrieval.newRun"_s, tr("New Run"), true), &QPushButton::clicked,
            this, [this] { state().requestPage(u"new_run"_s); });
    if (state().hasDemo()) {
        connect(m_empty->addAction(u"retrieval.runDemo"_s, tr("Run the Demo"), false),
                &QPushButton::clicked, this, [this] { state().runDemo(); });
    }
    m_empty->setText(
        tr("No ranked queries yet"),
        tr("What a model ranks for each caption and image is kept when a run is evaluated on a "
           "retrieval set, before training and at its end. Runs of older versions, imported and "
           "reported ones have none: train a run with Retrieval among what is evaluated."));
    m_noProject =
        new EmptyState(u"retrieval.noProject"_s, tr("No project is open"),
                       tr("Here two models of a project are compared, query by query."), m_stack);
    connect(m_noProject->addAction(u"retrieval.openProject"_s, tr("Open Project…"), true),
            &QPushButton::clicked, this, [this] { state().requestAction(u"file.open"_s); });
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noProject);
}

void RetrievalPage::connectChoices()
{
    m_searchPause.setSingleShot(true);
    m_searchPause.setInterval(60); // typing filters once
    connect(&m_searchPause, &QTimer::timeout, this, &RetrievalPage::applyFilter);
    connect(m_search, &QLineEdit::textChanged, &m_searchPause, qOverload<>(&QTimer::start));
    connect(m_outcome, &Segments::currentChanged, this, [this] {
        m_isOutcomeChosen = true;
        applyFilter();
    });
    connect(m_hitAt, &QComboBox::activated, this, [this] {
        m_memory.setHabit(u"retrieval/hitAt"_s, hitAt());
        applyFilter();
    });
    connect(m_queries, &QAbstractItemModel::modelReset, this, &RetrievalPage::restoreCurrent);
    connect(m_queryView, &QueryView::currentRowChanged, this, &RetrievalPage::chooseQuery);
    connect(m_queryView, &QueryView::opened, this,
            [this](int row) { openOriginal(m_queries->at(row).imageId); });
    connect(m_queryView, &QAbstractItemView::pressed, this, [this] {
        m_isQueryChosen = true;
        if (m_shown.isFree || m_live != Live::Nothing)
            showStored();
    });
    for (RankedCard* card : {m_a, m_b}) {
        connect(card->model(), &QComboBox::activated, this, &RetrievalPage::onModelChosen);
        connect(card->view(), &RankedView::opened, this, [this](const QModelIndex& index) {
            openOriginal(index.data(RankedListModel::ImageIdRole).toLongLong());
        });
    }
    connect(m_set, &QComboBox::activated, this, &RetrievalPage::onSetChosen);
    connect(m_fold, &QComboBox::activated, this, &RetrievalPage::loadQueries);
    connect(m_direction, &Segments::currentChanged, this, [this](const QString& id) {
        m_memory.setHabit(u"retrieval/direction"_s, id);
        loadQueries();
    });
    connect(&state(), &AppState::runsChanged, this, &RetrievalPage::onRunsChanged);
    connect(&state(), &AppState::projectChanged, this, [this] {
        restoreChoices();
        onRunsChanged();
    });
}

void RetrievalPage::trigger(const QString& actionId)
{
    if (actionId == "retrieval.next"_L1)
        step(1);
    else if (actionId == "retrieval.previous"_L1)
        step(-1);
}

bool RetrievalPage::isActionEnabled(const QString& /*actionId*/) const
{
    return isVisible() && m_queries->rowCount() > 0;
}

QString RetrievalPage::whyDisabled(const QString& /*actionId*/) const
{
    return isVisible() ? tr("No query is listed") : tr("Moves in the list of the page Retrieval");
}

bool RetrievalPage::focusFilter()
{
    m_search->setFocus();
    m_search->selectAll();
    return true;
}

QString RetrievalPage::helpText() const
{
    return tr("Two models on the same queries. A hit has the truth among the first 1, 5 or 10; "
              "“lost” are the hits of A that B misses. Sort by a click on a title, search by "
              "words. The keys [ and ] go to the previous and next query, arrows through the list "
              "and the candidates, Enter opens the original picture. Scores are cosines, bars of "
              "both models have one scale; the truth has a green frame and a tick, and is shown "
              "last where it is not among the best. Ranks count from 1 within a fold. Pictures "
              "come from the project file: the data set need not be on this machine.");
}

} // namespace clwb::ui
