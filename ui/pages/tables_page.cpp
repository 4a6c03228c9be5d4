// SPDX-License-Identifier: GPL-3.0-or-later
// The Tables page: construction and choices.
#include "ui/pages/tables_page.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/grid_model.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/grid_view.h"
#include "ui/widgets/menu_title.h"
#include "ui/widgets/segments.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PageInfo describe_tables_page();
PageInfo describe_tables_page()
{
    const auto tr = [](const char* text) { return TablesPage::tr(text); };
    return {
        u"tables"_s,
        TablesPage::tr("Tables"),
        50,
        {{u"tables.copyLatex"_s, u"edit"_s, tr("Copy Table as &LaTeX"), u"Ctrl+Alt+C"_s,
          tr("Copy the table for a paper: booktabs, best values marked")}},
        [](AppState& state, QWidget* parent) -> Page* { return new TablesPage(state, parent); }};
}

TablesPage::TablesPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_model(new GridModel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    layout->addLayout(makeHeader());
    layout->addLayout(makeSwitches());
    m_problem = makeLabel({}, this);
    m_problem->setProperty("problem", true);
    m_problem->hide();
    layout->addWidget(m_problem);
    layout->addWidget(makeTable(), 1);
    m_notes = makeMuted({}, this);
    nameWidget(m_notes, u"tables.notes"_s, tr("Notes on the table"));
    m_notes->setWordWrap(true);
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_notes);

    m_update.setSingleShot(true);
    m_update.setInterval(120); // typing in the filter asks once
    connect(&m_update, &QTimer::timeout, this, &TablesPage::load);
    connect(m_view, &GridView::linkActivated, this, &TablesPage::followLink);
    connect(&state, &AppState::runsChanged, this, &TablesPage::onRunsChanged);
    connect(&state, &AppState::projectChanged, this, [this] {
        restoreChoices();
        onRunsChanged();
    });
    connect(&state.looks(), &RunLooks::changed, this, &TablesPage::onRunsChanged);
    restoreChoices();
    onRunsChanged();
}

QLayout* TablesPage::makeHeader()
{
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    line->addWidget(makeTitle(tr("Tables"), this));
    m_kind = new ElidedCombo(this);
    nameWidget(m_kind, u"tables.kind"_s, tr("Table"));
    for (const report::TableKind& kind : report::tableKinds())
        m_kind->addItem(toQt(report::titleInPaper(kind)), toQt(kind.name));
    m_kind->setMinimumContentsLength(16);
    m_kind->setMaxVisibleItems(static_cast<int>(report::tableKinds().size()));
    m_kind->setMaximumWidth(520);
    connect(m_kind, &QComboBox::activated, this, &TablesPage::onChoice);
    line->addWidget(m_kind, 3);
    m_study = new ElidedCombo(this);
    nameWidget(m_study, u"tables.study"_s, tr("Study of the table"));
    m_study->setMinimumContentsLength(12);
    m_study->setMaximumWidth(320);
    m_study->hide();
    connect(m_study, &QComboBox::activated, this, [this] {
        m_memory.setValue(u"tables/study"_s, m_study->currentData());
        onChoice();
    });
    line->addWidget(m_study, 2);
    line->addStretch(1);
    QToolButton* copy = makeMenuButton(u"tables.copyMenu"_s, tr("Copy"), this);
    copy->setMenu(makeCopyMenu(copy));
    line->addWidget(copy);
    QToolButton* exportButton = makeMenuButton(u"tables.export"_s, tr("Export"), this);
    exportButton->setMenu(makeExportMenu(exportButton));
    line->addWidget(exportButton);
    return line;
}

