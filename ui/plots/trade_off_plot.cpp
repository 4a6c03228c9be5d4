// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing of the trade-off.
#include "ui/plots/trade_off_plot.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/trade_off.h"
#include "ui/plots/plot_access.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kMarkSize = 9;

QString describe(const TradeOffPoint& point, const QString& utName)
{
    const auto text = [](const Estimate& value) {
        return spreadCell(value.mean, value.std, value.count).text;
    };
    return TradeOffPlot::tr("%1 · %2\n%3: %4 %\nZS-Acc: %5 %\nA-Acc: %6 %")
        .arg(point.label, point.source, utName, text(point.ut), text(point.zs), text(point.a));
}

} // namespace

TradeOffPlot::TradeOffPlot(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
    , m_navigation(embedPlot(*m_plot, *this, objectName, tr("ZS-Acc against UT-Acc"),
                             tr("Trade-off plot"), Qt::Horizontal | Qt::Vertical))
{
    setMinimumSize(300, 220);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 14, 22, 0));
    connect(m_plot, &QCustomPlot::afterLayout, this, &TradeOffPlot::placeLabels);
    connect(&m_navigation, &PlotNavigation::resetAsked, this, &TradeOffPlot::rebuild);
    connect(&m_navigation, &PlotNavigation::zoomed, this, [this] {
        // Steps that suit the whole range are too far apart in a part of it.
        for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis})
            axis->setTicker(QSharedPointer<QCPAxisTicker>::create());
    });
    connect(m_plot, &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { showReadOut(event->pos()); });
}

void TradeOffPlot::setData(TradeOffData data)
{
    m_data = std::move(data);
    QStringList spoken;
    for (const TradeOffPoint& point : m_data.points)
        spoken << describe(point, m_data.utName).replace(u'\n', u", "_s);
    describePlot(*this, *m_plot, summaryOf(m_data), spoken.join(u"; "_s));
    m_spoken = -1;
    rebuild();
}

void TradeOffPlot::setMark(std::optional<QPointF> place)
{
    if (std::exchange(m_mark, place) != place)
        rebuild();
}

void TradeOffPlot::rebuild()
{
    m_plot->clearPlottables();
    m_plot->clearItems();
    m_labels.clear();
    applyPlotTheme(*m_plot, palette());
    m_plot->xAxis->grid()->setVisible(true);
    m_plot->xAxis->setLabel(u"%1 (%)"_s.arg(m_data.utName));
    m_plot->yAxis->setLabel(u"ZS-Acc (%)"_s);
    fitRanges();
    addIsoLines();
    addFront();
    for (const TradeOffPoint& point : m_data.points)
        addJourney(point);
    for (const TradeOffPoint& point : m_data.points)
        addPoint(point);
    addMark();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TradeOffPlot::fitRanges()
{
    const auto fit = [this](QCPAxis& axis, auto coordinate, auto estimate) {
        double low = INFINITY;
        double high = -INFINITY;
        const auto include = [&](double value) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        };
        for (const TradeOffPoint& point : m_data.points) {
            const Estimate& value = estimate(point);
            include(value.mean - value.std);
            include(value.mean + value.std);
            include(coordinate(point.from));
            for (const QPointF& place : point.alphas)
                include(coordinate(place));
            for (size_t at = 0; m_data.hasPaths && at < point.path.size(); ++at)
                include(coordinate(point.path[at]));
        }
        if (m_mark)
            include(coordinate(*m_mark));
        if (low > high) {
            low = 0;
            high = 100;
        }
        const double margin = std::max(1.5, (high - low) * 0.09);
        const AxisRange range = roundedRange(low - margin, high + margin, 6);
        const AxisRange ends =
            withinPercent({low - margin, high + margin, range.step}, low, high, margin);
        axis.setRange(ends.low, ends.high);
        auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
        ticker->setTickStep(range.step);
        axis.setTicker(ticker);
    };
    if (m_navigation.isZoomed(Qt::Horizontal) || m_navigation.isZoomed(Qt::Vertical))
        return;
    fit(
        *m_plot->xAxis, [](const QPointF& place) { return place.x(); },
        [](const TradeOffPoint& point) -> const Estimate& { return point.ut; });
    fit(
        *m_plot->yAxis, [](const QPointF& place) { return place.y(); },
        [](const TradeOffPoint& point) -> const Estimate& { return point.zs; });
}

QCPItemText* TradeOffPlot::addText(const QString& text, const QColor& colour, const QPointF& place)
{
    auto* item = new QCPItemText(m_plot);
    item->setText(text);
    item->setFont(smallFont(m_plot->font()));
    item->setColor(colour);
    item->setSelectable(false);
    item->position->setCoords(place);
    return item;
}

