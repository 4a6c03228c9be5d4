// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the Live page.
#include "ui/pages/live_page.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/kept_details.h"
#include "ui/models/run_columns.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/matrix_view.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/axis_box.h"
#include "ui/widgets/building.h"
#include "ui/widgets/class_strip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/log_panel.h"
#include "ui/widgets/metric_tile.h"
#include "ui/widgets/parts_label.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kRedrawMs = 50;        // at most twenty redraws a second, however fast the steps come
constexpr int kLookAgainMs = 10'000; // a program that dies writes nothing more: nothing tells of it

} // namespace

PageInfo describe_live_page();
PageInfo describe_live_page()
{
    return {u"live"_s,
            LivePage::tr("Live"),
            30,
            {{u"live.pause"_s, u"run"_s, LivePage::tr("&Pause or Continue"), u"Ctrl+Shift+P"_s,
              LivePage::tr("Pause the run at the next batch, or continue exactly there"), true},
             {u"live.stop"_s, u"run"_s, LivePage::tr("&Stop and Save"), u"Ctrl+."_s,
              LivePage::tr("End the run at the next batch with a checkpoint")},
             {u"live.stopEpoch"_s,
              u"run"_s,
              LivePage::tr("Stop After This &Epoch"),
              {},
              LivePage::tr("End the run when the epoch is done, with a checkpoint")},
             {u"live.stopSession"_s,
              u"run"_s,
              LivePage::tr("Stop After This Sessio&n"),
              {},
              LivePage::tr("End the run when the session is done and evaluated")},
             {u"live.stopNow"_s,
              u"run"_s,
              LivePage::tr("Stop No&w Without Saving"),
              {},
              LivePage::tr("End the run after the batch in progress; continued, it repeats what "
                           "came after its last checkpoint")}},
            [](AppState& state, QWidget* parent) -> Page* { return new LivePage(state, parent); }};
}

LivePage::LivePage(AppState& state, QWidget* parent)
    : Page(state, parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_empty = new EmptyState(u"live.empty"_s, tr("Nothing is training"),
                             tr("The running experiment grows here, session by session: what it "
                                "learns, what it forgets, and its losses."),
                             m_stack);
    m_demo = m_empty->addAction(u"live.runDemo"_s, tr("Run the Demo"), true);
    connect(m_demo, &QPushButton::clicked, this, [this] { this->state().runDemo(); });
    m_newRun = m_empty->addAction(u"live.newRun"_s, tr("New Run"), false);
    connect(m_newRun, &QPushButton::clicked, this,
            [this] { this->state().requestPage(u"new_run"_s); });
    auto* scroll = new QScrollArea(m_stack);
    nameWidget(scroll, u"live.scroll"_s, tr("Live run"));
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_content = makeContent();
    scroll->setWidget(m_content);
    scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
    layout->addWidget(m_stack);

    m_update.setSingleShot(true);
    m_update.setInterval(kRedrawMs);
    connect(&m_update, &QTimer::timeout, this, &LivePage::updateNow);
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        if (m_isBehind)
            followElsewhere();
    });
    m_lookAgain.setInterval(kLookAgainMs);
    connect(&m_lookAgain, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;
        this->state().refresh();
        updateElsewhere(); // a program that hangs changes nothing in the project
    });
    connect(&state, &AppState::liveStarted, this, [this] {
        showOwn();
        chooseRun();
    });
    connect(&state, &AppState::liveChanged, this, [this](const LiveChanges& changes) {
        Q_EMIT actionsChanged();
        if (!m_stored)
            scheduleUpdate(changes);
        else if (shownElsewhere())
            scheduleUpdate({.header = true}); // its program may have been asked something
        else
            updateButtons();
    });
    connect(&state, &AppState::runsChanged, this, &LivePage::chooseRun);
    connect(&state, &AppState::pinsChanged, this, &LivePage::loadComparisons);
    connect(&state.looks(), &RunLooks::changed, this, &LivePage::loadComparisons);
    connect(&state, &AppState::projectChanged, this, [this] {
        showOwn();
        m_comparisons.clear();
        m_load.reset();
        m_loadOf.reset();
        m_loading = 0; // the earlier project never answers
        m_isFollowing = false;
        chooseRun();
    });
    chooseRun();
}

QWidget* LivePage::makeContent()
{
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    layout->addLayout(makeHeader(content));
    m_trainer = makeElided({}, content);
    m_trainer->setObjectName(u"live.trainer"_s);
    layout->addWidget(m_trainer);
    layout->addLayout(makeTiles(content));
    layout->addLayout(makeCurves(content), 10);
    layout->addLayout(makeLower(content), 9);
    m_classes = new ClassStrip(u"live.classes"_s, tr("Classes that changed most"), content);
    connect(m_classes, &ClassStrip::imagesRequested, this,
            [this](const ImageLink& link) { state().requestPage(u"images"_s, toJson(link)); });
    layout->addWidget(m_classes);
    m_log = new LogPanel(content);
    m_log->setMinimumHeight(88);
    m_log->setMaximumHeight(180);
    layout->addWidget(m_log, 2);
    return content;
}

