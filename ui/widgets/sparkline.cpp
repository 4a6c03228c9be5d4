// SPDX-License-Identifier: GPL-3.0-or-later
// Mapping and painting of the tiny curve.
#include "ui/widgets/sparkline.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

QPolygonF sparklinePoints(std::span<const double> values, int places, const QRectF& area)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    QPolygonF points;
    const double steps = std::max(1, std::max(places, static_cast<int>(values.size())) - 1);
    for (size_t index = 0; index < values.size(); ++index) {
        if (!std::isfinite(values[index]))
            continue;
        const double share = high > low ? (values[index] - low) / (high - low) : 0.5;
        points << QPointF(area.left() + area.width() * static_cast<double>(index) / steps,
                          area.bottom() - share * area.height());
    }
    return points;
}

Sparkline::Sparkline(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Sparkline::setValues(std::vector<double> values, int places)
{
    m_values = std::move(values);
    m_places = places;
    update();
}

void Sparkline::setColour(const QColor& colour)
{
    m_colour = colour;
    update();
}

void Sparkline::paintEvent(QPaintEvent* /*event*/)
{
    const QPolygonF points =
        sparklinePoints(m_values, m_places, QRectF(rect()).adjusted(3, 4, -3, -4));
    constexpr int kNarrowest = 28; // below it a curve is a scratch
    if (width() < kNarrowest)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (points.size() == 1) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_colour);
        painter.drawEllipse(points.front(), 2, 2);
        return;
    }
    painter.setPen(QPen(m_colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(points);
}

} // namespace clwb::ui
