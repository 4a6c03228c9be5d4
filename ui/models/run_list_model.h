// SPDX-License-Identifier: GPL-3.0-or-later
// The run list: groups with their runs, filtered and sorted; thousands of rows without a wait.
#pragma once

#include "core/report/grid.h"
#include "ui/models/comparison.h"
#include "ui/models/run_columns.h"
#include "ui/models/run_details.h"
#include "ui/models/run_figures.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_looks.h"
#include "ui/models/run_marks.h"
#include "ui/models/run_studies.h"

#include <QAbstractItemModel>

#include <unordered_map>
#include <vector>

namespace clwb::ui
{

/// Configuration: runs that differ by seed only, with mean and sample deviation of their metrics.
enum class RunGrouping { None, Study, Setting, Method, Option, Configuration };
enum class Archived { Hidden, Shown };

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
        StatusRole,
        HasFiguresRole,  ///< groups: whether its line shows values of its own
        SessionRole,     ///< of a best value: after which session, -1 where there is no value
        BranchRole,      ///< of a name: "from #12, session 3" where it took over another's state
        BranchShortRole, ///< "from #12", for narrow columns
        ArchivedRole,
        HiddenRole ///< plots leave the run, or all of a configuration, out
    };

    explicit RunListModel(QObject* parent = nullptr);

    /// Replaces all runs. Keeps the rows in place when only values changed.
    void setRuns(std::vector<store::RunRow> runs);
    void setRuns(std::vector<store::RunRow> runs, RunDetails details);
    void setFilter(RunFilter filter);
    void setArchived(Archived archived);
    [[nodiscard]] Archived archived() const { return m_archived; }
    /// Archived runs that are left out just now.
    [[nodiscard]] int hiddenCount() const { return m_hiddenCount; }
    /// Whose colours and hidden runs the rows show; without, the colours of the methods.
    void setLooks(const RunLooks* looks);
    /// What a metric's column shows; values come from setBest() and setSessions().
    void setMetricValue(int column, MetricValue value);
    void setBest(store::BestMetrics best);
    /// Values after the sessions that columns show.
    void setSessions(store::SessionMetrics values);
    void setDisk(std::map<int64_t, uint64_t> bytes);
    /// What continues a stopped run, for its tooltip.
    void setContinueShortcut(const QString& portableText) { m_continueShortcut = portableText; }
    [[nodiscard]] const RunFigures& figures() const { return m_figures; }
    /// Text of a run's cell as the list shows it.
    [[nodiscard]] QString textOf(const store::RunRow& run, int column) const;
    /// The mark beside bold, which is always the best.
    void setUnderline(report::Underline underline);
    [[nodiscard]] report::Underline underline() const { return m_underline; }
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
    /// Runs, of a configuration all; what runsOf() reads.
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    [[nodiscard]] Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }
    void sort(int column, Qt::SortOrder order) override;
    /// By which columns, the last one asked for first.
    using Sorts = std::vector<std::pair<int, Qt::SortOrder>>;
    [[nodiscard]] const Sorts& sorts() const { return m_sorts; }
    void setSorts(Sorts sorts);

private:
    struct Group
    {
        QString key;
        QString title;
        int total = 0;                                  ///< runs before filtering
        std::vector<size_t> rows;                       ///< into m_runs
        std::vector<Estimate> figures;                  ///< by column; only of configurations
        std::vector<report::ReplacedRun> replaced = {}; ///< whose seeds were run again
    };
    struct Place
    {
        size_t group = 0;
        int row = 0;
    };
    [[nodiscard]] std::vector<Group> makeGroups();
    /// Number of the run that a configuration's mean is marked by.
    [[nodiscard]] int64_t markedRun(const Group& group) const;
    void sortRows(std::vector<size_t>& rows) const;
    void sortConfigurations(std::vector<Group>& groups) const;
    void addFigures(Group& group) const;
    /// A line for each run that is not counted, each after a line break.
    [[nodiscard]] static QString replacedLines(const Group& group);
    [[nodiscard]] double groupKey(const Group& group, int column) const;
    void rebuild();
    [[nodiscard]] static bool sameRows(const std::vector<Group>& a, const std::vector<Group>& b,
                                       const std::vector<int64_t>& idsOfA,
                                       const std::vector<store::RunRow>& runsOfB);
    [[nodiscard]] QVariant groupData(const Group& group, int column, int role) const;
    [[nodiscard]] QVariant groupCell(const Group& group, int column, int role) const;
    [[nodiscard]] QVariant runData(const store::RunRow& run, int column, int role) const;
    [[nodiscard]] QVariant runTip(const store::RunRow& run, int column) const;
    [[nodiscard]] QVariant markData(int64_t id, int column, int role) const;
    [[nodiscard]] QString accessibleText(const store::RunRow& run, int column) const;
    /// "Best of MST", "second best"; empty for most cells.
    [[nodiscard]] QString markText(const store::RunRow& run, int column) const;
    void useGroups(std::vector<Group> groups);
    void emitAllChanged();
    void remark();

    std::vector<store::RunRow> m_runs;
    std::vector<int64_t> m_ids; ///< of m_runs when m_groups was made
    RunDetails m_details;
    RunStudies m_studies;
    RunFigures m_figures{m_runs};
    std::vector<Group> m_groups;
    std::unordered_map<int64_t, Place> m_places; ///< of the shown runs
    Marks m_marks;                               ///< of configurations by number of the first run
    const RunLooks* m_looks = nullptr;
    RunFilter m_filter;
    RunGrouping m_grouping = RunGrouping::Study;
    report::Underline m_underline = report::Underline::GroupBest;
    Archived m_archived = Archived::Hidden;
    QString m_continueShortcut;
    int m_hiddenCount = 0;
    Sorts m_sorts;
};

} // namespace clwb::ui
