// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/objective_plot.h"

#include "core/base/check.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/plot_marks.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kTrialMark = 8;
constexpr double kReach = 14; // pixels from a mark

bool holds(const std::vector<int>& numbers, int number)
{
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

} // namespace

std::vector<ObjectivePoint> objectivePoints(const ParallelData& data, size_t xAxis, size_t yAxis)
{
    std::vector<ObjectivePoint> points;
    for (const ParallelLine& line : data.lines) {
        const auto& x = line.values[xAxis];
        const auto& y = line.values[yAxis];
        if (line.hasResult && x && y && std::isfinite(*x) && std::isfinite(*y))
            points.push_back({line.number, *x, *y, line.isChosen});
    }
    return points;
}

ObjectivePlot::ObjectivePlot(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    nameWidget(this, objectName, tr("Result by setting"));
    nameWidget(m_plot, objectName + u".plot"_s, tr("Result by setting, plot"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    setMinimumHeight(140);
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 10, 18, 0));
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        const int number = nearest(event->pos());
        const auto point = std::find_if(m_points.begin(), m_points.end(),
                                        [&](const auto& one) { return one.number == number; });
        if (point == m_points.end())
            QToolTip::hideText();
        else
            QToolTip::showText(m_plot->mapToGlobal(event->pos() + QPoint(12, 8)), describe(*point),
                               m_plot);
    });
    connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        if (const int number = nearest(event->pos()); number > 0)
            Q_EMIT pointed(number);
    });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this](QMouseEvent* event) {
        if (const int number = nearest(event->pos()); number > 0)
            Q_EMIT activated(number);
    });
}

void ObjectivePlot::setData(ParallelData values, size_t xAxis, size_t yAxis)
{
    CLWB_CHECK(xAxis < values.axes.size() && yAxis < values.axes.size(), "axes of the data");
    m_data = std::move(values);
    m_xAxis = xAxis;
    m_yAxis = yAxis;
    m_points = objectivePoints(m_data, xAxis, yAxis);
    QStringList spoken;
    for (const ObjectivePoint& point : m_points)
        spoken << describe(point);
    setAccessibleDescription(spoken.join(u"; "_s));
    rebuild();
}

void ObjectivePlot::setKept(std::vector<int> numbers)
{
    m_kept = std::move(numbers);
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
    applyPlotTheme(*m_plot, palette());
    if (m_data.axes.empty()) {
        m_plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    m_plot->xAxis->setLabel(m_data.axes[m_xAxis].title);
    m_plot->yAxis->setLabel(m_data.axes[m_yAxis].title);
    fitRanges();
    addMarks(false);
    addMarks(true);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ObjectivePlot::fitRanges()
{
    const ParallelAxis& axis = m_data.axes[m_xAxis];
    const bool isLogarithmic = axis.isLogarithmic && axis.low > 0;
    m_plot->xAxis->setScaleType(isLogarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (!axis.categories.isEmpty()) {
        auto ticker = QSharedPointer<QCPAxisTickerText>::create();
        for (qsizetype at = 0; at < axis.categories.size(); ++at)
            ticker->addTick(static_cast<double>(at), axis.categories[at]);
        m_plot->xAxis->setTicker(ticker);
        m_plot->xAxis->setRange(-0.5, static_cast<double>(axis.categories.size()) - 0.5);
    } else {
        m_plot->xAxis->setTicker(isLogarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog)
                                               : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
        // A little room, so that no mark lies on the rim.
        const double room =
            isLogarithmic ? std::pow(axis.high / axis.low, 0.05) : (axis.high - axis.low) * 0.05;
        m_plot->xAxis->setRange(isLogarithmic ? axis.low / room : axis.low - room,
                                isLogarithmic ? axis.high * room : axis.high + room);
    }
    m_plot->xAxis->setNumberFormat(u"g"_s);
    m_plot->xAxis->setNumberPrecision(4);
    double low = INFINITY;
    double high = -INFINITY;
    for (const ObjectivePoint& point : m_points) {
        low = std::min(low, point.y);
        high = std::max(high, point.y);
    }
    const AxisRange range = roundedRange(low <= high ? low : 0, low <= high ? high : 1, 4);
    m_plot->yAxis->setRange(range.low, range.high);
}

void ObjectivePlot::addMarks(bool areKept)
{
    const Theme& theme = themeOf(palette());
    const auto add = [this](const QCPScatterStyle& style) {
        QCPGraph* graph = m_plot->addGraph();
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setScatterStyle(style);
        return graph;
    };
    QColor colour = theme.accent;
    colour.setAlphaF(areKept ? 1.0F : 0.22F);
    QCPGraph* trials = add(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, colour, kTrialMark));
    for (const ObjectivePoint& point : m_points) {
        if (holds(m_kept, point.number) != areKept)
            continue;
        trials->addData(point.x, point.y);
        if (point.isChosen)
            add(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(theme.good, 2), Qt::NoBrush,
                                kTrialMark * 2))
                ->addData(point.x, point.y);
        if (point.number == m_highlighted)
            add(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.text, 1.5), Qt::NoBrush,
                                kTrialMark * 1.7))
                ->addData(point.x, point.y);
    }
}

