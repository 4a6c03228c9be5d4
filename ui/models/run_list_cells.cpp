// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells, group lines and titles of the run list say.
#include "ui/bridge/qt_text.h"
#include "ui/models/run_list_model.h"
#include "ui/shell/theme.h"

#include <QFont>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QVariant alignmentOf(const RunColumn& column)
{
    const bool isNumber = column.kind == ColumnKind::Metric || column.kind == ColumnKind::Number;
    return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
}

} // namespace

Qt::ItemFlags RunListModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    // A selected configuration stands for its runs.
    return index.internalId() == 0 && m_grouping != RunGrouping::Configuration
               ? Qt::ItemIsEnabled
               : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

QVariant RunListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const RunColumn& column = runColumns()[static_cast<size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return m_figures.shown(section) == MetricValue::Best ? tr("%1 max").arg(column.title)
                                                             : column.title;
    case Qt::ToolTipRole:
        return m_figures.shown(section) == MetricValue::Best
                   ? tr("%1\nThe largest value after any session; the small number is the session.")
                         .arg(column.definition)
                   : column.definition;
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    default:
        return {};
    }
}

QVariant RunListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.internalId() == 0)
        return groupData(m_groups[static_cast<size_t>(index.row())], index.column(), role);
    const store::RunRow& run = *runAt(index);
    if (role == Qt::FontRole || role == UnderlineRole)
        return m_grouping == RunGrouping::Configuration ? QVariant()
                                                        : markData(run.runId, index.column(), role);
    return runData(run, index.column(), role);
}

int64_t RunListModel::markedRun(const Group& group) const
{
    for (const size_t row : group.rows) {
        if (competes(m_runs[row]))
            return m_runs[row].runId;
    }
    return -1;
}

QVariant RunListModel::markData(int64_t id, int column, int role) const
{
    const auto mark = m_marks.find({id, column});
    if (mark == m_marks.end())
        return {};
    if (role == UnderlineRole)
        return mark->second.isBestOfOption;
    QFont font;
    font.setBold(mark->second.isBest);
    return font;
}

QVariant RunListModel::groupData(const Group& group, int column, int role) const
{
    const auto shown = static_cast<int>(group.rows.size());
    switch (role) {
    case IsGroupRole:
        return true;
    case GroupKeyRole:
        return group.key;
    case GroupTitleRole:
        return group.title;
    case GroupCountRole:
        return shown == group.total ? countedText(shown, tr("%1 run"), tr("%1 runs"))
                                    : tr("%1 of %2 runs match").arg(shown).arg(group.total);
    case HasFiguresRole:
        return !group.figures.empty();
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        if (group.figures.empty() || column == 0)
            return column == 0 ? group.title : QString();
        break;
    default:
        break;
    }
    return group.figures.empty() ? QVariant() : groupCell(group, column, role);
}

QString RunListModel::textOf(const store::RunRow& run, int at) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    return column.number ? numberCellText(column, m_figures.number(run, at))
                         : cellText(column, run);
}

QVariant RunListModel::runTip(const store::RunRow& run, int at) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    const auto number =
        column.kind == ColumnKind::Metric ? m_figures.number(run, at) : std::nullopt;
    if (number) {
        const auto best = m_figures.sessionOfBest(run, at);
        QString tip = best ? tr("%1\nBest, after session %2: %3") : tr("%1\nAfter session %2: %3");
        tip = tip.arg(column.definition)
                  .arg(best.value_or(std::max(0, run.lastSession)))
                  .arg(numberText(*number, 4));
        const auto last = column.number(run);
        return best && last ? tr("%1\nLast, after session %2: %3")
                                  .arg(tip)
                                  .arg(std::max(0, run.lastSession))
                                  .arg(numberText(*last, 4))
                            : tip;
    }
    if (column.id == "status"_L1 && !run.message.empty())
        return toQt(run.message);
    if (column.id == "status"_L1 && run.status == "running" && !run.owner.empty())
        return tr("Running in %1").arg(toQt(run.owner));
    return column.kind == ColumnKind::Text || column.kind == ColumnKind::Tags
               ? cellText(column, run)
               : QVariant();
}

QVariant RunListModel::runData(const store::RunRow& run, int at, int role) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(run, at);
    case Qt::AccessibleTextRole:
        return column.kind == ColumnKind::Swatch ? (run.starred ? tr("starred") : QString())
                                                 : textOf(run, at);
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    case Qt::ToolTipRole:
        return runTip(run, at);
    case RunIdRole:
        return QVariant::fromValue<qint64>(run.runId);
    case IsGroupRole:
        return false;
    case SessionRole: {
        const auto session = m_figures.sessionOfBest(run, at);
        return session ? QVariant(*session) : QVariant();
    }
    case ArchivedRole:
        return isArchived(run);
    case ColourRole:
        return methodColour(toQt(run.kind), toQt(run.method));
    case StarRole:
        return run.starred;
    case StatusRole:
        return toQt(run.status);
    default:
        return {};
    }
}

} // namespace clwb::ui
