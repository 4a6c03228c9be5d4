// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keyboard of the curves: read-out, zoom, and clicks on points and legend.
#include "ui/plots/curve_plot.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/qcp.h"

#include <QApplication>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

void CurvePlot::connectPlot()
{
    connect(m_plot, &QCustomPlot::afterLayout, this, &CurvePlot::placeLabels);
    connect(&m_navigation, &PlotNavigation::resetAsked, this, &CurvePlot::resetZoom);
    connect(&m_navigation, &PlotNavigation::zoomed, this, [this] {
        // Steps that suit the whole range are too far apart in a part of it.
        if (m_navigation.isZoomed(Qt::Vertical)) {
            m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
            Q_EMIT verticalRangeChanged(m_plot->yAxis->range().lower, m_plot->yAxis->range().upper);
        }
        if (m_navigation.isZoomed(Qt::Horizontal))
            Q_EMIT horizontalRangeChanged(m_plot->xAxis->range().lower,
                                          m_plot->xAxis->range().upper);
    });
    connect(m_plot, &QCustomPlot::legendClick, this,
            [this](QCPLegend*, const QCPAbstractLegendItem* item) {
                if (const QString id = idOf(item); !id.isEmpty())
                    Q_EMIT seriesClicked(id);
            });
    connect(m_plot, &QCustomPlot::legendDoubleClick, this,
            [this](QCPLegend*, const QCPAbstractLegendItem* item) {
                if (const QString id = idOf(item); !id.isEmpty())
                    Q_EMIT seriesDoubleClicked(id);
            });
    connect(m_plot, &QCustomPlot::itemClick, this, [this](QCPAbstractItem* item) {
        if (const LineLabel* label = labelOf(m_labels, item); label && !label->id.isEmpty())
            Q_EMIT seriesClicked(label->id);
    });
    connect(m_plot, &QCustomPlot::itemDoubleClick, this, [this](QCPAbstractItem* item) {
        if (const LineLabel* label = labelOf(m_labels, item); label && !label->id.isEmpty())
            Q_EMIT seriesDoubleClicked(label->id);
    });
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (m_plot->axisRect()->rect().contains(event->pos()))
            showReadOut(m_plot->xAxis->pixelToCoord(event->position().x()));
    });
    connect(m_plot, &QCustomPlot::mousePress, this,
            [this](QMouseEvent* event) { m_pressed = event->pos(); });
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        const bool wasDragged =
            (event->pos() - m_pressed).manhattanLength() >= QApplication::startDragDistance();
        if (event->button() == Qt::LeftButton && !wasDragged)
            clickAt(event->position());
    });
}

QPointF CurvePlot::pixelOf(const PointPlace& place) const
{
    const CurveSeries& series = m_data.series[place.series];
    return {m_plot->xAxis->coordToPixel(placeOf(series, place.point)),
            m_plot->yAxis->coordToPixel(series.points[place.point].value)};
}

std::optional<CurvePlot::PointPlace> CurvePlot::placeNear(const QPointF& pixel) const
{
    constexpr double kReach = 9;
    std::optional<PointPlace> nearest;
    double best = kReach;
    for (size_t series = 0; series < m_data.series.size(); ++series) {
        const CurveSeries& line = m_data.series[series];
        for (size_t point = 0; point < line.points.size() && !line.isHidden; ++point) {
            const QPointF distance = pixelOf({series, point}) - pixel;
            const double length = std::hypot(distance.x(), distance.y());
            // Of two points in the same place the main run's is meant: it lies on top.
            if (length < best || (nearest && length == best && line.isMain)) {
                best = length;
                nearest = PointPlace{series, point};
            }
        }
    }
    return nearest;
}

std::optional<CurvePlot::PointPlace> CurvePlot::mainPlaceAt(double place) const
{
    for (size_t series = 0; series < m_data.series.size(); ++series) {
        const CurveSeries& line = m_data.series[series];
        for (size_t point = 0; point < line.points.size() && line.isMain; ++point) {
            if (placeOf(line, point) == place)
                return PointPlace{series, point};
        }
    }
    return std::nullopt;
}

void CurvePlot::clickAt(const QPointF& pixel)
{
    if (const auto place = placeNear(pixel))
        tellClicked(*place);
}

void CurvePlot::tellClicked(const PointPlace& place)
{
    const CurveSeries& series = m_data.series[place.series];
    Q_EMIT pointClicked(series.id, series.points[place.point].session,
                        m_plot->mapToGlobal(pixelOf(place).toPoint()));
}

double CurvePlot::nearestPlace(double place) const
{
    if (m_data.axis == CurveAxis::Session)
        return std::clamp(std::round(place), 0.0, static_cast<double>(m_data.sessions));
    const std::vector<double> places = axisPlaces(m_data);
    if (places.empty())
        return place;
    return *std::min_element(places.begin(), places.end(), [place](double a, double b) {
        return std::abs(a - place) < std::abs(b - place);
    });
}

int CurvePlot::sessionAt(double place) const
{
    if (m_data.axis == CurveAxis::Session)
        return static_cast<int>(place);
    for (const CurveSeries& series : m_data.series) {
        for (size_t point = 0; point < series.points.size() && !series.isHidden; ++point) {
            if (placeOf(series, point) == place)
                return static_cast<int>(series.points[point].session);
        }
    }
    return 0;
}

void CurvePlot::showReadOut(double place)
{
    if (m_data.series.empty() || m_density == Density::Mini)
        return;
    const double nearest = nearestPlace(place);
    const bool isNew = nearest != m_cursorPlace || !m_cursor->visible();
    pointAt(nearest);
    if (isNew) {
        Q_EMIT placePointed(nearest);
        Q_EMIT sessionPointed(sessionAt(nearest));
    }
    if (m_readOut == ReadOut::Signal)
        return;
    const QPoint at(static_cast<int>(m_plot->xAxis->coordToPixel(m_cursorPlace)) + 8,
                    m_plot->axisRect()->top());
    QToolTip::showText(m_plot->mapToGlobal(at), readOut(m_data, m_cursorPlace), m_plot);
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        m_cursor->setVisible(false);
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            double place = m_cursorPlace + (key == Qt::Key_Left ? -1 : 1);
            if (m_data.axis != CurveAxis::Session) { // to the evaluation beside it
                const std::vector<double> places = axisPlaces(m_data);
                const auto next =
                    key == Qt::Key_Left
                        ? std::lower_bound(places.begin(), places.end(), m_cursorPlace)
                        : std::upper_bound(places.begin(), places.end(), m_cursorPlace);
                if (key == Qt::Key_Left && next != places.begin())
                    place = *std::prev(next);
                else if (next != places.end())
                    place = *next;
            }
            showReadOut(place);
            return true;
        }
        if (key == Qt::Key_Home) {
            m_navigation.forget();
            resetZoom();
            return true;
        }
        if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_cursor->visible()) {
            if (const auto place = mainPlaceAt(m_cursorPlace))
                tellClicked(*place);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace clwb::ui
