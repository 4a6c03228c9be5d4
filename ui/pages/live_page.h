// SPDX-License-Identifier: GPL-3.0-or-later
// The running experiment: tiles, curves, losses and matrix that grow while it trains.
#pragma once

#include "core/base/stop_token.h"
#include "core/store/load_rows.h"
#include "ui/models/curve_axis.h"
#include "ui/pages/page.h"

#include <QElapsedTimer>
#include <QTimer>

#include <map>
#include <set>

class QBoxLayout;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace clwb::ui
{

class Card;
class ClassStrip;
class CurvePlot;
class EmptyState;
class LogPanel;
class LossPlot;
class MatrixView;
class MetricTile;
struct CurveData;

class LivePage : public Page
{
    Q_OBJECT

public:
    LivePage(AppState& state, QWidget* parent);

    void open(const Json& argument) override; ///< {"run": 12} shows a stored run
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    void exportShown() override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeContent();
    QLayout* makeHeader(QWidget* parent);
    QLayout* makeTiles(QWidget* parent);
    QLayout* makeCurves(QWidget* parent);
    QLayout* makeLower(QWidget* parent);
    /// Which run is shown: live_choice.cpp.
    void chooseRun();
    [[nodiscard]] bool isGone() const; ///< the run that is followed has left the project
    void showOwn();                    ///< the run of this window, if any
    void loadStored(int64_t runId);
    /// The row of the run that is shown, while another program trains it.
    [[nodiscard]] const store::RunRow* shownElsewhere() const;
    /// Reads the shown run again while, or because, another program trained it.
    void followElsewhere();
    [[nodiscard]] std::vector<const store::RunRow*> otherRunning() const;
    void fillOthersMenu();
    void updateElsewhere();
    void loadComparisons();
    [[nodiscard]] std::vector<int64_t> comparisonRuns() const;
    [[nodiscard]] std::optional<int64_t> automaticComparison() const;
    void onPointClicked(const QString& id, double session, const QPoint& position);
    void scheduleUpdate(const LiveChanges& changes);
    void updateNow();
    void updateHeader();
    void readLoad(); ///< live_load.cpp: and whether ranks are kept
    void updateFigures();
    void updateButtons();
    void updateTiles();
    void updateCurves();
    void makeLossCard(QWidget* parent); ///< live_losses.cpp
    void toggleLossAxis(const QString& action);
    void updateLosses();
    void arrangeHeader(); ///< in one line or, where that would cut it, in two
    void updateMatrix();
    void updateLog();
    void toggleCurve(const QString& id);
    void isolateCurve(const QString& id);
    /// @param notShown gets the names of the runs that lack places on the axis
    [[nodiscard]] CurveData curveData(const std::string& metric, const QString& name,
                                      CurveAxis axis, QStringList& notShown) const;
    [[nodiscard]] const LiveRun& shown() const;
    [[nodiscard]] bool isShowingWorker() const;
    /// The stored row of the shown run, when it ended before its time and may go on.
    [[nodiscard]] const store::RunRow* continuable() const;
    [[nodiscard]] QString phaseText() const;
    [[nodiscard]] QString stoppingText() const;
    void fillCompareMenu();
    /// What the stop actions are for: the shown run of another program; null: the worker's own.
    [[nodiscard]] const store::RunRow* toBeAsked() const;
    [[nodiscard]] bool canAsk(const store::RunRow& run, const QString& actionId) const;
    /// Whether it ends already, saving first. @param other of another program; null: the own one
    [[nodiscard]] bool isSaving(const store::RunRow* other) const;
    [[nodiscard]] QString askedText(StopPoint point) const;
    /// @param other the run of another program; nothing: the worker's own
    void askToStopNow(std::optional<int64_t> other);

    QStackedWidget* m_stack = nullptr;
    QWidget* m_content = nullptr;
    EmptyState* m_empty = nullptr;
    QPushButton* m_demo = nullptr;
    QPushButton* m_newRun = nullptr;
    QBoxLayout* m_header = nullptr;
    QHBoxLayout* m_headerButtons = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_number = nullptr;
    QLabel* m_phase = nullptr;
    QLabel* m_position = nullptr;
    QLabel* m_trainer = nullptr; ///< which program trains the run, where it is not this one
    QToolButton* m_compare = nullptr;
    QToolButton* m_others = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_stop = nullptr;
    QToolButton* m_stopLater = nullptr;
    QPushButton* m_continue = nullptr;
    bool m_isPauseFocused = false; ///< when the button can be used again
    QPushButton* m_lost = nullptr; ///< the queries that the run lost, once it has ended
    QPushButton* m_openInRuns = nullptr;
    std::map<std::string, MetricTile*> m_tiles; ///< by short name of the filter language
    Card* m_utCard = nullptr;
    Card* m_zsCard = nullptr;
    Card* m_lossCard = nullptr;
    Card* m_matrixCard = nullptr;
    CurvePlot* m_ut = nullptr;
    CurvePlot* m_zs = nullptr;
    LossPlot* m_losses = nullptr;
    MatrixView* m_matrix = nullptr;
    ClassStrip* m_classes = nullptr;
    LogPanel* m_log = nullptr;
    QComboBox* m_curveAxis = nullptr;
    QComboBox* m_smoothing = nullptr;
    QMenu* m_lossAxes = nullptr; ///< its actions hold the choice
    QTimer m_update;
    QTimer m_lookAgain; ///< while a run of another program is shown
    QTimer m_rest;      ///< between two readings of it
    QElapsedTimer m_sinceRead;
    qint64 m_readMs = 0; ///< that the last reading took
    LiveChanges m_pending;
    std::optional<LiveRun> m_stored; ///< shown instead of the worker's run
    std::optional<int64_t> m_storedWanted;
    std::optional<store::LoadSummary> m_load; ///< of the shown run, once it has ended
    std::optional<int64_t> m_loadOf;
    bool m_hasRanks = false;    ///< those of m_loadOf are kept, so lost queries can be shown
    bool m_isLoadOld = false;   ///< its last row may have come since
    bool m_isAsked = false;     ///< the user has chosen the stored run
    bool m_isWatched = false;   ///< another program has trained it while it was shown
    bool m_isFollowing = false; ///< it is being read
    bool m_isBehind = false;    ///< it has changed since it was read last
    std::map<int64_t, LiveRun> m_comparisons;
    PlacesByRun m_places;       ///< of the comparisons
    std::set<QString> m_hidden; ///< curves, by id; a click on a label
    int m_request = 0;
    int m_loading = 0;
};

} // namespace clwb::ui