QLayout* LivePage::makeHeader(QWidget* parent)
{
    m_header = new QBoxLayout(QBoxLayout::LeftToRight);
    m_header->setSpacing(10);
    auto* line = new QHBoxLayout;
    m_headerButtons = new QHBoxLayout;
    for (QHBoxLayout* part : {line, m_headerButtons})
        part->setSpacing(10);
    m_title = makeElidedTitle({}, parent);
    m_title->setObjectName(u"live.title"_s);
    m_number = makeMuted({}, parent);
    m_phase = makeLabel({}, parent);
    m_phase->setObjectName(u"live.phase"_s);
    m_position = new PartsLabel(u"live.position"_s, parent);
    m_compare = makeMenuButton(u"live.compare"_s, tr("Beside it"), parent);
    m_compare->setToolTip(tr("Runs drawn beside this one"));
    m_compare->setMenu(new QMenu(m_compare));
    connect(m_compare->menu(), &QMenu::aboutToShow, this, &LivePage::fillCompareMenu);
    m_others = makeMenuButton(u"live.others"_s, tr("Also training"), parent);
    m_others->setToolTip(tr("The other runs of the project that train now"));
    m_others->setMenu(new QMenu(m_others));
    connect(m_others->menu(), &QMenu::aboutToShow, this, &LivePage::fillOthersMenu);
    m_pause = makeButton(u"live.pause"_s, tr("Pause"), parent);
    m_pause->setToolTip(tr("Save at the next batch and free the cores; Continue goes on exactly "
                           "there"));
    m_stop = makeButton(u"live.stop"_s, tr("Stop and Save"), parent);
    m_stop->setToolTip(tr("End at the next batch with a checkpoint that can be continued"));
    m_stopLater = makeMenuButton(u"live.stopLater"_s, tr("More"), parent);
    m_stopLater->setAccessibleName(tr("Other ways to stop"));
    m_stopLater->setToolTip(tr("Stop when the epoch or the session is done, or without saving"));
    auto* later = new QMenu(m_stopLater);
    later->addAction(tr("Stop After This Epoch"), this, [this] { trigger(u"live.stopEpoch"_s); });
    later->addAction(tr("Stop After This Session"), this,
                     [this] { trigger(u"live.stopSession"_s); });
    later->addSeparator();
    later->addAction(tr("Stop Now Without Saving"), this, [this] { trigger(u"live.stopNow"_s); });
    m_stopLater->setMenu(later);
    m_continue = makeButton(u"live.continue"_s, tr("Continue"), parent);
    m_lost = makeButton(u"live.lost"_s, tr("Lost Queries"), parent);
    m_lost->setToolTip(tr("Captions whose image the run lost, with what it finds instead"));
    m_openInRuns = makeButton(u"live.openInRuns"_s, tr("Open in Runs"), parent);
    connect(m_pause, &QPushButton::clicked, this, [this] { trigger(u"live.pause"_s); });
    connect(m_stop, &QPushButton::clicked, this, [this] { trigger(u"live.stop"_s); });
    connect(m_continue, &QPushButton::clicked, this, [this] {
        if (const store::RunRow* run = continuable())
            state().continueRun(run->runId);
    });
    connect(m_lost, &QPushButton::clicked, this, [this] {
        if (shown().runId)
            state().requestPage(u"retrieval"_s, lostQueriesOf(*shown().runId));
    });
    connect(m_openInRuns, &QPushButton::clicked, this, [this] {
        if (shown().runId)
            state().requestPage(u"runs"_s, Json{{"run", *shown().runId}});
    });
    line->addWidget(m_title);
    line->addWidget(m_number);
    line->addSpacing(2);
    line->addWidget(m_phase);
    line->addWidget(m_position, 1);
    for (QWidget* button : {static_cast<QWidget*>(m_compare), static_cast<QWidget*>(m_others),
                            static_cast<QWidget*>(m_pause), static_cast<QWidget*>(m_stop),
                            static_cast<QWidget*>(m_stopLater), static_cast<QWidget*>(m_continue),
                            static_cast<QWidget*>(m_lost), static_cast<QWidget*>(m_openInRuns)})
        m_headerButtons->addWidget(button);
    m_headerButtons->insertStretch(0, 1); // in a line of their own they stay at the right
    m_header->addLayout(line, 1);
    m_header->addLayout(m_headerButtons);
    return m_header;
}

