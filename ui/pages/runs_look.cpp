// SPDX-License-Identifier: GPL-3.0-or-later
// How the Runs page looks, remembered by project: columns, widths, order, sorting, filter, groups,
// selection. A project seen for the first time looks as the last one did.
#include "ui/bridge/qt_text.h"
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/run_view.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSplitter>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kListHeight = 560;
constexpr int kInspectorHeight = 216;
constexpr qsizetype kMostSelected = 200; ///< more are not remembered

QStringList idsOf(const std::set<int>& columns)
{
    QStringList ids;
    for (const int column : columns)
        ids << runColumns()[static_cast<size_t>(column)].id;
    return ids;
}

std::set<int> columnsOf(const QVariant& ids)
{
    std::set<int> columns;
    for (const QString& id : ids.toStringList())
        columns.insert(columnOf(id));
    columns.erase(-1);
    return columns;
}

/// "zs desc", the first by which is sorted first.
QStringList textsOf(const RunListModel::Sorts& sorts)
{
    QStringList texts;
    for (const auto& [column, order] : sorts)
        texts << runColumns()[static_cast<size_t>(column)].id +
                     (order == Qt::AscendingOrder ? " asc"_L1 : " desc"_L1);
    return texts;
}

RunListModel::Sorts sortsOf(const QVariant& texts)
{
    RunListModel::Sorts sorts;
    for (const QString& text : texts.toStringList())
        sorts.emplace_back(columnOf(text.section(u' ', 0, 0)),
                           text.endsWith(" asc"_L1) ? Qt::AscendingOrder : Qt::DescendingOrder);
    return sorts;
}

} // namespace

void RunsPage::restoreLook()
{
    showLastValues();
    for (const QString& text : m_memory.habit(u"runs/values"_s).toStringList()) {
        const int column = columnOf(text.section(u'=', 0, 0));
        if (column >= 0 && runColumns()[static_cast<size_t>(column)].kind == ColumnKind::Metric)
            m_model->setMetricValue(column, MetricValue::fromId(text.section(u'=', 1)));
    }
    m_model->setGrouping(static_cast<RunGrouping>(
        m_memory.habit(u"runs/grouping"_s, static_cast<int>(RunGrouping::Study)).toInt()));
    m_model->setUnderline(m_memory.habit(u"runs/underlineSecond"_s).toBool()
                              ? report::Underline::Second
                              : report::Underline::GroupBest);
    m_model->setArchived(m_memory.value(u"runs/archived"_s).toBool() ? Archived::Shown
                                                                     : Archived::Hidden);
    if (!m_view->restoreColumnState(m_memory.habit(u"runs/columns"_s).toByteArray())) {
        m_view->resetColumns();
        m_view->header()->setSortIndicator(-1, Qt::DescendingOrder);
    }
    m_view->setPinnedColumns(columnsOf(m_memory.habit(u"runs/pinnedColumns"_s, u"name"_s)));
    m_model->setSorts(sortsOf(m_memory.habit(u"runs/sorts"_s))); // the header knows only the first
    m_view->fitMetrics();
    if (!m_splitter->restoreState(m_memory.habit(u"runs/splitter"_s).toByteArray()))
        m_splitter->setSizes({kListHeight, kInspectorHeight});
    const QSignalBlocker isSilent(m_filter);
    m_filter->setText(m_memory.value(u"runs/filter"_s).toString());
    applyFilter();
}

void RunsPage::rememberLook()
{
    QStringList values; // "zs=session 3"
    for (const auto& [column, value] : m_model->figures().choices())
        values << runColumns()[static_cast<size_t>(column)].id + u'=' + value.id();
    m_memory.setHabit(u"runs/values"_s, values);
    m_memory.setHabit(u"runs/grouping"_s, static_cast<int>(m_model->grouping()));
    m_memory.setHabit(u"runs/underlineSecond"_s, m_model->underline() == report::Underline::Second);
    m_memory.setValue(u"runs/archived"_s, m_model->archived() == Archived::Shown);
    m_memory.setHabit(u"runs/columns"_s, m_view->columnState());
    m_memory.setHabit(u"runs/pinnedColumns"_s, idsOf(m_view->pinnedColumns()));
    m_memory.setHabit(u"runs/sorts"_s, textsOf(m_model->sorts()));
    m_memory.setHabit(u"runs/splitter"_s, m_splitter->saveState());
    m_memory.setValue(u"runs/filter"_s, m_filter->text());
    QStringList selected;
    for (const int64_t run : m_view->selectedRuns())
        selected << QString::number(run);
    m_memory.setValue(u"runs/selected"_s, selected.mid(0, kMostSelected));
}

void RunsPage::selectRemembered()
{
    std::vector<int64_t> runs;
    for (const QString& text : m_memory.value(u"runs/selected"_s).toStringList()) {
        if (m_model->indexOfRun(text.toLongLong()).isValid())
            runs.push_back(text.toLongLong());
    }
    if (const auto shown = m_model->shownRuns(); runs.empty() && !shown.empty())
        runs = {shown.front()->runId};
    m_view->selectRuns(runs);
}

void RunsPage::showLastValues()
{
    for (const auto& [column, value] : std::map(m_model->figures().choices()))
        m_model->setMetricValue(column, MetricValue::Last);
}

void RunsPage::resetColumns()
{
    showLastValues();
    m_view->resetColumns();
    m_view->setPinnedColumns({columnOf(u"name"_s)});
    m_view->fitMetrics();
    rememberLook();
}

void RunsPage::resetLayout()
{
    m_splitter->setSizes({kListHeight, kInspectorHeight});
    resetColumns();
}

} // namespace clwb::ui
