// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing of the curves.
#include "ui/plots/curve_plot.h"

#include "ui/plots/plot_access.h"
#include "ui/plots/plot_marks.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/plots/whole_ticker.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QEvent>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kMostMarked = 300; // points of a line that still have marks

QString labelOf(CurveAxis axis)
{
    switch (axis) {
    case CurveAxis::Epoch:
        return CurvePlot::tr("finished epochs");
    case CurveAxis::Step:
        return CurvePlot::tr("optimiser steps");
    case CurveAxis::Worked:
        return CurvePlot::tr("time of work, without interruptions (h:min:s)");
    case CurveAxis::Clock:
        return CurvePlot::tr("time of day");
    case CurveAxis::Session:
        break;
    }
    return CurvePlot::tr("finished sessions");
}

} // namespace

CurvePlot::CurvePlot(const QString& objectName, const QString& title, Density density,
                     QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
    , m_navigation(
          embedPlot(*m_plot, *this, objectName, title, title,
                    density == Density::Full ? Qt::Horizontal | Qt::Vertical : Qt::Orientations()))
    , m_density(density)
{
    setMinimumHeight(density == Density::Full ? 150 : 100);
    if (density == Density::Mini)
        m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setNotAntialiasedElement(QCP::aeAxes);
    m_cursor = new QCPItemStraightLine(m_plot);
    m_cursor->setVisible(false);
    m_emptyText = new QCPItemText(m_plot);
    m_emptyText->setSelectable(false);
    m_emptyText->setClipToAxisRect(false);
    m_emptyText->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_emptyText->position->setCoords(0.5, 0.5);
    m_emptyText->setTextAlignment(Qt::AlignCenter);
    // The legend leaves the axes and stands beside them, where it is needed at all.
    m_plot->setAutoAddPlottableToLegend(false);
    m_plot->axisRect()->insetLayout()->take(m_plot->legend);
    m_plot->legend->setVisible(false);
    m_side = new QCPLayoutGrid; // an empty element below keeps the legend at the top
    m_plot->plotLayout()->addElement(0, 1, m_side);
    m_side->addElement(0, 0, m_plot->legend);
    m_side->addElement(1, 0, new QCPLayoutElement(m_plot));
    m_side->setRowStretchFactor(0, 0.001);
    m_plot->plotLayout()->take(m_side);
    m_plot->plotLayout()->simplify();
    connectPlot();
    connect(m_plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this] { m_lines.fit(*m_plot); });
    applyPlotTheme(*m_plot, palette());
}

QSize CurvePlot::sizeHint() const
{
    return m_density == Density::Full ? QSize(480, 240) : QSize(300, 130);
}

void CurvePlot::setData(CurveData data)
{
    const CurveAxis before = std::exchange(m_data, std::move(data)).axis;
    if (before != m_data.axis) {
        m_navigation.forget(Qt::Horizontal); // it was a part of another axis
        m_cursor->setVisible(false);
    }
    describePlot(*this, *m_plot, summaryOf(m_data), readOut(m_data, axisEnds(m_data).second));
    rebuild();
}

