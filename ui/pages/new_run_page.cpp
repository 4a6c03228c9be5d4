// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the New run page.
#include "ui/pages/new_run_page.h"

#include "core/spec/presets.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/method_text.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/path_edit.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/tower_picture.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kEstimatePauseMs = 700;

} // namespace

PageInfo describe_new_run_page();
PageInfo describe_new_run_page()
{
    return {
        u"new_run"_s,
        NewRunPage::tr("New run"),
        20,
        {{u"new_run.start"_s, u"run"_s, NewRunPage::tr("Sta&rt the New Run"), u"Ctrl+R"_s,
          NewRunPage::tr("Start what the New run page holds"), true},
         {u"new_run.copy"_s,
          u"run"_s,
          NewRunPage::tr("Copy as Command &Line"),
          {},
          NewRunPage::tr("Copy the clwb command that does the same")},
         {u"new_run.save"_s,
          u"run"_s,
          NewRunPage::tr("Save the New Run as File…"),
          {},
          NewRunPage::tr("A file for clwb run or clwb sweep, and for this page")}},
        [](AppState& state, QWidget* parent) -> Page* { return new NewRunPage(state, parent); }};
}

NewRunPage::NewRunPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_background(new Background(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    auto* header = new QHBoxLayout;
    header->addWidget(makeTitle(tr("New run"), this));
    header->addStretch(1);
    layout->addLayout(header);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(12);
    auto* scroll = new QScrollArea(this);
    nameWidget(scroll, u"new_run.scroll"_s, tr("Form of the new run"));
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    scroll->setWidget(makeForm());
    scroll->viewport()->setAutoFillBackground(false);
    scroll->widget()->setAutoFillBackground(false);
    columns->addWidget(scroll, 1);
    auto* side = new QVBoxLayout;
    side->addWidget(makeRunCard());
    side->addStretch(1);
    columns->addLayout(side);
    layout->addLayout(columns, 1);

    makeUndo();
    m_estimateTimer.setSingleShot(true);
    m_estimateTimer.setInterval(kEstimatePauseMs);
    connect(&m_estimateTimer, &QTimer::timeout, this, &NewRunPage::estimate);
    connectForm();
    connect(&state, &AppState::projectChanged, this, [this] {
        m_source.reset(); // its run is in the other project
        setBranch(std::nullopt);
        m_isReading = false; // which answers no more
        ++m_readRequest;
        ++m_estimateRequest; // what was asked of the project before is answered no more
        m_comparedKey.clear();
        m_folders.reset();
        lookAtFolders();
        suggestPaths();
        formChanged(); // whether it may start, and what is the same, depend on the project
        forgetEdits(); // they may lead back to runs of the other project
    });
    connect(&state, &AppState::runsChanged, this, &NewRunPage::suggestPaths);
    connect(&state, &AppState::fileStateChanged, this, &NewRunPage::showCheck);
    // What was wrong with the files may have been put right in another program.
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, this,
            [this](Qt::ApplicationState active) {
                if (active != Qt::ApplicationActive || !isVisible())
                    return;
                lookAtFolders(); // a disk may have been mounted
                if (!m_studyProblem.isEmpty() || !m_dataProblem.isEmpty()) {
                    readStudy();
                    formChanged();
                }
            });
    connect(&state.queue(), &RunQueue::changed, this, &NewRunPage::showCheck);
    connect(&state.queue(), &RunQueue::ended, this, [this] {
        if (isVisible() && m_check.isValid())
            m_estimateTimer.start(); // which had to wait for the run
    });
    m_wantedPreset = state.settings().value(u"new_run/preset"_s, u"paper"_s).toString();
    if (builtInPresets().contains(m_wantedPreset))
        m_form.usePreset(builtInPreset(m_wantedPreset, {}));
    m_form.study = state.settings().value(u"new_run/study"_s).toString();
    m_form.model = state.settings().value(u"new_run/model"_s).toString();
    showForm();
    formChanged();
    suggestPaths();
    readPresets();
}

QWidget* NewRunPage::makeForm()
{
    auto* form = new QWidget(this);
    auto* layout = new QVBoxLayout(form);
    layout->setContentsMargins(0, 0, 4, 0);
    layout->setSpacing(10);
    layout->addWidget(makeBranchCard());
    layout->addWidget(makeDataCard());
    layout->addWidget(makeMethodCard());
    layout->addWidget(makeSettingsCard());
    layout->addStretch(1);
    return form;
}