QLayout* TablesPage::makeSwitches()
{
    auto* line = new FlowLayout;
    line->setSpacing(10);
    m_filterText = new QLineEdit(this);
    nameWidget(m_filterText, u"tables.filter"_s, tr("Filter of the runs in the table"));
    m_filterText->setPlaceholderText(tr("Filter: tag:paper -method:imm"));
    m_filterText->setClearButtonEnabled(true);
    m_filterText->setMinimumWidth(240);
    connect(m_filterText, &QLineEdit::textChanged, this, &TablesPage::onChoice);
    line->addWidget(m_filterText);
    m_reported = new Segments(
        u"tables.reported"_s, tr("The paper's numbers"),
        {{u"rows"_s, tr("Paper in rows"), tr("The paper's numbers in rows of their own")},
         {u"beside"_s, tr("Beside"), tr("The paper's numbers beside ours, with the difference")},
         {u"none"_s, tr("Ours only"), tr("Without the paper's numbers")}},
        this);
    connect(m_reported, &Segments::currentChanged, this, &TablesPage::onChoice);
    line->addWidget(m_reported);
    m_seeds = new Segments(
        u"tables.seeds"_s, tr("Seeds"),
        {{u"mean"_s, tr("Mean ± std"),
          tr("Runs that differ by seed only share a row; branches have rows of their own")},
         {u"each"_s, tr("Each run"), tr("A row a run, as in the CSV file")}},
        this);
    connect(m_seeds, &Segments::currentChanged, this, &TablesPage::onChoice);
    line->addWidget(m_seeds);
    m_decimals = new QSpinBox(this);
    nameWidget(m_decimals, u"tables.decimals"_s, tr("Decimals"));
    m_decimals->setRange(0, 6);
    m_decimals->setSuffix(tr(" decimals"));
    connect(m_decimals, &QSpinBox::valueChanged, this, &TablesPage::onChoice);
    line->addWidget(m_decimals);
    QToolButton* more = makeMenuButton(u"tables.more"_s, tr("More"), this);
    m_more = makeMoreMenu(more);
    more->setMenu(m_more);
    line->addWidget(more);
    return line;
}

QMenu* TablesPage::makeMoreMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    const auto addChoices = [&](const QString& title,
                                const std::vector<std::pair<QString, QString>>& choices) {
        addMenuTitle(*menu, title);
        auto* group = new QActionGroup(menu);
        for (const auto& [id, text] : choices) {
            QAction* action = menu->addAction(text);
            action->setObjectName(id);
            action->setCheckable(true);
            group->addAction(action);
            connect(action, &QAction::triggered, this, &TablesPage::onChoice);
        }
        group->actions().constFirst()->setChecked(true);
    };
    addChoices(tr("Underlined"), {{u"underline.group"_s, tr("Best of WM, IO and TO each")},
                                  {u"underline.second"_s, tr("Second best of the column")}});
    addChoices(tr("Equal are"), {{u"ties.displayed"_s, tr("Numbers that look equal")},
                                 {u"ties.exact"_s, tr("Only numbers that are")}});
    addChoices(tr("Updated task counted among"),
               {{u"labels.stored"_s, tr("The classes each run says")},
                {u"labels.all"_s, tr("All classes")},
                {u"labels.seen"_s, tr("The classes seen so far")}});
    addChoices(tr("Curves on test crops of"),
               {{u"curve.seen"_s, tr("The seen sessions")}, {u"curve.all"_s, tr("All sessions")}});
    menu->addSeparator();
    const auto addSwitch = [&](const QString& id, const QString& text, bool isOn) {
        QAction* action = menu->addAction(text);
        action->setObjectName(id);
        action->setCheckable(true);
        action->setChecked(isOn);
        connect(action, &QAction::triggered, this, &TablesPage::onChoice);
    };
    addSwitch(u"complete"_s, tr("Rows of the paper that nobody has run"), true);
    addSwitch(u"unfinished"_s, tr("Runs that have not finished"), false);
    addSwitch(u"withoutHidden"_s, tr("Leave out runs hidden in plots"), false);
    return menu;
}

QMenu* TablesPage::makeCopyMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    connect(menu->addAction(tr("Cells as Text and Table")), &QAction::triggered, this,
            [this] { m_view->copyShown(); });
    for (const TableFileType& type : tableFileTypes()) {
        connect(menu->addAction(type.title), &QAction::triggered, this,
                [this, format = type.format] { copyTableText(state(), order(format)); });
    }
    return menu;
}

QMenu* TablesPage::makeExportMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    for (const TableFileType& type : tableFileTypes()) {
        connect(menu->addAction(type.title + u'…'), &QAction::triggered, this,
                [this, format = type.format] { askAndExportTable(state(), order(format), this); });
    }
    return menu;
}

