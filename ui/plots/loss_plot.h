// SPDX-License-Identifier: GPL-3.0-or-later
// Loss terms by optimiser step on a logarithmic axis, raw and smoothed, NaN as marks.
#pragma once

#include "ui/models/live_run.h"
#include "ui/plots/line_labels.h"
#include "ui/plots/long_line.h"

#include <QWidget>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace clwb::ui
{

class PlotNavigation;
class Settings;

/// What the horizontal axis counts.
enum class LossAxis { Step, Epoch, Session, Worked, Clock };
inline bool isOfTime(LossAxis axis)
{
    return axis == LossAxis::Worked || axis == LossAxis::Clock;
}

struct LossData
{
    std::map<std::string, LossSeries> series;
    std::vector<SessionStart> sessions;
    double lastStep = 0;  ///< of the axis: planned steps, or the last one seen
    double smoothing = 0; ///< weight of the past in [0, 1); 0: raw only
    std::vector<EpochStart> epochs;
    int epochsPerSession = 0;
    int plannedSessions = 0;
    double lastEpochSteps = 0; ///< planned for the epoch in progress; 0: it is over
    LossAxis axis = LossAxis::Step;
    bool wantsLogarithmicY = true; ///< where every term can be shown so
    bool isLogarithmicX = false;   ///< steps only
    std::vector<StepPlace> times;  ///< by step
    std::optional<int64_t> runId;  ///< told in exports
};

/// Where a step stands on the axis: its number; epochs done, counted through all sessions;
/// sessions done, epochs as parts of them, so that it is the axis of the accuracies; or seconds.
double placeOf(const LossData& data, double step);
/// Whether epochs are known, so that the axis can count them.
bool canCountEpochs(const LossData& data);
/// Of few points a smoothed line says nothing.
bool canBeSmoothed(const LossSeries& series);
/// Whether the axis can show what it is asked to; else it counts steps.
bool canShow(const LossData& data, LossAxis axis);

/// What could not be drawn and why: "2 NaN (CE)", "5 values ≤ 0 (Pre)"; empty when all was.
QString omittedText(const LossData& data, bool isLogarithmic);
/// Whether every term has a positive value, so that a logarithmic axis can show all of them.
bool canBeLogarithmic(const LossData& data);
QString lossCsv(const LossData& data);

class LossPlot : public QWidget
{
    Q_OBJECT

public:
    explicit LossPlot(const QString& objectName, QWidget* parent = nullptr);
    void setData(LossData data);
    [[nodiscard]] const LossData& data() const { return m_data; }
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    [[nodiscard]] bool isHidden(const std::string& name) const { return m_hidden.contains(name); }
    /// Where exports remember folder and size.
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] bool isLogarithmic() const { return m_isLogarithmic; }
    [[nodiscard]] QSize sizeHint() const override { return {560, 220}; }

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// Keys L and Shift+L.
    void logarithmicYToggled();
    void logarithmicXToggled();

private:
    void rebuild();
    void addSeries(const std::string& name, const LossSeries& series);
    void addLabel(const std::string& name, const LossSeries& series, double value);
    [[nodiscard]] std::vector<std::string> terms() const;
    void addSessionLines();
    void fitRanges();
    void fitValues();
    void chooseTicks();
    void placeLabels();
    void placeSessionTexts();
    /// Over time there are gaps between the sessions, in which nothing is trained.
    [[nodiscard]] LongLine lineOf(const std::vector<double>& steps,
                                  std::vector<double> values) const;
    /// Of a term at the last step before a place of the axis; NaN: none.
    [[nodiscard]] double valueBefore(const std::string& name, double place) const;
    [[nodiscard]] std::vector<double> places(const std::vector<double>& steps) const;
    [[nodiscard]] double startOf(const SessionStart& start) const;
    [[nodiscard]] double firstPlace() const;
    [[nodiscard]] double lastPlace() const;
    void connectInput();
    bool onKey(int key, Qt::KeyboardModifiers modifiers);
    /// Reads out the step nearest to a place of the axis.
    void showReadOut(double place, const QPoint& at);
    [[nodiscard]] QStringList readOut(double place) const;
    void moveCursor(double place);
    void hideCursor();

    QCustomPlot* m_plot = nullptr;
    PlotNavigation& m_navigation;
    LossData m_data;
    LongLines m_lines;
    std::vector<LineLabel> m_labels;
    std::vector<QCPItemText*> m_sessionTexts;
    std::vector<QCPItemStraightLine*> m_sessionLines;
    bool m_isLogarithmic = true;
    QCPItemStraightLine* m_cursor = nullptr; ///< of the keyboard
    std::optional<double> m_cursorPlace;
    std::map<std::string, std::vector<double>> m_smoothed; ///< as drawn, of each step
    std::set<std::string> m_hidden;
    Settings* m_settings = nullptr;
    double m_low = 0;
    double m_high = 1;
    LossAxis m_tickAxis = LossAxis::Step; ///< what the ticks of the axis are for
};

} // namespace clwb::ui