QWidget* NewRunPage::makeDataCard()
{
    auto* card = new Card(tr("Study and model"), {}, this);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(6);
    grid->setColumnMinimumWidth(0, 84);
    grid->setColumnStretch(1, 1);
    m_study = new PathEdit(u"new_run.study"_s, tr("Study file"), PathEdit::Kind::File,
                           tr("Study (*.json)"), card);
    m_study->edit()->setPlaceholderText(tr("study.json: which images, classes and sessions"));
    m_model =
        new PathEdit(u"new_run.model"_s, tr("Model folder"), PathEdit::Kind::Folder, {}, card);
    m_model->edit()->setPlaceholderText(tr("folder with config.json and model.safetensors"));
    QLabel* studyLabel = makeLabel(tr("St&udy"), card);
    studyLabel->setBuddy(m_study->edit());
    QLabel* modelLabel = makeLabel(tr("Mo&del"), card);
    modelLabel->setBuddy(m_model->edit());
    m_studyInfo = makeMuted({}, card);
    m_studyInfo->setObjectName(u"new_run.studyInfo"_s);
    m_studyInfo->setWordWrap(true);
    grid->addWidget(studyLabel, 0, 0);
    grid->addWidget(m_study, 0, 1);
    grid->addWidget(m_studyInfo, 1, 1);
    grid->addWidget(modelLabel, 2, 0);
    grid->addWidget(m_model, 2, 1);
    m_useDemo = makeLink(u"new_run.useDemo"_s, tr("Fill in for the demo"), card);
    m_useDemo->setToolTip(tr("The demo world and the small model that come with the program"));
    card->header()->addWidget(m_useDemo);
    card->body()->addLayout(grid);
    return card;
}

QWidget* NewRunPage::makeMethodCard()
{
    auto* card = new Card(tr("What to run"), {}, this);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 84);
    grid->setColumnStretch(1, 1);
    m_setting = new Segments(u"new_run.setting"_s, tr("Setting"),
                             {{u"MST"_s, u"MST"_s, tr("Many sessions: the classes come in parts")},
                              {u"OST"_s, u"OST"_s, tr("One session with all classes")}},
                             card);
    m_option = new Segments(u"new_run.option"_s, tr("Option"),
                            {{u"WM"_s, u"WM"_s, tr("Whole model: both towers are trained")},
                             {u"IO"_s, u"IO"_s, tr("Image only: the text tower is frozen")},
                             {u"TO"_s, u"TO"_s, tr("Text only: the image tower is frozen")}},
                            card);
    QList<Segments::Choice> methods;
    for (const std::string_view id : spec::methodIds())
        methods << Segments::Choice{toQt(id),
                                    toQt(spec::displayLabel("method", std::string(id), "")),
                                    methodText(u"method"_s, toQt(id)).sentence};
    for (const QString& kind : {u"original"_s, u"joint"_s})
        methods << Segments::Choice{kind, toQt(spec::displayLabel(fromQt(kind), "", "")),
                                    methodText(kind, {}).sentence};
    m_method = new Segments(u"new_run.method"_s, tr("Method"), methods, card);
    m_towers = new TowerPicture(card);
    m_sentence = makeLabel({}, card);
    m_sentence->setObjectName(u"new_run.sentence"_s);
    m_sentence->setWordWrap(true);
    m_formula = makeMuted({}, card);
    m_formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont italic = m_formula->font();
    italic.setItalic(true);
    m_formula->setFont(italic);
    auto* options = new QHBoxLayout;
    options->setSpacing(18);
    options->addWidget(m_option);
    options->addWidget(m_towers);
    options->addStretch(1);
    grid->addWidget(makeLabel(tr("Method"), card), 0, 0);
    grid->addWidget(m_method, 0, 1);
    m_words = new QBoxLayout(QBoxLayout::LeftToRight);
    m_words->addWidget(m_sentence, 1);
    m_words->addWidget(m_formula);
    grid->addLayout(m_words, 1, 1);
    m_optionLabel = makeLabel(tr("Option"), card);
    grid->addWidget(m_optionLabel, 2, 0);
    grid->addLayout(options, 2, 1);
    grid->addWidget(makeLabel(tr("Setting"), card), 3, 0);
    grid->addWidget(m_setting, 3, 1);
    card->body()->addLayout(grid);
    return card;
}

