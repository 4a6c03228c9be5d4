// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps and searches of the project: trials, parallel coordinates, what a search chose; starts
// and continues them through the queue.
#pragma once

#include "ui/models/sweep_view.h"
#include "ui/pages/page.h"
#include "ui/plots/plot_export.h"
#include "ui/shell/sweep_orders.h"

#include <QModelIndex>

class QCheckBox;
class QComboBox;
class QLabel;
class QListView;
class QPushButton;
class QSlider;
class QStackedWidget;
class QStandardItemModel;
class QTreeView;

namespace clwb::ui
{

class Background;
class Card;
class DataSortProxy;
class DataTableModel;
class EmptyState;
class ObjectivePlot;
class ParallelPlot;
class Segments;

class SweepsPage : public Page
{
    Q_OBJECT

public:
    SweepsPage(AppState& state, QWidget* parent);

    /// {"file": "sweep.json"} offers to start it; {"sweep": 3} shows it.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    [[nodiscard]] QString whyDisabled(const QString& actionId) const override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override { return shown() != nullptr; }
    [[nodiscard]] QStringList views() const override
    {
        return {QStringLiteral("parallel"), QStringLiteral("objective")};
    }
    void showView(const QString& id) override { showTab(id); }
    [[nodiscard]] bool isSettled() const override { return m_loading == 0; }
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeSide();
    QWidget* makeMain();
    QWidget* makeHeader();
    QWidget* makePlots();
    QWidget* makeParallelControls(QWidget* parent);
    QWidget* makeObjectiveControls(QWidget* parent);
    QWidget* makeTrials();
    void refresh();
    void showSweeps(std::vector<SweepView> sweeps);
    void choose(int64_t sweepId);
    void showChosen();
    void showTable();
    void showObjective(); ///< as the choices and the brushes say
    void fillChoices();   ///< of the plot of the objective
    void rememberChoice(const QString& key, QComboBox* combo);
    void showTab(const QString& id);
    void restoreScales(); ///< sweeps_scales.cpp, as those below
    void fillScaleMenu(QMenu& menu);
    void toggleScale(size_t axis);
    void setScale(size_t axis, AxisScale scale);
    void handToCluster();
    void updateButtons();
    void askForFile();
    void offerFile(const QString& file);
    void confirmStart(SweepFile sweep);
    void goOn(run::FailedTrials failed);
    [[nodiscard]] std::vector<int> numbersToDo(run::FailedTrials failed) const;
    void enqueue(SweepOrder order, const std::vector<int>& numbers);
    void dropWaiting(); ///< the shown sweep's orders that have not begun
    void openRun(const QModelIndex& index);
    void openTrial(int number);
    void pointAt(int number);
    [[nodiscard]] int trialOf(const QModelIndex& index) const; ///< its number
    [[nodiscard]] const SweepView* shown() const;
    /// Whether orders of the shown sweep wait or run.
    [[nodiscard]] bool isInQueue() const;
    [[nodiscard]] Figure tableFigure() const;

    QStackedWidget* m_stack = nullptr;
    EmptyState* m_noSweeps = nullptr;
    EmptyState* m_noProject = nullptr;
    QListView* m_list = nullptr;
    QStandardItemModel* m_listModel = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_progress = nullptr;
    QLabel* m_record = nullptr;
    QPushButton* m_continue = nullptr;
    QPushButton* m_retry = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_cluster = nullptr;
    Segments* m_tabs = nullptr;
    QStackedWidget* m_controls = nullptr; ///< of the tabs, in their order
    QStackedWidget* m_plots = nullptr;
    AxisScales m_scales; ///< by title, as the user chose them
    ParallelPlot* m_parallel = nullptr;
    ObjectivePlot* m_objective = nullptr;
    QComboBox* m_setting = nullptr; ///< items carry the number of their axis
    QComboBox* m_metric = nullptr;
    QLabel* m_counts = nullptr;
    QSlider* m_share = nullptr;
    QLabel* m_shareText = nullptr;
    QPushButton* m_clear = nullptr;
    QLabel* m_notShown = nullptr;
    Card* m_trialsCard = nullptr;
    QCheckBox* m_all = nullptr;
    QTreeView* m_table = nullptr;
    DataTableModel* m_tableModel = nullptr;
    DataSortProxy* m_sorted = nullptr;
    Background* m_background = nullptr;
    std::vector<SweepView> m_sweeps;
    std::optional<int64_t> m_chosen;
    std::optional<run::SweepDefinition> m_begun; ///< shown as soon as the project has it
    int m_request = 0;
    int m_loading = 0;
    bool m_isStale = true;
    bool m_goesOn = false; ///< trials to continue are being read
};

} // namespace clwb::ui
