// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's tables, filled with the project's runs; cells lead to the runs behind them.
#pragma once

#include "core/report/tables.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_studies.h"
#include "ui/pages/page.h"
#include "ui/shell/settings.h"

#include <QTimer>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace clwb::ui
{

class EmptyState;
class GridModel;
class GridView;
class Segments;
struct TableOrder;

class TablesPage : public Page
{
    Q_OBJECT

public:
    TablesPage(AppState& state, QWidget* parent);

    /// {"kind": "mst"} shows that table, {"filter": "tag:paper"} of those runs.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override;
    bool focusFilter() override;
    [[nodiscard]] bool isSettled() const override { return m_loading == 0 && !m_update.isActive(); }
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    using SharedRuns = std::shared_ptr<const std::vector<report::ReportRun>>;
    struct Answer
    {
        SharedRuns runs;
        report::Grid grid;
        int64_t leftOut = 0; ///< runs that isLeftOut() keeps out of it
    };

    QLayout* makeHeader();
    QLayout* makeSwitches();
    QWidget* makeTable();
    QMenu* makeCopyMenu(QWidget* parent);
    QMenu* makeExportMenu(QWidget* parent);
    QMenu* makeMoreMenu(QWidget* parent);
    void restoreChoices();
    void rememberChoices();
    void onChoice();
    void onRunsChanged();
    void load();
    /// The studies to choose among; of one study there is no choice. Chosen is what the user chose,
    /// else the study with most results for this table.
    void fillStudies();
    [[nodiscard]] int mostTabledStudy() const; ///< place among the choices
    /// Numbers of different data do not belong into one table; the list of runs holds all.
    [[nodiscard]] bool isOfChosenStudy(const store::RunRow& run) const;
    void showAnswer(Answer answer);
    void showGrid(const report::Grid& grid, const std::vector<report::ReportRun>& runs);
    void showTableOrReason();
    void followLink(const QModelIndex& index);
    void openRuns(const std::vector<int64_t>& runs);
    [[nodiscard]] QString kind() const;
    [[nodiscard]] bool isChosen(const QString& id) const; ///< in the menu More
    [[nodiscard]] report::TableOptions options() const;
    [[nodiscard]] std::vector<int64_t> chosenRuns() const;
    /// By the filter and the menu More: those of the table, or those that isLeftOut() keeps out.
    [[nodiscard]] std::vector<int64_t> runsWhere(bool areLeftOut) const;
    /// Rows are results: runs that go on, or stopped on their way, have none yet. The list of runs
    /// holds all.
    [[nodiscard]] bool isLeftOut(const store::RunRow& run) const;
    [[nodiscard]] QString leftOutText() const; ///< empty: none is
    [[nodiscard]] TableOrder order(report::TableFormat format) const;

    GridModel* m_model = nullptr;
    GridView* m_view = nullptr;
    QComboBox* m_kind = nullptr;
    QComboBox* m_study = nullptr;
    QLineEdit* m_filterText = nullptr;
    QLabel* m_problem = nullptr;
    Segments* m_reported = nullptr;
    Segments* m_seeds = nullptr;
    QSpinBox* m_decimals = nullptr;
    QMenu* m_more = nullptr;
    QLabel* m_notes = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    EmptyState* m_noProject = nullptr;
    QTimer m_update;
    ProjectSettings m_memory;
    RunFilter m_filter;
    RunStudies m_studies;     ///< of m_study
    SharedRuns m_runs;        ///< read from the project as it is now; null: read again
    std::string m_labelSpace; ///< with which they were read
    int64_t m_leftOut = 0;    ///< of the table that is shown
    int m_request = 0;
    int m_loading = 0;
    bool m_isStale = true; ///< the project changed while the page was hidden
};

} // namespace clwb::ui