void TradeOffPlot::addIsoLines()
{
    const Theme& theme = themeOf(palette());
    const QCPRange x = m_plot->xAxis->range();
    const QCPRange y = m_plot->yAxis->range();
    for (const IsoLine& line : isoLines(x.lower, x.upper, y.lower, y.upper, 10)) {
        auto* item = new QCPItemStraightLine(m_plot);
        item->point1->setCoords(line.from);
        item->point2->setCoords(line.to);
        QPen pen(mixed(theme.border, theme.muted, 0.35), 1, Qt::CustomDashLine);
        pen.setDashPattern({2, 4});
        item->setPen(pen);
        item->setSelectable(false);
        QCPItemText* text =
            addText(tr("A %1").arg(numberText(line.level, 0)), theme.muted, line.from);
        // Inside the axes, just right of where the line begins at the left or upper edge.
        text->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
        text->setPadding(QMargins(8, 2, 0, 0));
    }
}

void TradeOffPlot::addFront()
{
    std::vector<QPointF> places;
    for (const TradeOffPoint& point : m_data.points)
        places.emplace_back(point.isReference ? NAN : point.ut.mean, point.zs.mean);
    const std::vector<size_t> front = paretoFront(places);
    if (front.size() < 2)
        return;
    const Theme& theme = themeOf(palette());
    auto* curve = new QCPCurve(m_plot->xAxis, m_plot->yAxis);
    curve->setPen(
        QPen(mixed(theme.accent, theme.card, 0.7), 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    curve->setSelectable(QCP::stNone);
    // Between two of its points the front goes by steps: nothing better is known to exist there.
    for (size_t at = 0; at < front.size(); ++at) {
        const QPointF& place = places[front[at]];
        curve->addData(place.x(), place.y());
        if (at + 1 < front.size())
            curve->addData(place.x(), places[front[at + 1]].y());
    }
}

void TradeOffPlot::addJourney(const TradeOffPoint& point)
{
    const QColor faint = mixed(point.colour, themeOf(palette()).card, 0.45);
    const auto addCurve = [this](const std::vector<QPointF>& places, const QPen& pen,
                                 const QCPScatterStyle& marks) {
        auto* curve = new QCPCurve(m_plot->xAxis, m_plot->yAxis);
        curve->setPen(pen);
        curve->setScatterStyle(marks);
        curve->setSelectable(QCP::stNone);
        for (const QPointF& place : places)
            curve->addData(place.x(), place.y());
    };
    if (point.alphas.size() > 1) {
        addCurve(point.alphas, QPen(point.colour, 1.4, Qt::DashDotLine),
                 QCPScatterStyle(QCPScatterStyle::ssDisc, point.colour, 4));
    }
    if (m_data.hasPaths && point.path.size() > 1) {
        addCurve(point.path, QPen(faint, 1.4), QCPScatterStyle(QCPScatterStyle::ssDisc, faint, 4));
        return;
    }
    if (!std::isfinite(point.from.x()) || !std::isfinite(point.from.y()))
        return;
    auto* arrow = new QCPItemLine(m_plot);
    arrow->start->setCoords(point.from);
    arrow->end->setCoords(point.ut.mean, point.zs.mean);
    arrow->setPen(QPen(faint, 1.2));
    arrow->setHead(QCPLineEnding(QCPLineEnding::esSpikeArrow, 8, 9));
    arrow->setSelectable(false);
}

void TradeOffPlot::addPoint(const TradeOffPoint& point)
{
    const Theme& theme = themeOf(palette());
    auto* graph = new QCPGraph(m_plot->xAxis, m_plot->yAxis);
    graph->setName(point.label);
    graph->setLineStyle(QCPGraph::lsNone);
    graph->setScatterStyle(
        scatterOf(point.mark, point.isHollow, point.colour, theme.card, kMarkSize));
    graph->addData(point.ut.mean, point.zs.mean);
    const auto addBars = [&](QCPErrorBars::ErrorType type, const Estimate& value) {
        if (value.count < 2)
            return;
        auto* bars = new QCPErrorBars(m_plot->xAxis, m_plot->yAxis);
        bars->setErrorType(type);
        bars->setDataPlottable(graph);
        bars->setPen(QPen(point.colour, 1.3));
        bars->setWhiskerWidth(5);
        bars->setSymbolGap(kMarkSize);
        bars->setSelectable(QCP::stNone);
        bars->addData(value.std);
    };
    addBars(QCPErrorBars::etKeyError, point.ut);
    addBars(QCPErrorBars::etValueError, point.zs);
    QCPItemText* text = addText(point.label, readableOn(theme.card, point.colour), {});
    QFont font = text->font();
    font.setBold(true);
    text->setFont(font);
    text->setClipToAxisRect(false);
    text->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    text->position->setType(QCPItemPosition::ptAbsolute);
    m_labels.push_back({text, {point.ut.mean, point.zs.mean}, {point.ut.std, point.zs.std}});
}

void TradeOffPlot::addMark()
{
    if (!m_mark)
        return;
    auto* ring = new QCPGraph(m_plot->xAxis, m_plot->yAxis);
    ring->setLineStyle(QCPGraph::lsNone);
    ring->setScatterStyle(QCPScatterStyle(
        QCPScatterStyle::ssCircle, QPen(themeOf(palette()).text, 2), Qt::NoBrush, kMarkSize + 5));
    ring->setSelectable(QCP::stNone);
    ring->addData(m_mark->x(), m_mark->y());
}

void TradeOffPlot::placeLabels()
{
    // Each label tries eight places around its mark and takes the first that hits nothing.
    const QRectF area = m_plot->axisRect()->rect();
    std::vector<QRectF> taken;
    for (const Label& label : m_labels) {
        const QPointF at(m_plot->xAxis->coordToPixel(label.place.x()),
                         m_plot->yAxis->coordToPixel(label.place.y()));
        taken.emplace_back(at - QPointF(6, 6), QSizeF(12, 12));
        const double across =
            std::abs(m_plot->xAxis->coordToPixel(label.place.x() + label.spread.x()) - at.x());
        const double upright =
            std::abs(m_plot->yAxis->coordToPixel(label.place.y() + label.spread.y()) - at.y());
        taken.emplace_back(at.x() - across, at.y() - 3, 2 * across, 6);
        taken.emplace_back(at.x() - 3, at.y() - upright, 6, 2 * upright);
    }
    for (const Label& label : m_labels) {
        const QFontMetricsF metrics(label.item->font());
        const QSizeF size(metrics.horizontalAdvance(label.item->text()), metrics.height());
        const QPointF at(m_plot->xAxis->coordToPixel(label.place.x()),
                         m_plot->yAxis->coordToPixel(label.place.y()));
        label.item->setVisible(area.contains(at));
        const double right = 9;
        const double left = -9 - size.width();
        const double middle = -size.width() / 2;
        const double half = size.height() / 2;
        const QPointF offsets[] = {
            {right, -half},         {left, -half},     {middle, -9 - 2 * half}, {middle, 9},
            {right, -2 * half - 3}, {right, 3},        {left, -2 * half - 3},   {left, 3},
            {right, -4 * half},     {right, 2 * half}, {left, -4 * half},       {left, 2 * half}};
        QRectF best;
        double fewest = std::numeric_limits<double>::infinity();
        for (const QPointF& offset : offsets) {
            const QRectF place(at + offset, size);
            double hidden = area.adjusted(0, -8, 20, 0).contains(place) ? 0 : 1e6;
            for (const QRectF& other : taken) {
                const QRectF shared = place.intersected(other);
                hidden += shared.isEmpty() ? 0 : shared.width() * shared.height();
            }
            if (hidden < fewest) {
                fewest = hidden;
                best = place;
            }
        }
        taken.push_back(best);
        label.item->position->setCoords(best.left(), best.center().y());
    }
}

void TradeOffPlot::showReadOut(const QPoint& position)
{
    const TradeOffPoint* nearest = nullptr;
    double smallest = 16; // pixels
    for (const TradeOffPoint& point : m_data.points) {
        const QPointF at(m_plot->xAxis->coordToPixel(point.ut.mean),
                         m_plot->yAxis->coordToPixel(point.zs.mean));
        const double distance = QLineF(at, position).length();
        if (distance < smallest) {
            smallest = distance;
            nearest = &point;
        }
    }
    if (nearest)
        QToolTip::showText(m_plot->mapToGlobal(position), describe(*nearest, m_data.utName),
                           m_plot);
    else
        QToolTip::hideText();
}

void TradeOffPlot::speak(int step)
{
    const int count = static_cast<int>(m_data.points.size());
    if (count == 0)
        return;
    m_spoken = std::clamp(m_spoken + step, 0, count - 1);
    const TradeOffPoint& point = m_data.points[static_cast<size_t>(m_spoken)];
    const QString text = describe(point, m_data.utName);
    m_plot->setAccessibleDescription(text);
    const QPoint at(static_cast<int>(m_plot->xAxis->coordToPixel(point.ut.mean)),
                    static_cast<int>(m_plot->yAxis->coordToPixel(point.zs.mean)));
    QToolTip::showText(m_plot->mapToGlobal(at), text, m_plot);
}

Figure TradeOffPlot::figure()
{
    Figure figure = figureOf(*m_plot, *this, u"trade-off"_s);
    figure.table = tradeOffTable(m_data);
    return figure;
}

void TradeOffPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
    QWidget::changeEvent(event);
}

bool TradeOffPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            speak(key == Qt::Key_Left ? -1 : 1);
            return true;
        }
        if (key == Qt::Key_Home) {
            rebuild();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void TradeOffPlot::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