QWidget* TablesPage::makeTable()
{
    auto* card = new Card(this);
    card->body()->setContentsMargins(0, 4, 0, 8);
    m_stack = new QStackedWidget(card);
    m_view = new GridView(m_model, u"tables.table"_s, tr("Table of results"), m_stack);
    m_empty =
        new EmptyState(u"tables.empty"_s, tr("No run has a place in this table"), {}, m_stack);
    m_noProject =
        new EmptyState(u"tables.noProject"_s, tr("No project is open"),
                       tr("The paper's tables are made here from a project's runs."), m_stack);
    connect(m_empty->addAction(u"tables.newRun"_s, tr("New Run"), true), &QPushButton::clicked,
            this, [this] { state().requestPage(u"new_run"_s); });
    connect(m_noProject->addAction(u"tables.openProject"_s, tr("Open Project…"), true),
            &QPushButton::clicked, this, [this] { state().requestAction(u"file.open"_s); });
    for (QWidget* widget : {static_cast<QWidget*>(m_view), static_cast<QWidget*>(m_empty),
                            static_cast<QWidget*>(m_noProject)})
        m_stack->addWidget(widget);
    card->body()->addWidget(m_stack);
    return card;
}

void TablesPage::restoreChoices()
{
    m_memory = state().projectSettings();
    const QSignalBlocker blockers[] = {QSignalBlocker(m_filterText), QSignalBlocker(m_decimals)};
    const QString kind = m_memory.habit(u"tables/kind"_s, u"mst"_s).toString();
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(kind)));
    m_filterText->setText(m_memory.value(u"tables/filter"_s).toString());
    m_filter = RunFilter::parse(m_filterText->text()).filter;
    m_reported->setCurrent(m_memory.habit(u"tables/reported"_s, u"rows"_s).toString());
    m_seeds->setCurrent(m_memory.habit(u"tables/seeds"_s, u"mean"_s).toString());
    m_decimals->setValue(m_memory.habit(u"tables/decimals"_s, 2).toInt());
    const QStringList chosen = m_memory.habit(u"tables/more"_s).toStringList();
    if (chosen.isEmpty())
        return;
    for (QAction* action : m_more->actions()) {
        if (action->isCheckable())
            action->setChecked(chosen.contains(action->objectName()));
    }
}

void TablesPage::rememberChoices()
{
    m_memory.setHabit(u"tables/kind"_s, kind());
    m_memory.setValue(u"tables/filter"_s, m_filterText->text());
    m_memory.setHabit(u"tables/reported"_s, m_reported->current());
    m_memory.setHabit(u"tables/seeds"_s, m_seeds->current());
    m_memory.setHabit(u"tables/decimals"_s, m_decimals->value());
    QStringList chosen;
    for (const QAction* action : m_more->actions()) {
        if (action->isChecked())
            chosen << action->objectName();
    }
    m_memory.setHabit(u"tables/more"_s, chosen);
}

bool TablesPage::isChosen(const QString& id) const
{
    const auto actions = m_more->actions();
    return std::any_of(actions.begin(), actions.end(), [&](const QAction* action) {
        return action->objectName() == id && action->isChecked();
    });
}

bool TablesPage::focusFilter()
{
    m_filterText->setFocus();
    m_filterText->selectAll();
    return true;
}

QString TablesPage::kind() const
{
    return m_kind->currentData().toString();
}

report::TableOptions TablesPage::options() const
{
    report::TableOptions options;
    options.layout = m_seeds->current() == "each"_L1 ? report::Layout::Raw : report::Layout::Paper;
    options.decimals = m_decimals->value();
    options.isComplete = isChosen(u"complete"_s);
    if (m_reported->current() == "beside"_L1)
        options.reported = report::Reported::Beside;
    if (isChosen(u"underline.second"_s))
        options.underline = report::Underline::Second;
    if (isChosen(u"ties.exact"_s))
        options.ties = report::Ties::Exact;
    if (!isChosen(u"labels.stored"_s))
        options.labelSpace = isChosen(u"labels.seen"_s) ? "seen" : "all";
    options.curve = isChosen(u"curve.all"_s) ? "all" : "seen";
    return options;
}

QString TablesPage::helpText() const
{
    return tr(
        "The tables of the paper from this project's runs. The best of a column is bold, the "
        "best of an option underlined; references, reported and unfinished rows do not "
        "compete. Runs that have not finished are left out until asked for in the menu More. "
        "A row says behind its name which run or how many runs it is the mean of; a "
        "click on a number leads there. Branches have rows of their own. A table holds the "
        "runs of one study, which is chosen beside it where there are several. Copy or export the "
        "table as "
        "LaTeX, CSV, Markdown, HTML or JSON: CSV and JSON hold a row a run with all digits.");
}

} // namespace clwb::ui
