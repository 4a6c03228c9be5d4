// SPDX-License-Identifier: GPL-3.0-or-later
// The run list: groups with their runs, filtered and sorted; thousands of rows without a wait.
#pragma once

#include "ui/models/run_columns.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_marks.h"

#include <QAbstractItemModel>

#include <vector>

namespace clwb::ui
{

enum class RunGrouping { None, Study, Setting, Method, Option };

/// Two levels: groups at the root, runs below; without grouping one nameless group.
class RunListModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role {
        RunIdRole = Qt::UserRole + 1,
        IsGroupRole,
        GroupKeyRole,
        GroupTitleRole,
        GroupCountRole,
        ColourRole,
        StarRole,
        UnderlineRole,
        StatusRole
    };

    explicit RunListModel(QObject* parent = nullptr);

    /// Replaces all runs. Keeps the rows in place when only values changed.
    void setRuns(std::vector<store::RunRow> runs);
    void setFilter(RunFilter filter);
    void setGrouping(RunGrouping grouping);
    [[nodiscard]] RunGrouping grouping() const { return m_grouping; }

    [[nodiscard]] const std::vector<store::RunRow>& runs() const { return m_runs; }
    [[nodiscard]] int shownCount() const;
    /// The run of an index; null for groups.
    [[nodiscard]] const store::RunRow* runAt(const QModelIndex& index) const;
    /// First column of a run's row; invalid when filtered out.
    [[nodiscard]] QModelIndex indexOfRun(int64_t runId) const;
    /// Shown runs in order, for export.
    [[nodiscard]] std::vector<const store::RunRow*> shownRuns() const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    struct Group
    {
        QString key;
        QString title;
        int total = 0;            ///< runs before filtering
        std::vector<size_t> rows; ///< into m_runs
    };
    [[nodiscard]] std::vector<Group> makeGroups() const;
    void sortRows(std::vector<size_t>& rows) const;
    void rebuild();
    [[nodiscard]] static bool sameRows(const std::vector<Group>& a, const std::vector<Group>& b,
                                       const std::vector<int64_t>& idsOfA,
                                       const std::vector<store::RunRow>& runsOfB);
    [[nodiscard]] QVariant groupData(const Group& group, int column, int role) const;
    [[nodiscard]] QVariant runData(const store::RunRow& run, int column, int role) const;
    void remark();

    std::vector<store::RunRow> m_runs;
    std::vector<int64_t> m_ids; ///< of m_runs when m_groups was made
    std::vector<Group> m_groups;
    std::vector<Marks> m_marks; ///< by group
    RunFilter m_filter;
    RunGrouping m_grouping = RunGrouping::Study;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace clwb::ui
