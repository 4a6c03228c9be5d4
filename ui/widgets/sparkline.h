// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny curve without axes, for tiles.
#pragma once

#include <QColor>
#include <QPolygonF>
#include <QWidget>

#include <span>
#include <vector>

namespace clwb::ui
{

/// Points of a sparkline in `area`: equal steps in x over `slots` places, min and max at the rims.
/// A constant series lies in the middle; NaN values are left out.
QPolygonF sparklinePoints(std::span<const double> values, int places, const QRectF& area);

class Sparkline : public QWidget
{
    Q_OBJECT

public:
    explicit Sparkline(QWidget* parent = nullptr);
    /// @param places how many values the whole run will have, at least values.size()
    void setValues(std::vector<double> values, int places);
    void setColour(const QColor& colour);
    [[nodiscard]] QSize sizeHint() const override { return {76, 26}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_values;
    int m_places = 0;
    QColor m_colour;
};

} // namespace clwb::ui