QWidget* NewRunPage::makeSettingsCard()
{
    auto* card = new Card(tr("Settings"), {}, this);
    m_search = new QLineEdit(card);
    nameWidget(m_search, u"new_run.search"_s, tr("Search all settings"));
    m_search->setPlaceholderText(tr("Search all settings"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(220);
    card->header()->addWidget(m_search);
    makePresetPicker(card);
    m_rowsWidget = new QWidget(card);
    m_rowsLayout = new QVBoxLayout(m_rowsWidget);
    m_rowsLayout->setContentsMargins(0, 0, 0, 0);
    m_rowsLayout->setSpacing(5);
    card->body()->addWidget(m_rowsWidget);
    m_showAll = makeLink(u"new_run.showAll"_s, tr("All settings"), card);
    auto* line = new QHBoxLayout;
    line->addWidget(m_showAll);
    line->addStretch(1);
    card->body()->addLayout(line);
    return card;
}

QLayout* NewRunPage::makeEvaluation(QWidget* parent)
{
    auto* column = new QVBoxLayout;
    column->setSpacing(5);
    const std::pair<QString, QString> parts[] = {
        {u"ut"_s, tr("Updated task (UT)")},
        {u"zs"_s, tr("Zero-shot (ZS)")},
        {u"retrieval"_s, tr("Retrieval (TR, IR)")},
        {u"shuffle"_s, tr("Retrieval with shuffled words")}};
    for (const auto& [id, text] : parts) {
        auto* box = new QCheckBox(text, parent);
        nameWidget(box, u"new_run.what."_s + id, tr("Evaluate %1").arg(text));
        m_what[id] = box;
        column->addWidget(box);
    }
    m_after = new QComboBox(parent);
    nameWidget(m_after, u"new_run.after"_s, tr("When to evaluate"));
    for (const auto& [id, text] : {std::pair{u"session"_s, tr("after every session")},
                                   {u"epoch"_s, tr("after every epoch")},
                                   {u"run"_s, tr("before and at the end")},
                                   {u"never"_s, tr("never")}})
        m_after->addItem(text, id);
    column->addWidget(m_after);
    return column;
}

QWidget* NewRunPage::makeRunCard()
{
    auto* card = new Card(tr("This run"), {}, this);
    m_runCard = card;
    card->body()->setSpacing(6);
    const auto addField = [card](const QString& text, QWidget* field) {
        QLabel* label = makeMuted(text, card);
        label->setBuddy(field);
        card->body()->addWidget(label);
        card->body()->addWidget(field);
    };
    m_name = new QLineEdit(card);
    nameWidget(m_name, u"new_run.name"_s, tr("Name of the run"));
    addField(tr("&Name"), m_name);
    m_seeds = new QLineEdit(card);
    nameWidget(m_seeds, u"new_run.seeds"_s, tr("Seeds"));
    m_seeds->setPlaceholderText(u"0, 1, 2"_s);
    m_seeds->setToolTip(tr("One run for each seed"));
    addField(tr("Seeds, &one run each"), m_seeds);
    card->body()->addSpacing(4);
    card->body()->addWidget(makeMuted(tr("Evaluate"), card));
    card->body()->addLayout(makeEvaluation(card));
    card->body()->addSpacing(8);
    makeEstimate(card);
    card->body()->addSpacing(6);
    for (const auto& [label, id] :
         {std::pair{&m_changes, u"new_run.changes"_s}, {&m_warnings, u"new_run.warnings"_s}}) {
        *label = makeMuted({}, card);
        (*label)->setObjectName(id);
        (*label)->setWordWrap(true);
        card->body()->addWidget(*label);
    }
    m_reason = makeLabel({}, card);
    m_reason->setObjectName(u"new_run.reason"_s);
    m_reason->setProperty("problem", true);
    m_reason->setWordWrap(true);
    card->body()->addWidget(m_reason);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_queue = makeButton(u"new_run.queue"_s, tr("Add to &Queue"), card);
    m_start = makePrimary(u"new_run.start"_s, tr("&Start"), card);
    buttons->addWidget(m_queue, 1);
    buttons->addWidget(m_start, 1);
    card->body()->addLayout(buttons);
    m_copy = makeLink(u"new_run.copy"_s, tr("Copy as command line"), card);
    m_save = makeLink(u"new_run.save"_s, tr("Save as file…"), card);
    auto* links = new FlowLayout;
    links->addWidget(m_copy);
    links->addWidget(m_save);
    card->body()->addLayout(links);
    return card;
}

void NewRunPage::trigger(const QString& actionId)
{
    if (actionId == "new_run.start"_L1) {
        lookAtFolders();
        start(true);
    } else if (actionId == "new_run.copy"_L1) {
        copyCommandLine();
    } else if (actionId == "new_run.save"_L1) {
        saveAsFile();
    }
}

bool NewRunPage::isActionEnabled(const QString& actionId) const
{
    if (actionId == "new_run.start"_L1)
        return m_start->isEnabled();
    return actionId == "new_run.copy"_L1 ? m_copy->isEnabled() : m_save->isEnabled();
}

QString NewRunPage::whyDisabled(const QString& actionId) const
{
    if (actionId == "new_run.start"_L1)
        return m_start->toolTip();
    return actionId == "new_run.copy"_L1 ? m_copy->toolTip() : m_save->toolTip();
}

bool NewRunPage::isSettled() const
{
    return !m_estimateTimer.isActive() && !m_isEstimating &&
           m_comparingRequest != m_estimateRequest && !m_looks.contains(state().projectFile());
}

QString NewRunPage::helpText() const
{
    return tr("Choose data, method and settings. ● marks what differs from the preset, ↺ goes "
              "back to its value; hold the mouse over a setting to read what it does and why its "
              "default is what it is. “Vary” lets a setting take a list or range of values, one "
              "run each: a sweep. Start is off while something is wrong, and says why.");
}

} // namespace clwb::ui
