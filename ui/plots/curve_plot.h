// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics by session: several runs, reference lines, labels at the lines, read-out of all series.
#pragma once

#include "ui/models/live_run.h"
#include "ui/plots/line_labels.h"

#include <QColor>
#include <QWidget>

#include <optional>
#include <vector>

class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace clwb::ui
{

struct CurveSeries
{
    QString label;
    QColor colour;
    Qt::PenStyle style = Qt::SolidLine;
    std::vector<CurvePoint> points;
    bool isMain = false; ///< drawn on top
};

struct ReferenceLine
{
    QString label;
    double value = 0;
};

struct CurveData
{
    QString metric; ///< "UT-Acc", for read-outs, files and screen readers
    QString unit;   ///< "%"
    int sessions = 0;
    std::vector<CurveSeries> series;
    std::vector<ReferenceLine> references;
};

/// All series and references at a session, one line each, for tooltips and screen readers.
QString readOut(const CurveData& data, double session);
/// The curve's data: session, then one column a series; full precision, empty where missing.
QString curveCsv(const CurveData& data);

class CurvePlot : public QWidget
{
    Q_OBJECT

public:
    enum class Density { Full, Mini };
    CurvePlot(const QString& objectName, const QString& title, Density density,
              QWidget* parent = nullptr);

    /// Redraws without changing a zoom the user has chosen.
    void setData(CurveData data);
    [[nodiscard]] const CurveData& data() const { return m_data; }
    void setHorizontalRange(double low, double high);
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void horizontalRangeChanged(double low, double high); ///< by the user: to link plots
    void sessionClicked(int session);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void connectPlot();
    void rebuild();
    void rebuildReferences();
    void fitRanges();
    void placeLabels();
    void showReadOut(double session);
    void resetZoom();

    QCustomPlot* m_plot = nullptr;
    Density m_density;
    CurveData m_data;
    std::vector<LineLabel> m_labels;
    std::vector<QCPItemText*> m_referenceTexts;
    QCPItemStraightLine* m_cursor = nullptr;
    double m_cursorSession = 0;
    bool m_isZoomed = false;
};

} // namespace clwb::ui
