// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics by session: several runs, reference lines, labels at the lines, read-out of all series.
#pragma once

#include "ui/models/curve_axis.h"
#include "ui/plots/line_labels.h"
#include "ui/plots/long_line.h"
#include "ui/plots/plot_export.h"
#include "ui/plots/plot_marks.h"

#include <QColor>
#include <QPoint>
#include <QWidget>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

class QCPAbstractLegendItem;
class QCPGraph;
class QCPItemStraightLine;
class QCPItemText;
class QCPLayoutGrid;
class QCustomPlot;

namespace clwb::ui
{

class PlotNavigation;

struct CurveSeries
{
    QString label;
    QColor colour;
    Qt::PenStyle style = Qt::SolidLine;
    std::vector<CurvePoint> points;
    bool isMain = false;             ///< drawn on top
    QString id = {};                 ///< told by clicks
    PlotMark mark = PlotMark::Disc;  ///< setting
    bool isHollow = false;           ///< reported, not measured here
    bool isHidden = false;           ///< only in the legend
    std::vector<double> spread = {}; ///< ± around each point, where there are several seeds
    std::vector<int> counts = {};    ///< seeds behind each point
    std::vector<double> places = {}; ///< of the points on the data's axis; empty: their sessions
};

struct ReferenceLine
{
    QString label;
    double value = 0;
};

/// What a plot leaves to, or shares with, the figure that it is a panel of.
struct PanelLook
{
    bool namesValues = true;   ///< has a label at the vertical axis
    bool namesSessions = true; ///< has a label at the horizontal axis
    /// Smallest and largest value of all panels beside it.
    std::optional<std::pair<double, double>> values = {};
};

struct CurveData
{
    QString metric; ///< "UT-Acc", for read-outs, files and screen readers
    QString unit;   ///< "%"
    int sessions = 0;
    std::vector<CurveSeries> series;
    std::vector<ReferenceLine> references;
    std::optional<DataTable> table = {}; ///< exported instead of curveCsv()
    QString fileName = {};               ///< of exports; empty: the metric
    bool marksBroken = false;            ///< NaN is a value that broke, not one that is missing
    CurveAxis axis = CurveAxis::Session;
    std::optional<PanelLook> panel = {}; ///< its figure tells the lines apart, not labels at them
    /// Why there is no line, where there is none; may have several lines.
    QString emptyText = {};
};

/// Smallest and largest value that is drawn, with spread and references; nothing where none is.
std::optional<std::pair<double, double>> valuesOf(const CurveData& data);

/// Where a point of a series stands on the axis.
double placeOf(const CurveSeries& series, size_t point);
/// Gives each point its place on an axis and takes out those without one; says how many these are.
size_t putOnAxis(CurveSeries& series, const std::function<std::optional<double>(double)>& find);
/// First and last place of the axis: all sessions, or what the shown points need.
std::pair<double, double> axisEnds(const CurveData& data);
/// Where the shown points stand, rising, each once.
std::vector<double> axisPlaces(const CurveData& data);
/// All series and references at a place of the axis, one line each, for tooltips and screen
/// readers. Of series that were not evaluated just there the evaluation before counts, but on the
/// axis of sessions.
QString readOut(const CurveData& data, double place);
/// The curve's data: session, then one column a series; full precision, empty where missing. Other
/// axes have a column a series for the places of its points.
QString curveCsv(const CurveData& data);

class CurvePlot : public QWidget
{
    Q_OBJECT

public:
    enum class Density { Full, Mini };
    enum class ReadOut {
        Tooltip, ///< beside the mouse
        Signal   ///< only sessionPointed(): the page shows it
    };
    CurvePlot(const QString& objectName, const QString& title, Density density,
              QWidget* parent = nullptr);

    /// Redraws without changing a zoom the user has chosen.
    void setData(CurveData data);
    [[nodiscard]] const CurveData& data() const { return m_data; }
    void setHorizontalRange(double low, double high);
    void setVerticalRange(double low, double high);
    /// Takes a zoom back.
    void showAll();
    void setReadOut(ReadOut way) { m_readOut = way; }
    /// Where exports remember folder and size.
    void setSettings(Settings* settings) { m_settings = settings; }
    /// Draws the cursor line at a place of the axis; nothing: none.
    void pointAt(std::optional<double> place);
    [[nodiscard]] Figure figure();
    /// Whether the lines are told apart by a legend: there is no room for labels at them.
    [[nodiscard]] bool hasLegend() const { return m_hasLegend; }
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void horizontalRangeChanged(double low, double high); ///< by the user: to link plots
    void verticalRangeChanged(double low, double high);
    void allShown(); ///< the user took a zoom back
    /// A point of a series, by mouse or (of the main one) keyboard.
    void pointClicked(const QString& id, double session, const QPoint& globalPosition);
    void sessionPointed(int session);      ///< by mouse or keyboard
    void placePointed(double place);       ///< the same on the axis: to link plots
    void seriesClicked(const QString& id); ///< in the legend, or its label at the line
    void seriesDoubleClicked(const QString& id);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct PointPlace
    {
        size_t series = 0;
        size_t point = 0;
    };
    void connectPlot();
    [[nodiscard]] QPointF pixelOf(const PointPlace& place) const;
    [[nodiscard]] std::optional<PointPlace> placeNear(const QPointF& pixel) const;
    [[nodiscard]] std::optional<PointPlace> mainPlaceAt(double place) const;
    void clickAt(const QPointF& pixel);
    void tellClicked(const PointPlace& place);
    void rebuild();
    void addBand(const CurveSeries& series);
    void addLine(const CurveSeries& series);
    void rebuildReferences();
    /// Labels at the lines where they have room in this height, else the legend.
    void arrangeLabels(const QSize& size);
    [[nodiscard]] QString idOf(const QCPAbstractLegendItem* item) const;
    void fitRanges();
    void fitValues();
    void fitMargins();
    void placeLabels();
    /// Of a label's line between its points; NaN where it has none there.
    [[nodiscard]] double valueOf(const LineLabel& label, double place) const;
    void placeReferenceTexts();
    [[nodiscard]] std::vector<QLineF> referencePixels() const;
    void showReadOut(double place);
    [[nodiscard]] double nearestPlace(double place) const;
    [[nodiscard]] int sessionAt(double place) const;
    void chooseTicks();
    void resetZoom();

    QCustomPlot* m_plot = nullptr;
    PlotNavigation& m_navigation;
    Density m_density;
    CurveData m_data;
    LongLines m_lines;
    std::vector<LineLabel> m_labels;
    std::vector<QCPItemText*> m_referenceTexts;
    QCPItemText* m_emptyText = nullptr;
    QCPItemStraightLine* m_cursor = nullptr;
    double m_cursorPlace = 0;
    QPoint m_pressed; ///< of the mouse
    bool m_hasLegend = false;
    QCPLayoutGrid* m_side = nullptr; ///< holds the legend; in the layout where it is shown
    ReadOut m_readOut = ReadOut::Tooltip;
    Settings* m_settings = nullptr;
    std::map<const QCPGraph*, QString> m_ids;
};

} // namespace clwb::ui
