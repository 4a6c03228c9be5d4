// SPDX-License-Identifier: GPL-3.0-or-later
// The line above the run list: filter, groups, columns, and what to do with the selected runs.
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/menu_title.h"
#include "ui/widgets/run_view.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShowEvent>
#include <QToolButton>

#include <tuple>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QWidget* RunsPage::makeHeader()
{
    auto* header = new QWidget(this);
    auto* line = new QHBoxLayout(header);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(10);
    line->addWidget(makeTitle(tr("Runs"), header));
    m_filter = new QLineEdit(header);
    nameWidget(m_filter, u"runs.filter"_s, tr("Filter of the run list"));
    m_filter->setPlaceholderText(tr("Filter: option:wm zs>60"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMinimumWidth(90);
    m_filter->setMaximumWidth(460);
    connect(m_filter, &QLineEdit::textChanged, this, &RunsPage::applyFilter);
    line->addWidget(m_filter, 4);
    QToolButton* group = makeMenuButton(u"runs.group"_s, tr("Group by"), header);
    group->setMenu(makeGroupMenu());
    line->addWidget(group);
    m_columns = makeButton(u"runs.columns"_s, tr("Columns…"), header);
    connect(m_columns, &QPushButton::clicked, this, &RunsPage::chooseColumns);
    line->addWidget(m_columns);
    line->addStretch(1);
    m_clone = makeButton(u"runs.cloneSelected"_s, tr("Clone"), header);
    m_compare = makeButton(u"runs.compareSelected"_s, tr("Compare"), header);
    for (const auto& [button, action] :
         {std::pair(m_clone, u"runs.clone"_s), std::pair(m_compare, u"runs.compare"_s)}) {
        connect(button, &QPushButton::clicked, this, [this, id = action] { trigger(id); });
        line->addWidget(button);
    }
    connect(this, &Page::actionsChanged, this, &RunsPage::updateHead);
    QToolButton* exportButton = makeMenuButton(u"runs.export"_s, tr("Export"), header);
    exportButton->setMenu(makeExportMenu());
    line->addWidget(exportButton);
    QPushButton* add = makePrimary(u"runs.new"_s, tr("New Run"), header);
    connect(add, &QPushButton::clicked, this, [this] { state().requestPage(u"new_run"_s); });
    line->addWidget(add);
    return header;
}

void RunsPage::updateHead()
{
    for (const auto& [button, id, tip] :
         {std::tuple(m_clone, u"runs.clone"_s, tr("New run with the settings of this one")),
          std::tuple(m_compare, u"runs.compare"_s, tr("The selected runs side by side"))}) {
        button->setEnabled(isActionEnabled(id));
        button->setToolTip(button->isEnabled() ? tip : whyDisabled(id));
    }
}

void RunsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    updateHead(); // while the page was hidden, nothing could be done to what is selected
}

void RunsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    constexpr int kRoomForColumns = 620;
    constexpr int kRoomForActions = 760; // in the place of Columns…
    constexpr int kRoomForAll = 900;
    const int room = parentWidget()->width();
    const bool hasActions = room >= kRoomForActions; // the menus have them, too
    // The titles of columns have a menu, too.
    m_columns->setVisible(room >= (hasActions ? kRoomForAll : kRoomForColumns));
    m_clone->setVisible(hasActions);
    m_compare->setVisible(hasActions);
}

QMenu* RunsPage::makeGroupMenu()
{
    auto* menu = new QMenu(this);
    addMenuTitle(*menu, tr("Grouped by"));
    auto* choices = new QActionGroup(menu);
    const std::pair<RunGrouping, QString> groupings[] = {
        {RunGrouping::Study, tr("Study")},
        {RunGrouping::Setting, tr("Setting")},
        {RunGrouping::Method, tr("Method")},
        {RunGrouping::Option, tr("Option")},
        {RunGrouping::Configuration, tr("Configuration (Seeds)")},
        {RunGrouping::None, tr("Nothing")}};
    for (const auto& [grouping, title] : groupings) {
        QAction* action = menu->addAction(title);
        action->setCheckable(true);
        choices->addAction(action);
        const RunGrouping value = grouping;
        connect(action, &QAction::triggered, this, [this, value] {
            m_model->setGrouping(value);
            m_view->fitMetrics();
            rememberLook();
        });
        connect(menu, &QMenu::aboutToShow, action,
                [this, action, value] { action->setChecked(m_model->grouping() == value); });
    }
    addUnderlineChoices(*menu);
    return menu;
}

void RunsPage::addUnderlineChoices(QMenu& menu)
{
    addMenuTitle(menu, tr("Underlined"));
    auto* choices = new QActionGroup(&menu);
    const std::pair<report::Underline, QString> marks[] = {
        {report::Underline::GroupBest, tr("Best of WM, IO and TO Each")},
        {report::Underline::Second, tr("Second Best of the Column")}};
    for (const auto& [mark, title] : marks) {
        QAction* action = menu.addAction(title);
        action->setCheckable(true);
        choices->addAction(action);
        connect(&menu, &QMenu::aboutToShow, action,
                [this, action, mark = mark] { action->setChecked(m_model->underline() == mark); });
        connect(action, &QAction::triggered, this, [this, mark = mark] {
            m_model->setUnderline(mark);
            rememberLook();
        });
    }
}

} // namespace clwb::ui
