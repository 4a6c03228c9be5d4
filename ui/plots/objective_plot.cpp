// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/objective_plot.h"

#include "ui/plots/plot_access.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Room beside the outermost points, as a part of the axis.
constexpr double kMargin = 0.06;

} // namespace

ObjectivePlot::ObjectivePlot(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    embedPlot(*m_plot, *this, objectName, tr("Objective by parameter"),
              tr("Objective by parameter, plot"), {});
    setMinimumHeight(180);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 10, 16, 0));
    connect(m_plot, &QCustomPlot::mousePress, this, [this](const QMouseEvent* event) {
        const ObjectivePoint* at = pointNear(event->pos());
        if (at && event->button() == Qt::LeftButton)
            point(*at);
    });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this](const QMouseEvent* event) {
        if (const ObjectivePoint* at = pointNear(event->pos()))
            Q_EMIT activated(at->number);
    });
    connect(m_plot, &QCustomPlot::mouseMove, this,
            [this](const QMouseEvent* event) { showReadOut(event->pos()); });
    rebuild();
}

void ObjectivePlot::setData(ObjectiveData data)
{
    m_data = std::move(data);
    QString spoken =
        tr("%1 by %2: %3").arg(m_data.metric, m_data.setting.title, countsText(m_data));
    const auto best =
        std::max_element(m_data.points.begin(), m_data.points.end(),
                         [](const auto& a, const auto& b) { return a.metric < b.metric; });
    if (best != m_data.points.end())
        spoken += tr("; highest: %1").arg(pointText(m_data, *best));
    describePlot(*this, *m_plot, spoken, {});
    rebuild();
}

void ObjectivePlot::highlight(int number)
{
    if (std::exchange(m_highlighted, number) != number)
        rebuild();
}

void ObjectivePlot::rebuild()
{
    m_plot->clearPlottables();
    m_plot->clearItems();
    applyPlotTheme(*m_plot, palette());
    m_plot->xAxis->grid()->setVisible(true);
    const bool isEmpty = m_data.points.empty();
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabels(!isEmpty);
        axis->grid()->setVisible(!isEmpty);
    }
    m_plot->xAxis->setLabel(m_data.setting.isLogarithmic ? tr("%1 (log)").arg(m_data.setting.title)
                                                         : m_data.setting.title);
    const QString metric =
        m_data.isMetricLogarithmic ? tr("%1 (%, log)") : tr("%1 (%)"); // of Bwt in points
    m_plot->yAxis->setLabel(m_data.metric.isEmpty() ? QString() : metric.arg(m_data.metric));
    fitSettingAxis();
    fitMetricAxis();
    addPoints();
    if (isEmpty) {
        auto* text = new QCPItemText(m_plot);
        text->setText(
            m_data.metric.isEmpty() ? tr("No trial has a result yet")
            : m_data.setting.title.isEmpty()
                ? tr("The trials vary no setting")
                : tr("No trial has both %1 and %2").arg(m_data.setting.title, m_data.metric));
        text->setColor(themeOf(palette()).muted);
        text->setSelectable(false);
        text->position->setType(QCPItemPosition::ptAxisRectRatio);
        text->position->setCoords(0.5, 0.5);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ObjectivePlot::fitSettingAxis()
{
    const ParallelAxis& setting = m_data.setting;
    QCPAxis* axis = m_plot->xAxis;
    axis->setScaleType(setting.isLogarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis->setRange(valueAt(setting, -kMargin), valueAt(setting, 1 + kMargin));
    auto texts = QSharedPointer<QCPAxisTickerText>::create();
    for (qsizetype at = 0; at < setting.categories.size(); ++at)
        texts->addTick(static_cast<double>(at), setting.categories[at]);
    if (setting.categories.isEmpty()) {
        for (const double value : ownTicks(m_data))
            texts->addTick(value, valueTextOn(setting, value));
    }
    if (!texts->ticks().isEmpty())
        axis->setTicker(texts);
    else if (setting.isLogarithmic)
        axis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
    else
        axis->setTicker(QSharedPointer<QCPAxisTicker>::create());
    // 1·10⁻² reads worse than 0.01; beyond that powers are shorter.
    axis->setNumberFormat(u"g"_s);
    axis->setNumberPrecision(4);
    axis->setSubTicks(false);
}

void ObjectivePlot::fitMetricAxis()
{
    double low = INFINITY;
    double high = -INFINITY;
    for (const ObjectivePoint& point : m_data.points) {
        low = std::min(low, point.metric);
        high = std::max(high, point.metric);
    }
    const bool hasPoints = low <= high;
    if (!hasPoints) {
        low = 0;
        high = 100;
    }
    QCPAxis* axis = m_plot->yAxis;
    const bool isLogarithmic = m_data.isMetricLogarithmic && hasPoints;
    axis->setScaleType(isLogarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (isLogarithmic) {
        const double room = std::max(1.001, std::pow(high / low, kMargin));
        axis->setRange(low / room, high * room);
        // Percentages span less than a decade: ticks at sensible values say more than powers.
        auto ticks = QSharedPointer<QCPAxisTickerText>::create();
        const AxisRange range = roundedRange(low / room, high * room, 5);
        for (double value = range.low; value <= range.high + range.step / 2; value += range.step) {
            if (value > 0)
                ticks->addTick(value, QString::number(value, 'g', 4));
        }
        if (high < 10 * low)
            axis->setTicker(ticks);
        else
            axis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
        axis->setNumberFormat(u"g"_s);
        axis->setNumberPrecision(4);
        return;
    }
    const double margin = std::max(0.05, (high - low) * kMargin);
    const AxisRange range = roundedRange(low - margin, high + margin, 5);
    axis->setRange(range.low, range.high);
    auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(range.step);
    axis->setTicker(ticker);
}

void ObjectivePlot::addPoints()
{
    const Theme& theme = themeOf(palette());
    const auto add = [this](const QCPScatterStyle& style, auto belongs) {
        QCPGraph* graph = m_plot->addGraph();
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setScatterStyle(style);
        graph->setSelectable(QCP::stNone);
        for (const ObjectivePoint& point : m_data.points) {
            if (belongs(point))
                graph->addData(point.setting, point.metric);
        }
    };
    const auto disc = [](const QColor& colour, double size) {
        return QCPScatterStyle(QCPScatterStyle::ssDisc, colour, size);
    };
    const QColor faded = mixed(theme.muted, theme.card, 0.65);
    add(disc(faded, 6), [](const auto& point) { return !point.isKept && !point.isChosen; });
    add(disc(theme.accent, 7), [](const auto& point) { return point.isKept && !point.isChosen; });
    for (const ObjectivePoint& point : m_data.points) {
        if (!point.isChosen)
            continue;
        const QColor fill = point.isKept ? theme.accent : faded;
        add(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(theme.text, 1.4), fill, 13),
            [&](const auto& other) { return &other == &point; });
        auto* text = new QCPItemText(m_plot);
        text->setText(tr("chosen"));
        text->setFont(smallFont(m_plot->font()));
        text->setColor(theme.text);
        text->setSelectable(false);
        text->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
        text->setPadding(QMargins(0, 0, 0, 9));
        text->setClipToAxisRect(false);
        text->position->setCoords(point.setting, point.metric);
    }
    add(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.text, 1.6), Qt::NoBrush, 15),
        [this](const auto& point) { return point.number == m_highlighted; });
}

