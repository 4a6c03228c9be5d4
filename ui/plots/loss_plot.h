// SPDX-License-Identifier: GPL-3.0-or-later
// Loss terms by optimiser step on a logarithmic axis, raw and smoothed, NaN as marks.
#pragma once

#include "ui/models/live_run.h"
#include "ui/plots/line_labels.h"
#include "ui/plots/long_line.h"

#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace clwb::ui
{

struct LossData
{
    std::map<std::string, LossSeries> series;
    std::vector<SessionStart> sessions;
    double lastStep = 0;  ///< of the axis: planned steps, or the last one seen
    double smoothing = 0; ///< weight of the past in [0, 1); 0: raw only
};

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
    [[nodiscard]] bool isLogarithmic() const { return m_isLogarithmic; }
    [[nodiscard]] QSize sizeHint() const override { return {560, 220}; }

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void addSeries(const std::string& name, const LossSeries& series);
    void addSessionLines();
    void fitRanges();
    void placeLabels();
    void placeSessionTexts();
    void showReadOut(double step, const QPoint& at);

    QCustomPlot* m_plot = nullptr;
    LossData m_data;
    LongLines m_lines;
    std::vector<LineLabel> m_labels;
    std::vector<QCPItemText*> m_sessionTexts;
    std::vector<QCPItemStraightLine*> m_sessionLines;
    bool m_isLogarithmic = true;
    bool m_isZoomed = false;
    double m_low = 0;
    double m_high = 1;
};

} // namespace clwb::ui
