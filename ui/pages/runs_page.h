// SPDX-License-Identifier: GPL-3.0-or-later
// All runs of the project: list with filter, groups and columns, and the inspector below.
#pragma once

#include "ui/models/run_list_model.h"
#include "ui/pages/page.h"
#include "ui/shell/settings.h"

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTimer;

namespace clwb::ui
{

class Banner;
class EmptyState;
class RunInspector;
class RunView;

class RunsPage : public Page
{
    Q_OBJECT

public:
    RunsPage(AppState& state, QWidget* parent);
    ~RunsPage() override;

    /// {"run": 12} or {"runs": [12, 14]} selects, also what the filter hid until now.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    [[nodiscard]] QString whyDisabled(const QString& actionId) const override;
    void finishEditing() override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override;
    bool focusFilter() override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QString helpText() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHeader();
    QMenu* makeGroupMenu();
    void addUnderlineChoices(QMenu& menu);
    void updateHead();
    void restoreLook();
    void rememberLook();
    void selectRemembered();
    void resetColumns();
    void resetLayout();
    void chooseColumns();
    void showColumn(int column, bool isShown);
    void showMetric(int column, MetricValue value);
    void showLastValues();
    void fillValueMenu(QMenu& menu, int column); ///< runs_values.cpp, as those below
    void fillSessionMenu(QMenu& menu, int column);
    [[nodiscard]] std::set<std::string> metricNamesOf(int column) const;
    void readMetrics();
    void showHeaderMenu(const QPoint& position);
    /// Best values and sizes on disk, where a column shows them.
    void readMore();
    /// Titles of the shown columns as they leave the window; metrics say which value they are.
    [[nodiscard]] QStringList copiedTitles(std::vector<int>& columns) const;
    [[nodiscard]] QByteArray shownAsCsv() const;
    /// Writes the list as shown: its columns in their order, filter and sorting.
    void exportList();
    void updateBelow(); ///< the links below the list
    void archiveSelected();
    QMenu* makeExportMenu(); ///< runs_export.cpp, as those below
    void exportTableOf(const QString& kind);
    /// What the list leaves out, and so what is exported of it: "3 runs that the filter leaves out
    /// are not in it".
    [[nodiscard]] QStringList notListed() const;
    QWidget* makeList(QWidget* parent);
    void applyFilter();
    void showListOrReason();
    void onRunsChanged();
    void onProjectChanged();
    void showContextMenu(const QPoint& position);
    void addManageActions(QMenu& menu, const store::RunRow& run);
    void activateRun(qint64 runId);
    void askForBranch(const store::RunRow& run); ///< runs_branch.cpp
    void trashSelected();
    /// With all runs that differ from them by seed only: what has one line in Compare.
    [[nodiscard]] std::vector<int64_t> withTheirSeeds(const std::vector<int64_t>& runs) const;
    [[nodiscard]] std::vector<int64_t> trashable() const;
    [[nodiscard]] std::vector<int64_t> bundled() const; ///< selected ones that a bundle can hold
    [[nodiscard]] const store::RunRow* currentRow() const;

    RunListModel* m_model = nullptr;
    RunView* m_view = nullptr;
    RunInspector* m_inspector = nullptr;
    QLineEdit* m_filter = nullptr;
    QPushButton* m_columns = nullptr;
    QPushButton* m_clone = nullptr;
    QPushButton* m_compare = nullptr;
    QLabel* m_problem = nullptr;
    Banner* m_demoBanner = nullptr;
    QPushButton* m_runDemo = nullptr; ///< the banner's
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr; ///< the project has no runs
    EmptyState* m_noProject = nullptr;
    EmptyState* m_noMatch = nullptr; ///< the filter hides all
    QSplitter* m_splitter = nullptr;
    QPushButton* m_archived = nullptr;   ///< how many archived runs are hidden; shows them
    QPushButton* m_hiddenRuns = nullptr; ///< how many runs plots leave out; shows them
    ProjectSettings m_memory;
    bool m_hasSelectedFirst = false;
    int m_moreRequest = 0;
    size_t m_bestState = 0; ///< of the runs and sessions whose values are known; 0: of none
    bool m_isReadingMore = false;
};

} // namespace clwb::ui