QPointF ObjectivePlot::pixelOf(const ObjectivePoint& point) const
{
    return {m_plot->xAxis->coordToPixel(point.setting), m_plot->yAxis->coordToPixel(point.metric)};
}

const ObjectivePoint* ObjectivePlot::pointNear(const QPoint& position) const
{
    double nearest = 12; // pixels
    const ObjectivePoint* found = nullptr;
    for (const ObjectivePoint& point : m_data.points) {
        const double distance = QLineF(pixelOf(point), position).length();
        if (distance < nearest) {
            nearest = distance;
            found = &point;
        }
    }
    return found;
}

void ObjectivePlot::point(const ObjectivePoint& at)
{
    const int number = at.number; // the answer to pointed() may change the data
    m_plot->setAccessibleDescription(pointText(m_data, at));
    highlight(number);
    Q_EMIT pointed(number);
}

void ObjectivePlot::showReadOut(const QPoint& position)
{
    const ObjectivePoint* at = pointNear(position);
    m_plot->setCursor(at ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (at)
        QToolTip::showText(m_plot->mapToGlobal(position), pointText(m_data, *at), m_plot);
    else
        QToolTip::hideText();
}

/// Left and right go through the points along the setting, Enter opens the run, L and Shift+L
/// change the scales.
bool ObjectivePlot::pressKey(const QKeyEvent& event)
{
    const int key = event.key();
    if (key == Qt::Key_L) {
        if (event.modifiers().testFlag(Qt::ShiftModifier))
            Q_EMIT logarithmicXToggled();
        else
            Q_EMIT logarithmicYToggled();
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        if (m_highlighted > 0)
            Q_EMIT activated(m_highlighted);
        return m_highlighted > 0;
    }
    if ((key != Qt::Key_Left && key != Qt::Key_Right) || m_data.points.empty())
        return false;
    std::vector<const ObjectivePoint*> order;
    for (const ObjectivePoint& point : m_data.points)
        order.push_back(&point);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return std::pair(a->setting, a->metric) < std::pair(b->setting, b->metric);
    });
    const auto now = std::find_if(order.begin(), order.end(), [this](const auto* point) {
        return point->number == m_highlighted;
    });
    auto next = now;
    if (now == order.end())
        next = key == Qt::Key_Left ? order.end() - 1 : order.begin();
    else if (key == Qt::Key_Left)
        next = now == order.begin() ? now : now - 1;
    else
        next = now + 1 == order.end() ? now : now + 1;
    const ObjectivePoint reached = **next;
    point(reached);
    QToolTip::showText(m_plot->mapToGlobal(pixelOf(reached).toPoint()), pointText(m_data, reached),
                       m_plot);
    return true;
}

Figure ObjectivePlot::figure()
{
    Figure figure = figureOf(*m_plot, *this, u"objective-by-parameter"_s);
    figure.table = objectiveTable(m_data);
    return figure;
}

void ObjectivePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
    QWidget::changeEvent(event);
}

bool ObjectivePlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && pressKey(*static_cast<QKeyEvent*>(event)))
        return true;
    return QWidget::eventFilter(watched, event);
}

void ObjectivePlot::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
