// SPDX-License-Identifier: GPL-3.0-or-later
// What came out against one varied setting: a mark a trial.
#pragma once

#include "ui/plots/parallel_data.h"
#include "ui/plots/plot_export.h"

#include <QWidget>

#include <vector>

class QCustomPlot;

namespace clwb::ui
{

struct ObjectivePoint
{
    int number = 0; ///< of the trial
    double x = 0;   ///< of a category its index
    double y = 0;
    bool isChosen = false;

    bool operator==(const ObjectivePoint&) const = default;
};

/// Trials with a result that have values on both axes, in their order.
std::vector<ObjectivePoint> objectivePoints(const ParallelData& data, size_t xAxis, size_t yAxis);

class ObjectivePlot : public QWidget
{
    Q_OBJECT

public:
    explicit ObjectivePlot(const QString& objectName, QWidget* parent = nullptr);
    /// CHECK: axes of the data.
    void setData(ParallelData values, size_t xAxis, size_t yAxis);
    /// Marks of all other trials are faint.
    void setKept(std::vector<int> numbers);
    /// Rings a trial's mark; 0: none.
    void highlight(int number);
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] const std::vector<ObjectivePoint>& points() const { return m_points; }
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    [[nodiscard]] Figure figure();
    [[nodiscard]] QSize sizeHint() const override { return {640, 260}; }

Q_SIGNALS:
    void pointed(int number); ///< clicked, or reached by the keys
    void activated(int number);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void fitRanges();
    void addMarks(bool areKept);
    [[nodiscard]] int nearest(const QPoint& position) const; ///< trial; 0: none
    [[nodiscard]] QString describe(const ObjectivePoint& point) const;
    bool pressKey(int key);

    QCustomPlot* m_plot = nullptr;
    ParallelData m_data;
    size_t m_xAxis = 0;
    size_t m_yAxis = 0;
    std::vector<ObjectivePoint> m_points;
    std::vector<int> m_kept;
    int m_highlighted = 0;
    Settings* m_settings = nullptr;
};

} // namespace clwb::ui
