// SPDX-License-Identifier: GPL-3.0-or-later
// Labels at the ends of lines, pushed apart where they would overlap.
#pragma once

#include <QColor>
#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <functional>
#include <vector>

class QCPItemText;
class QCustomPlot;
class QObject;

namespace clwb::ui
{

struct LineLabel
{
    QCPItemText* item = nullptr;
    QPointF end;  ///< of the line, in plot coordinates
    QString text; ///< in full; the item may show it elided
    QString id;   ///< of the series, for clicks
};

/// Moves centres apart until neighbours are `distance` away, inside [low, high] where possible,
/// keeping their order and as near as may be to where they were.
std::vector<double> spreadApart(std::vector<double> centres, double distance, double low,
                                double high);

/// Of places for a text the first that no line crosses, or else the one that the fewest do.
/// @param places not empty  @return index
size_t freestPlace(const std::vector<QRectF>& places, const std::vector<QLineF>& lines);

/// A bold text in the colour of its line.
LineLabel addLineLabel(QCustomPlot& plot, const QString& text, const QColor& colour, QPointF end);
/// The label that a click on an item means; null: none of them.
const LineLabel* labelOf(const std::vector<LineLabel>& labels, const QObject* item);
/// Puts every label right of its line's end, or of where the line leaves what is zoomed to. Call
/// when the layout is known.
/// @param valueAt of a label's line at a place of the horizontal axis before its end
void placeLineLabels(QCustomPlot& plot, const std::vector<LineLabel>& labels,
                     const std::function<double(const LineLabel&, double)>& valueAt);
/// Pixels that the widest text needs at the right of the axes.
int widestLabel(const std::vector<LineLabel>& labels);

} // namespace clwb::ui
