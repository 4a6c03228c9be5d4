// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix of classes as pixels: one pass over what is in sight, however many classes there are.
#pragma once

#include <QColor>
#include <QImage>
#include <QRectF>
#include <QSize>

#include <cstdint>
#include <vector>

namespace clwb::ui
{

struct ConfusionColours
{
    QColor ground; ///< of 0
    QColor more;   ///< of the full value
    QColor less;   ///< of the full value below 0
};

/// Values may be of both signs; the colour follows the square root of their size, so that the few
/// mistakes of a good model can be seen.
/// @param values [order.size()²] the true class first, by class
/// @param order  class at each place, in both directions
/// @param view   what is shown, in cells; within the matrix
/// @param size   of the picture in pixels; where a pixel holds several cells it shows the largest
/// @param full   the value of the full colour, > 0
QImage confusionImage(const std::vector<float>& values, const std::vector<int32_t>& order,
                      const QRectF& view, const QSize& size, float full,
                      const ConfusionColours& colours);

/// Cells from `first` to before `last` that the pixel holds; at least one.
struct CellRange
{
    int first = 0;
    int last = 1;
    bool operator==(const CellRange&) const = default;
};
CellRange cellsOfPixel(int pixel, int pixels, double begin, double length, int cells);

} // namespace clwb::ui
