// SPDX-License-Identifier: GPL-3.0-or-later
// Labels at the ends of lines, pushed apart where they would overlap.
#pragma once

#include <QColor>
#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
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

/// Where a text of that height stands clear of horizontal lines, as near as may be to where it was
/// wanted; there itself where that is nowhere.
double clearOfLines(double centre, double height, const std::vector<double>& lines);

/// Of places for a text the first that no line crosses, or else the one that the fewest do.
/// @param places not empty  @return index
size_t freestPlace(const std::vector<QRectF>& places, const std::vector<QLineF>& lines);

enum class LineState { Shown, Hidden };
/// A bold text in the colour of its line; of a hidden one struck out: a click brings it back.
LineLabel addLineLabel(QCustomPlot& plot, const QString& text, const QColor& colour, QPointF end,
                       const QString& id, LineState state);
/// The label that a click on an item means; null: none of them.
const LineLabel* labelOf(const std::vector<LineLabel>& labels, const QObject* item);
/// Puts every label right of its line's end, or of where the line leaves what is zoomed to. Call
/// when the layout is known.
/// @param valueAt of a label's line at a place of the horizontal axis before its end
/// @param level   horizontal lines in pixels; a label that begins before their end keeps off them
void placeLineLabels(QCustomPlot& plot, const std::vector<LineLabel>& labels,
                     const std::function<double(const LineLabel&, double)>& valueAt,
                     const std::vector<QLineF>& level = {});
/// A click on a label: hides its line, or shows it again.
template<class Id>
void toggleLine(std::set<Id>& hidden, const Id& id)
{
    if (hidden.erase(id) == 0)
        hidden.insert(id);
}

/// A double click: of `all` that line is shown alone; all again where it is alone already.
template<class Id>
void isolateLine(std::set<Id>& hidden, const std::vector<Id>& all, const Id& id)
{
    std::set<Id> others(all.begin(), all.end());
    others.erase(id);
    const bool isAlone = std::includes(hidden.begin(), hidden.end(), others.begin(), others.end());
    hidden = isAlone ? std::set<Id>() : std::move(others);
}

/// Pixels that the widest text needs at the right of the axes.
int widestLabel(const std::vector<LineLabel>& labels);

} // namespace clwb::ui
