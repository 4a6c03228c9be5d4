// SPDX-License-Identifier: GPL-3.0-or-later
// ZS-Acc against UT-Acc: one point a configuration, lines of equal A-Acc, who is beaten by nobody.
#pragma once

#include "ui/models/comparison.h"
#include "ui/plots/plot_export.h"
#include "ui/plots/plot_marks.h"

#include <QPointF>
#include <QWidget>

#include <optional>
#include <vector>

class QCPAbstractItem;
class QCPItemText;
class QCustomPlot;

namespace clwb::ui
{

class PlotNavigation;

struct TradeOffPoint
{
    QString id;
    QString label;
    QString source = {}; ///< "MST · 3 seeds"
    QColor colour = {};
    PlotMark mark = PlotMark::Disc;
    bool isHollow = false;
    bool isReference = false;
    Estimate ut = {}, zs = {}, a = {};
    QPointF from = {};                ///< the model before training; NaN: unknown, no arrow
    std::vector<QPointF> path = {};   ///< after every session, from `from` on
    std::vector<QPointF> alphas = {}; ///< on the weight path, by α
};

struct TradeOffData
{
    QString utName; ///< "UT-Acc (session mean)"
    std::vector<TradeOffPoint> points;
    bool hasPaths = false;     ///< draw `path` instead of the straight arrow
    QStringList notDrawn = {}; ///< shown configurations without both: "FT-WM (no ZS-Acc)"
};

/// Points of the shown configurations that have both values.
TradeOffData tradeOffOf(const Comparison& comparison);
/// One row a point, full precision; says which are on the front.
DataTable tradeOffTable(const TradeOffData& data);

class TradeOffPlot : public QWidget
{
    Q_OBJECT

public:
    explicit TradeOffPlot(const QString& objectName, QWidget* parent = nullptr);
    void setData(TradeOffData data);
    [[nodiscard]] const TradeOffData& data() const { return m_data; }
    /// A ring around a place, such as the point of a path that is looked at; nothing: none.
    void setMark(std::optional<QPointF> place);
    [[nodiscard]] const std::optional<QPointF>& mark() const { return m_mark; }
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] Figure figure();
    [[nodiscard]] QSize sizeHint() const override { return {640, 480}; }

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void fitRanges();
    void addIsoLines();
    void addFront();
    void addPoint(const TradeOffPoint& point);
    void addJourney(const TradeOffPoint& point);
    void addMark();
    void placeLabels();
    void showReadOut(const QPoint& position);
    void speak(int step);
    QCPItemText* addText(const QString& text, const QColor& colour, const QPointF& place);

    struct Label
    {
        QCPItemText* item = nullptr;
        QPointF place;
        QPointF spread; ///< half lengths of the error bars
    };
    QCustomPlot* m_plot = nullptr;
    PlotNavigation& m_navigation;
    TradeOffData m_data;
    std::optional<QPointF> m_mark;
    std::vector<Label> m_labels;
    Settings* m_settings = nullptr;
    int m_spoken = -1;
};

} // namespace clwb::ui