void CurvePlot::setHorizontalRange(double low, double high)
{
    m_navigation.markZoomed(Qt::Horizontal);
    const QSignalBlocker blocker(m_plot->xAxis);
    m_plot->xAxis->setRange(low, high);
    m_lines.fit(*m_plot);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::setVerticalRange(double low, double high)
{
    m_navigation.markZoomed(Qt::Vertical);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
    m_plot->yAxis->setRange(low, high);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::rebuild()
{
    const Theme& theme = themeOf(palette());
    m_plot->legend->clearItems();
    m_ids.clear();
    m_plot->clearGraphs();
    m_lines.clear();
    for (const LineLabel& label : m_labels)
        m_plot->removeItem(label.item);
    m_labels.clear();
    m_cursor->setPen(QPen(theme.border, 1));
    const bool isMini = m_density == Density::Mini;
    // The main run comes last, on top of the others; bands lie under all lines.
    std::vector<const CurveSeries*> ordered;
    for (const CurveSeries& series : m_data.series)
        ordered.push_back(&series);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto* a, const auto* b) { return a->isMain < b->isMain; });
    for (const CurveSeries* series : ordered) {
        if (!series->isHidden)
            addBand(*series);
    }
    for (const CurveSeries* series : ordered)
        addLine(*series);
    rebuildReferences();
    const PanelLook look = m_data.panel.value_or(PanelLook());
    m_plot->yAxis->setLabel(look.namesValues ? u"%1 (%2)"_s.arg(m_data.metric, m_data.unit)
                                             : QString());
    m_plot->xAxis->setLabel(isMini || !look.namesSessions ? QString() : labelOf(m_data.axis));
    const bool hasLine =
        std::any_of(m_data.series.begin(), m_data.series.end(), [](const CurveSeries& series) {
            return std::any_of(series.points.begin(), series.points.end(),
                               [](const auto& point) { return std::isfinite(point.value); });
        });
    m_emptyText->setText(hasLine ? QString() : m_data.emptyText);
    m_emptyText->setFont(smallFont(m_plot->font()));
    m_emptyText->setColor(theme.muted);
    arrangeLabels(size());
    fitRanges();
    m_lines.fit(*m_plot);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::addBand(const CurveSeries& series)
{
    if (series.spread.size() != series.points.size() ||
        std::all_of(series.spread.begin(), series.spread.end(), [](double s) { return !(s > 0); }))
        return;
    QCPGraph* upper = m_plot->addGraph();
    QCPGraph* lower = m_plot->addGraph();
    for (QCPGraph* edge : {upper, lower}) {
        edge->setPen(Qt::NoPen);
        edge->setSelectable(QCP::stNone);
    }
    for (size_t at = 0; at < series.points.size(); ++at) {
        const double value = series.points[at].value;
        upper->addData(placeOf(series, at), value + series.spread[at]);
        lower->addData(placeOf(series, at), value - series.spread[at]);
    }
    QColor faint = series.colour;
    faint.setAlphaF(0.16F);
    upper->setBrush(faint);
    upper->setChannelFillGraph(lower);
}

void CurvePlot::addLine(const CurveSeries& series)
{
    const Theme& theme = themeOf(palette());
    const bool isMini = m_density == Density::Mini;
    QCPGraph* graph = addLongGraph(*m_plot);
    graph->setName(series.label);
    m_ids[graph] = series.id;
    const QColor colour = series.isHidden ? mixed(theme.muted, theme.card, 0.5) : series.colour;
    const QPen pen(colour, series.isMain ? 2.2 : 1.8, series.style, Qt::RoundCap, Qt::RoundJoin);
    graph->setPen(pen);
    graph->setScatterStyle(
        scatterOf(series.mark, series.isHollow, colour, theme.card, isMini ? 5 : 6.5));
    graph->addToLegend(m_plot->legend);
    std::optional<QPointF> last;
    std::vector<double> places;
    std::vector<double> values; // NaN is a gap
    for (size_t at = 0; at < series.points.size(); ++at) {
        places.push_back(placeOf(series, at));
        values.push_back(series.points[at].value);
        if (std::isfinite(values.back()))
            last = QPointF(places.back(), values.back());
    }
    if (!isMini && !m_data.panel && last) { // a hidden line's label brings it back
        m_labels.push_back(addLineLabel(*m_plot, series.label, series.colour, *last, series.id,
                                        series.isHidden ? LineState::Hidden : LineState::Shown));
    }
    if (series.isHidden)
        return;
    if (m_data.marksBroken)
        addRimMarks(*m_plot, colour, places, values);
    if (series.points.size() > kMostMarked) {
        graph->setScatterStyle(QCPScatterStyle::ssNone);
        graph->setPen(QPen(colour, 1, series.style)); // thin lines are drawn much faster
        graph->setAdaptiveSampling(false);            // LongLine does it
    }
    m_lines.add(graph, LongLine(std::move(places), std::move(values)));
}

void CurvePlot::rebuildReferences()
{
    const Theme& theme = themeOf(palette());
    for (QCPItemText* text : m_referenceTexts)
        m_plot->removeItem(text);
    m_referenceTexts.clear();
    for (const ReferenceLine& reference : m_data.references) {
        QCPGraph* graph = m_plot->addGraph();
        graph->setName(reference.label);
        graph->setPen(QPen(mixed(theme.muted, theme.card, 0.25), 1.2, Qt::CustomDashLine));
        QPen pen = graph->pen();
        pen.setDashPattern({5, 4});
        graph->setPen(pen);
        const auto [first, last] = axisEnds(m_data);
        graph->addData(first, reference.value);
        graph->addData(last, reference.value);
        if (m_density == Density::Mini)
            continue;
        auto* text = new QCPItemText(m_plot);
        text->setText(reference.label);
        text->setFont(smallFont(m_plot->font()));
        text->setColor(theme.muted);
        text->setBrush(QBrush(theme.card)); // hides lines of the grid, no measured value
        text->setLayer(QStringLiteral("grid"));
        text->setSelectable(false);
        text->position->setType(QCPItemPosition::ptAbsolute);
        text->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
        m_referenceTexts.push_back(text);
    }
}

std::optional<std::pair<double, double>> valuesOf(const CurveData& data)
{
    double low = INFINITY;
    double high = -INFINITY;
    const auto include = [&](double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    for (const CurveSeries& series : data.series) {
        for (size_t at = 0; at < series.points.size() && !series.isHidden; ++at) {
            const double spread = at < series.spread.size() ? series.spread[at] : 0;
            include(series.points[at].value - spread);
            include(series.points[at].value + spread);
        }
    }
    for (const ReferenceLine& reference : data.references)
        include(reference.value);
    return low > high ? std::nullopt : std::optional(std::pair(low, high));
}

void CurvePlot::fitValues()
{
    const auto shared = m_data.panel ? m_data.panel->values : std::nullopt;
    const auto values = shared ? shared : valuesOf(m_data);
    const auto [low, high] = values.value_or(std::pair(0.0, 0.0));
    // At least ten points high, so that noise does not look like a change.
    const double missing = std::max(0.0, 10.0 - (high - low)) / 2;
    const double room = missing + (high - low) * 0.04;
    AxisRange range{0, 100, 20}; // nothing yet: the whole scale
    if (values)
        range = roundedRange(low - room, high + room, 4);
    if (values && m_data.unit == u'%')
        range = withinPercent(range, low, high, room);
    m_plot->yAxis->setRange(range.low, range.high);
    auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(range.step);
    m_plot->yAxis->setTicker(ticker);
}

void CurvePlot::fitRanges()
{
    if (!m_navigation.isZoomed(Qt::Vertical))
        fitValues();
    chooseTicks();
    if (!m_navigation.isZoomed(Qt::Horizontal)) {
        const auto [first, last] = axisEnds(m_data);
        const double room = // for whole end marks
            m_data.axis == CurveAxis::Session ? 0.12 : (last - first) * 0.015;
        const QSignalBlocker blocker(m_plot->xAxis);
        m_plot->xAxis->setRange(first - room, last + room);
    }
    fitMargins();
}

void CurvePlot::chooseTicks()
{
    QCPAxis* axis = m_plot->xAxis;
    switch (m_data.axis) {
    case CurveAxis::Session: {
        auto sessions = QSharedPointer<QCPAxisTickerFixed>::create();
        sessions->setTickStep(std::max(1.0, std::ceil(m_data.sessions / 12.0)));
        axis->setTicker(sessions);
        break;
    }
    case CurveAxis::Epoch:
    case CurveAxis::Step:
        axis->setTicker(QSharedPointer<WholeTicker>::create());
        break;
    case CurveAxis::Worked: {
        auto hours = QSharedPointer<QCPAxisTickerTime>::create();
        hours->setTimeFormat(u"%h:%m:%s"_s);
        axis->setTicker(hours);
        break;
    }
    case CurveAxis::Clock: {
        auto clock = QSharedPointer<QCPAxisTickerDateTime>::create();
        clock->setDateTimeFormat(u"HH:mm:ss\nd MMM"_s);
        axis->setTicker(clock);
        break;
    }
    }
}

void CurvePlot::fitMargins()
{
    QCPAxisRect* area = m_plot->axisRect();
    area->setAutoMargins(QCP::msLeft | QCP::msBottom);
    const int right = m_density == Density::Mini || m_hasLegend ? 8 : widestLabel(m_labels) + 14;
    area->setMargins(QMargins(0, m_density == Density::Mini ? 11 : 12, right, 0));
}

void CurvePlot::pointAt(std::optional<double> place)
{
    if (!place && !m_cursor->visible())
        return;
    m_cursor->setVisible(place.has_value());
    if (place) {
        m_cursorPlace = *place;
        m_cursor->point1->setCoords(*place, 0);
        m_cursor->point2->setCoords(*place, 1);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::resetZoom()
{
    showAll();
    Q_EMIT horizontalRangeChanged(m_plot->xAxis->range().lower, m_plot->xAxis->range().upper);
    Q_EMIT allShown();
}

void CurvePlot::showAll()
{
    m_navigation.forget();
    fitRanges();
    m_lines.fit(*m_plot);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        applyPlotTheme(*m_plot, palette());
        rebuild();
    }
    QWidget::changeEvent(event);
}

void CurvePlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrangeLabels(size());
    fitMargins();
}

void CurvePlot::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