QLayout* LivePage::makeTiles(QWidget* parent)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    const struct
    {
        const char* name;
        QString title;
        QString definition;
    } tiles[] = {{"ut", tr("UT-Acc"),
                  tr("Updated task, test split, percent. MST: mean over the sessions "
                     "of the accuracy on their classes; OST: over all crops.")},
                 {"zs", tr("ZS-Acc"),
                  tr("Zero-shot accuracy on classes that are never trained, test "
                     "split, percent.")},
                 {"a", tr("A-Acc"), tr("Mean of UT-Acc and ZS-Acc.")},
                 {"bwt", tr("Bwt"),
                  tr("Backward transfer: mean change of a session's accuracy since it "
                     "was learned, in points; larger is better.")},
                 {"tr@1", tr("TR@1"),
                  tr("Text retrieval: images whose best caption is right, percent, "
                     "mean over folds.")},
                 {"ir@1", tr("IR@1"),
                  tr("Image retrieval: captions whose best image is right, percent, "
                     "mean over folds.")}};
    for (const auto& tile : tiles) {
        auto* widget = new MetricTile(u"live.tile."_s + QLatin1StringView(tile.name), tile.title,
                                      tile.definition, parent);
        m_tiles[tile.name] = widget;
        line->addWidget(widget, 1);
    }
    return line;
}

QLayout* LivePage::makeCurves(QWidget* parent)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(12);
    m_utCard = new Card(tr("UT-Acc by session"), {}, parent);
    m_ut = new CurvePlot(u"live.ut"_s, tr("UT-Acc by session"), CurvePlot::Density::Full, m_utCard);
    m_utCard->body()->addWidget(m_ut, 1);
    m_zsCard = new Card(tr("ZS-Acc by session"), {}, parent);
    m_zs = new CurvePlot(u"live.zs"_s, tr("ZS-Acc by session"), CurvePlot::Density::Full, m_zsCard);
    m_zsCard->body()->addWidget(m_zs, 1);
    for (Card* card : {m_utCard, m_zsCard}) {
        card->body()->setSpacing(2);
        line->addWidget(card, 1);
    }
    for (CurvePlot* plot : {m_ut, m_zs}) {
        plot->setSettings(&state().settings());
        connect(plot, &CurvePlot::pointClicked, this, &LivePage::onPointClicked);
        connect(plot, &CurvePlot::seriesClicked, this, &LivePage::toggleCurve);
        connect(plot, &CurvePlot::seriesDoubleClicked, this, &LivePage::isolateCurve);
    }
    m_curveAxis = new QComboBox(m_utCard);
    m_curveAxis->setProperty("small", true);
    nameWidget(m_curveAxis, u"live.curveAxis"_s, tr("What the axis of the accuracy curves counts"));
    fillAxisBox(*m_curveAxis, axisOfId(state().settings().value(u"live/curveAxis"_s).toString()));
    connect(m_curveAxis, &QComboBox::activated, this, [this] {
        state().settings().setValue(u"live/curveAxis"_s, m_curveAxis->currentData());
        updateCurves();
    });
    m_utCard->header()->addWidget(m_curveAxis);
    m_zsCard->header()->addStrut(m_curveAxis->sizeHint().height()); // plots of equal height
    connect(m_ut, &CurvePlot::horizontalRangeChanged, m_zs, &CurvePlot::setHorizontalRange);
    connect(m_zs, &CurvePlot::horizontalRangeChanged, m_ut, &CurvePlot::setHorizontalRange);
    return line;
}

QLayout* LivePage::makeLower(QWidget* parent)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(12);
    makeLossCard(parent);
    m_matrixCard = new Card(tr("Session matrix"), {}, parent);
    m_matrix = new MatrixView(u"live.matrix"_s, m_matrixCard);
    m_matrix->setSettings(&state().settings());
    m_matrixCard->body()->addWidget(m_matrix, 1);
    line->addWidget(m_lossCard, 59);
    line->addWidget(m_matrixCard, 41);
    return line;
}

bool LivePage::isSettled() const
{
    return m_loading == 0 && !m_update.isActive();
}

QString LivePage::helpText() const
{
    return tr("The run that trains now, or a stored one. UT-Acc says what it learned, ZS-Acc what "
              "it kept of the original model; the dashed line is the original. The matrix fills "
              "row by row: accuracy after session s on the classes of session i. Wheel and drag "
              "zoom both curves, a double click resets them. A click on a point offers the model "
              "that the run had there.");
}

void LivePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_isBehind)
        followElsewhere();
    updateNow();
}

void LivePage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrangeHeader();
}

void LivePage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && m_log)
        scheduleUpdate({true, true, true, true});
    Page::changeEvent(event);
}

} // namespace clwb::ui
