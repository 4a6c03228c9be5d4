// SPDX-License-Identifier: GPL-3.0-or-later
// The view of the run list: keeps selection, folded groups and columns over new data and starts.
#pragma once

#include <QSet>
#include <QTreeView>

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace clwb::ui
{

class RunListModel;

class RunView : public QTreeView
{
    Q_OBJECT

public:
    RunView(RunListModel* model, QWidget* parent = nullptr);

    /// A selected configuration stands for all its runs.
    [[nodiscard]] std::vector<int64_t> selectedRuns() const;
    /// The selected run that the inspector shows: the one with the cursor where that is selected,
    /// of a configuration its first; nothing is selected: -1.
    [[nodiscard]] int64_t currentRun() const;
    void selectRun(int64_t runId);
    void selectRuns(const std::vector<int64_t>& runs);
    /// Order, widths and visibility of columns.
    [[nodiscard]] QByteArray columnState() const;
    bool restoreColumnState(const QByteArray& state);
    void resetColumns();
    /// They stay at the left, behind the swatch, while the others scroll.
    void setPinnedColumns(std::set<int> columns);
    [[nodiscard]] const std::set<int>& pinnedColumns() const { return m_pinned; }
    /// Gives metrics the room that the grouping needs.
    void fitMetrics();

Q_SIGNALS:
    void runSelected(qint64 runId); ///< -1: none
    void runActivated(qint64 runId);

protected:
    /// A selected row is dragged in any direction, another one sideways; up and down selects.
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    enum class Fold { Open, Closed };
    void remember(const QModelIndex& group, Fold fold);
    [[nodiscard]] static bool hasFigures(const QModelIndex& group);
    void tellRun();
    void beforeReset();
    void afterReset();
    void selectAsBefore();
    /// Swatch and pinned columns in the order of the header.
    [[nodiscard]] std::vector<int> frozenColumns() const;
    [[nodiscard]] bool isFrozen() const;
    void paintPinned(QPainter& painter, const QModelIndex& line);
    void placePinnedHeader();
    /// Gives the names the room that no other column takes.
    void fillWidth();
    RunListModel* m_model;
    QSet<QString> m_toggled; ///< groups that are not as they are at first
    std::vector<int64_t> m_selectedBefore;
    int64_t m_currentBefore = -1;
    QString m_currentGroupBefore; ///< key, where a configuration was current
    QSet<QString> m_groupsBefore; ///< keys of the selected configurations
    int m_scrollBefore = 0;
    bool m_isFilling = false;
    bool m_isRestoring = false;      ///< selects again after a reset
    int64_t m_told = -1;             ///< with runSelected()
    std::optional<QPoint> m_pressed; ///< a row that was not selected, until the mouse is moved
    std::set<int> m_pinned;
    QHeaderView* m_pinnedHeader = nullptr; ///< titles of the pinned columns, over the header
};

} // namespace clwb::ui
