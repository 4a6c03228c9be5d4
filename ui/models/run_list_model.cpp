// SPDX-License-Identifier: GPL-3.0-or-later
// Structure and data of the run list.
#include "ui/models/run_list_model.h"

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kMostSorts = 3;

} // namespace

RunListModel::RunListModel(QObject* parent)
    : QAbstractItemModel(parent)
{}

void RunListModel::setRuns(std::vector<store::RunRow> runs)
{
    setRuns(std::move(runs), {});
}

void RunListModel::setRuns(std::vector<store::RunRow> runs, RunDetails details)
{
    const std::vector<int64_t> oldIds = std::move(m_ids);
    m_ids.clear();
    for (const store::RunRow& run : runs)
        m_ids.push_back(run.runId);
    std::vector<store::RunRow> oldRuns = std::exchange(m_runs, std::move(runs));
    m_details = std::move(details);
    m_studies = RunStudies(m_runs, m_details.studyNames);
    m_figures.reset();
    std::vector<Group> groups = makeGroups();
    if (sameRows(m_groups, groups, oldIds, m_runs)) {
        useGroups(std::move(groups));
        emitAllChanged();
        return;
    }
    // Views must see the old rows until the reset begins.
    m_runs.swap(oldRuns);
    beginResetModel();
    m_runs.swap(oldRuns);
    useGroups(std::move(groups));
    endResetModel();
}

void RunListModel::emitAllChanged()
{
    for (int row = 0; row < rowCount(); ++row) {
        const QModelIndex group = index(row, 0);
        Q_EMIT dataChanged(group, index(row, columnCount() - 1));
        if (rowCount(group) > 0)
            Q_EMIT dataChanged(index(0, 0, group),
                               index(rowCount(group) - 1, columnCount() - 1, group));
    }
}

void RunListModel::useGroups(std::vector<Group> groups)
{
    m_groups = std::move(groups);
    m_places.clear();
    for (size_t at = 0; at < m_groups.size(); ++at) {
        for (size_t row = 0; row < m_groups[at].rows.size(); ++row)
            m_places[m_runs[m_groups[at].rows[row]].runId] = {at, static_cast<int>(row)};
    }
    remark();
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

void RunListModel::setUnderline(report::Underline underline)
{
    if (underline == m_underline)
        return;
    m_underline = underline;
    emitAllChanged();
}

void RunListModel::setArchived(Archived archived)
{
    if (archived == m_archived)
        return;
    m_archived = archived;
    rebuild();
}

void RunListModel::setLooks(const RunLooks* looks)
{
    m_looks = looks;
    connect(looks, &RunLooks::changed, this, &RunListModel::emitAllChanged);
}

void RunListModel::setMetricValue(int column, MetricValue value)
{
    if (m_figures.shown(column) == value)
        return;
    m_figures.setShown(column, value);
    rebuild();
    Q_EMIT headerDataChanged(Qt::Horizontal, column, column);
}

void RunListModel::setBest(store::BestMetrics best)
{
    m_figures.setBest(std::move(best));
    rebuild();
}

void RunListModel::setSessions(store::SessionMetrics values)
{
    m_figures.setSessions(std::move(values));
    rebuild();
}

void RunListModel::setDisk(std::map<int64_t, uint64_t> bytes)
{
    m_figures.setDisk(std::move(bytes));
    rebuild();
}

void RunListModel::sort(int column, Qt::SortOrder order)
{
    // Where the new column has equal values, the order that was there before stays.
    std::erase_if(m_sorts, [column](const auto& one) { return one.first == column; });
    if (column < 0 || column >= columnCount())
        m_sorts.clear();
    else
        m_sorts.insert(m_sorts.begin(), {column, order});
    if (m_sorts.size() > kMostSorts)
        m_sorts.pop_back();
    rebuild();
}

void RunListModel::setSorts(Sorts sorts)
{
    std::erase_if(sorts,
                  [this](const auto& one) { return one.first < 0 || one.first >= columnCount(); });
    m_sorts = std::move(sorts);
    rebuild();
}

void RunListModel::rebuild()
{
    beginResetModel();
    useGroups(makeGroups());
    endResetModel();
}

void RunListModel::remark()
{
    m_marks.clear();
    const bool areConfigurations = m_grouping == RunGrouping::Configuration;
    std::vector<Contestant> all;
    for (const Group& group : m_groups) {
        std::vector<Contestant> contestants;
        for (const size_t row : group.rows) {
            const store::RunRow& run = m_runs[row];
            if (!competes(run))
                continue;
            Contestant one{run.runId, contestOf(run, m_studies.keyOf(run)), run.option, {}};
            for (int column = 0; column < columnCount(); ++column) {
                const bool isMetric =
                    runColumns()[static_cast<size_t>(column)].kind == ColumnKind::Metric;
                one.values.push_back(!isMetric           ? NAN
                                     : areConfigurations ? groupKey(group, column)
                                                         : m_figures.keys(column)[row]);
            }
            contestants.push_back(std::move(one));
            if (areConfigurations) // its mean competes with the other configurations'
                break;
        }
        if (areConfigurations)
            std::move(contestants.begin(), contestants.end(), std::back_inserter(all));
        else
            m_marks.merge(markBest(contestants));
    }
    if (areConfigurations)
        m_marks = markBest(all);
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
    const auto place = m_places.find(runId);
    return place == m_places.end() ? QModelIndex()
                                   : createIndex(place->second.row, 0, place->second.group + 1);
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

} // namespace clwb::ui