int ObjectivePlot::nearest(const QPoint& position) const
{
    int number = 0;
    double smallest = kReach;
    for (const ObjectivePoint& point : m_points) {
        const QPointF at(m_plot->xAxis->coordToPixel(point.x),
                         m_plot->yAxis->coordToPixel(point.y));
        if (const double distance = QLineF(at, position).length(); distance < smallest) {
            smallest = distance;
            number = point.number;
        }
    }
    return number;
}

QString ObjectivePlot::describe(const ObjectivePoint& point) const
{
    const ParallelAxis& x = m_data.axes[m_xAxis];
    const ParallelAxis& y = m_data.axes[m_yAxis];
    const QString text =
        tr("Trial %1: %2 %3, %4 %5")
            .arg(point.number)
            .arg(x.title, valueTextOn(x, point.x), y.title, numberText(point.y, 2));
    return point.isChosen ? text + tr(" (chosen)") : text;
}

bool ObjectivePlot::pressKey(int key)
{
    if (m_points.empty())
        return false;
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        if (m_highlighted > 0)
            Q_EMIT activated(m_highlighted);
        return m_highlighted > 0;
    }
    if (key != Qt::Key_Left && key != Qt::Key_Right)
        return false;
    // From left to right, lower ones first.
    std::vector<ObjectivePoint> ordered = m_points;
    std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
        return std::pair(a.x, a.y) < std::pair(b.x, b.y);
    });
    const auto now = std::find_if(ordered.begin(), ordered.end(), [this](const auto& point) {
        return point.number == m_highlighted;
    });
    const auto last = static_cast<ptrdiff_t>(ordered.size()) - 1;
    ptrdiff_t at = now == ordered.end() ? (key == Qt::Key_Right ? 0 : last)
                                        : now - ordered.begin() + (key == Qt::Key_Right ? 1 : -1);
    at = std::clamp<ptrdiff_t>(at, 0, last);
    const ObjectivePoint point = ordered[static_cast<size_t>(at)];
    m_plot->setAccessibleDescription(describe(point));
    Q_EMIT pointed(point.number);
    return true;
}

bool ObjectivePlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::KeyPress &&
        pressKey(static_cast<QKeyEvent*>(event)->key()))
        return true;
    return QWidget::eventFilter(watched, event);
}

void ObjectivePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
    QWidget::changeEvent(event);
}

Figure ObjectivePlot::figure()
{
    Figure figure = figureOf(*m_plot, *this, u"result-by-setting"_s);
    DataTable table;
    if (!m_data.axes.empty()) {
        const ParallelAxis& axis = m_data.axes[m_xAxis];
        const bool isNumber = axis.categories.isEmpty();
        table.columns = {{.key = u"trial"_s, .isNumber = true},
                         {.key = axis.title, .isNumber = isNumber},
                         {.key = m_data.axes[m_yAxis].title, .isNumber = true}};
        for (const ObjectivePoint& point : m_points)
            table.rows.push_back(
                {numberCell(point.number, 0),
                 isNumber ? numberCell(point.x, 4) : textCell(valueTextOn(axis, point.x)),
                 numberCell(point.y, 4)});
    }
    figure.table = std::move(table);
    return figure;
}

void ObjectivePlot::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
