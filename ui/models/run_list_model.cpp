// SPDX-License-Identifier: GPL-3.0-or-later
// Structure and data of the run list.
#include "ui/models/run_list_model.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"

#include <QFont>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

RunListModel::RunListModel(QObject* parent)
    : QAbstractItemModel(parent)
{}

void RunListModel::setRuns(std::vector<store::RunRow> runs)
{
    const std::vector<int64_t> oldIds = std::move(m_ids);
    m_ids.clear();
    for (const store::RunRow& run : runs)
        m_ids.push_back(run.runId);
    std::vector<store::RunRow> oldRuns = std::exchange(m_runs, std::move(runs));
    std::vector<Group> groups = makeGroups();
    if (sameRows(m_groups, groups, oldIds, m_runs)) {
        m_groups = std::move(groups);
        remark();
        for (int row = 0; row < rowCount(); ++row) {
            const QModelIndex group = index(row, 0);
            Q_EMIT dataChanged(group, index(row, columnCount() - 1));
            if (rowCount(group) > 0)
                Q_EMIT dataChanged(index(0, 0, group),
                                   index(rowCount(group) - 1, columnCount() - 1, group));
        }
        return;
    }
    // Views must see the old rows until the reset begins.
    m_runs.swap(oldRuns);
    beginResetModel();
    m_runs.swap(oldRuns);
    m_groups = std::move(groups);
    remark();
    endResetModel();
}

bool RunListModel::sameRows(const std::vector<Group>& a, const std::vector<Group>& b,
                            const std::vector<int64_t>& idsOfA,
                            const std::vector<store::RunRow>& runsOfB)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Group& x, const Group& y) {
        return x.key == y.key && std::equal(x.rows.begin(), x.rows.end(), y.rows.begin(),
                                            y.rows.end(), [&](size_t i, size_t j) {
                                                return i < idsOfA.size() &&
                                                       idsOfA[i] == runsOfB[j].runId;
                                            });
    });
}

void RunListModel::setFilter(RunFilter filter)
{
    m_filter = std::move(filter);
    rebuild();
}

void RunListModel::setGrouping(RunGrouping grouping)
{
    if (grouping == m_grouping)
        return;
    m_grouping = grouping;
    rebuild();
}

void RunListModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    rebuild();
}

void RunListModel::rebuild()
{
    beginResetModel();
    m_groups = makeGroups();
    remark();
    endResetModel();
}

void RunListModel::remark()
{
    m_marks.clear();
    for (const Group& group : m_groups) {
        std::vector<const store::RunRow*> runs;
        for (const size_t row : group.rows)
            runs.push_back(&m_runs[row]);
        m_marks.push_back(markBest(runs));
    }
}

int RunListModel::shownCount() const
{
    size_t count = 0;
    for (const Group& group : m_groups)
        count += group.rows.size();
    return static_cast<int>(count);
}

const store::RunRow* RunListModel::runAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    const Group& group = m_groups[index.internalId() - 1];
    return &m_runs[group.rows[static_cast<size_t>(index.row())]];
}

QModelIndex RunListModel::indexOfRun(int64_t runId) const
{
    for (size_t at = 0; at < m_groups.size(); ++at) {
        const auto& rows = m_groups[at].rows;
        for (size_t row = 0; row < rows.size(); ++row) {
            if (m_runs[rows[row]].runId == runId)
                return createIndex(static_cast<int>(row), 0, at + 1);
        }
    }
    return {};
}

std::vector<const store::RunRow*> RunListModel::shownRuns() const
{
    std::vector<const store::RunRow*> shown;
    for (const Group& group : m_groups) {
        for (const size_t row : group.rows)
            shown.push_back(&m_runs[row]);
    }
    return shown;
}

QModelIndex RunListModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex RunListModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, quintptr{0});
}

int RunListModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0 || parent.column() > 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<size_t>(parent.row())].rows.size());
}

int RunListModel::columnCount(const QModelIndex& /*parent*/) const
{
    return static_cast<int>(runColumns().size());
}

Qt::ItemFlags RunListModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return index.internalId() == 0 ? Qt::ItemIsEnabled : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

QVariant RunListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const RunColumn& column = runColumns()[static_cast<size_t>(section)];
    const bool isNumber = column.kind == ColumnKind::Metric || column.kind == ColumnKind::Number;
    switch (role) {
    case Qt::DisplayRole:
        return column.title;
    case Qt::ToolTipRole:
        return column.definition;
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
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
    if (role == Qt::FontRole || role == UnderlineRole) {
        const Marks& marks = m_marks[index.internalId() - 1];
        const auto mark = marks.find({run.runId, index.column()});
        if (mark == marks.end())
            return {};
        if (role == UnderlineRole)
            return mark->second.isBestOfOption;
        QFont font;
        font.setBold(mark->second.isBest);
        return font;
    }
    return runData(run, index.column(), role);
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
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return column == 0 ? group.title : QString();
    default:
        return {};
    }
}

QVariant RunListModel::runData(const store::RunRow& run, int at, int role) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    switch (role) {
    case Qt::DisplayRole:
        return cellText(column, run);
    case Qt::AccessibleTextRole:
        return column.kind == ColumnKind::Swatch ? (run.starred ? tr("starred") : QString())
                                                 : cellText(column, run);
    case Qt::TextAlignmentRole: {
        const bool isNumber =
            column.kind == ColumnKind::Metric || column.kind == ColumnKind::Number;
        return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    case Qt::ToolTipRole:
        if (column.kind == ColumnKind::Metric && column.number(run))
            return tr("%1\nAfter session %2: %3")
                .arg(column.definition)
                .arg(std::max(0, run.lastSession))
                .arg(numberText(*column.number(run), 4));
        if (column.id == "status"_L1 && !run.message.empty())
            return toQt(run.message);
        if (column.id == "status"_L1 && run.status == "running" && !run.owner.empty())
            return tr("Running in %1").arg(toQt(run.owner));
        return column.kind == ColumnKind::Text || column.kind == ColumnKind::Tags
                   ? cellText(column, run)
                   : QVariant();
    case RunIdRole:
        return QVariant::fromValue<qint64>(run.runId);
    case IsGroupRole:
        return false;
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
