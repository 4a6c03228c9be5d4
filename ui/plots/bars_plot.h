// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics as groups of bars, one bar a configuration, with the spread over seeds.
#pragma once

#include "ui/models/comparison.h"
#include "ui/plots/plot_export.h"

#include <QWidget>

#include <vector>

class QCPItemText;
class QCustomPlot;

namespace clwb::ui
{

struct BarSeries
{
    QString id;
    QString label;
    QString source = {};
    QColor colour = {};
    QString option = {};               ///< fills: WM full, IO hatched, TO dotted
    bool isHollow = false;             ///< reported
    std::vector<Estimate> values = {}; ///< one a metric
    QString runIds = {};
};

struct BarsData
{
    QStringList metrics;
    std::vector<BarSeries> series;
};

/// @param columns of comparedMetrics()
BarsData barsOf(const Comparison& comparison, const QStringList& columns);
DataTable barsTable(const BarsData& data);

class BarsPlot : public QWidget
{
    Q_OBJECT

public:
    explicit BarsPlot(const QString& objectName, QWidget* parent = nullptr);
    void setData(BarsData data);
    [[nodiscard]] const BarsData& data() const { return m_data; }
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] Figure figure();
    [[nodiscard]] QSize sizeHint() const override { return {640, 420}; }

Q_SIGNALS:
    void seriesClicked(const QString& id); ///< in the legend
    void seriesDoubleClicked(const QString& id);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void addSeries(size_t at, double width);
    void addNumbers(size_t at);
    void fitRanges();
    void placeNumbers();
    /// Metric and series of the bar at a pixel column; shows its value.
    void showReadOut(const QPoint& position);
    void readOutBar(int metric, int series);
    [[nodiscard]] double placeOf(size_t metric, size_t series) const;

    QCustomPlot* m_plot = nullptr;
    BarsData m_data;
    std::vector<QCPItemText*> m_numbers;
    Settings* m_settings = nullptr;
    int m_spoken = -1;
};

} // namespace clwb::ui
