// SPDX-License-Identifier: GPL-3.0-or-later
// Spreading and placing of labels at lines.
#include "ui/plots/line_labels.h"

#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"

#include <QFontMetrics>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace clwb::ui
{

std::vector<double> spreadApart(std::vector<double> centres, double distance, double low,
                                double high)
{
    std::vector<size_t> order(centres.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return centres[a] < centres[b]; });
    // A few rounds of pushing neighbours apart by halves, then one pass that settles the rest.
    for (int round = 0; round < 32; ++round) {
        for (size_t index = 1; index < order.size(); ++index) {
            double& upper = centres[order[index - 1]];
            double& lower = centres[order[index]];
            const double missing = distance - (lower - upper);
            if (missing > 0) {
                upper -= missing / 2;
                lower += missing / 2;
            }
        }
    }
    double floor = low;
    for (const size_t index : order) {
        centres[index] = std::max(centres[index], floor);
        floor = centres[index] + distance;
    }
    double ceiling = high;
    for (auto place = order.rbegin(); place != order.rend(); ++place) {
        centres[*place] = std::min(centres[*place], ceiling);
        ceiling = centres[*place] - distance;
    }
    return centres;
}

double clearOfLines(double centre, double height, const std::vector<double>& lines)
{
    constexpr double kGap = 2;
    const double away = height / 2 + kGap;
    const auto isClear = [&](double place) {
        return std::all_of(lines.begin(), lines.end(),
                           [&](double line) { return std::abs(place - line) >= away - 1e-6; });
    };
    if (isClear(centre))
        return centre;
    double best = centre;
    double least = std::numeric_limits<double>::infinity();
    for (const double line : lines) {
        for (const double place : {line - away, line + away}) { // of equal ones the upper
            if (isClear(place) && std::abs(place - centre) < least) {
                best = place;
                least = std::abs(place - centre);
            }
        }
    }
    return best;
}

size_t freestPlace(const std::vector<QRectF>& places, const std::vector<QLineF>& lines)
{
    const auto crosses = [](const QLineF& line, const QRectF& place) {
        const QLineF diagonals[] = {{place.topLeft(), place.bottomRight()},
                                    {place.topRight(), place.bottomLeft()}};
        // A line that passes through a rectangle crosses one of its diagonals or ends inside.
        return place.contains(line.p1()) || place.contains(line.p2()) ||
               std::any_of(std::begin(diagonals), std::end(diagonals), [&](const QLineF& diagonal) {
                   return line.intersects(diagonal) == QLineF::BoundedIntersection;
               });
    };
    size_t best = 0;
    auto fewest = std::numeric_limits<std::ptrdiff_t>::max();
    for (size_t at = 0; at < places.size(); ++at) {
        const auto count = std::count_if(lines.begin(), lines.end(), [&](const QLineF& line) {
            return crosses(line, places[at]);
        });
        if (count < fewest) {
            best = at;
            fewest = count;
        }
    }
    return best;
}

LineLabel addLineLabel(QCustomPlot& plot, const QString& text, const QColor& colour, QPointF end,
                       const QString& id, LineState state)
{
    // When colours change, the widget around the plot hears of it before the plot does.
    const QWidget* around = plot.parentWidget();
    const Theme& theme = themeOf(around ? around->palette() : plot.palette());
    const bool isHidden = state == LineState::Hidden;
    auto* item = new QCPItemText(&plot);
    QFont font = smallFont(plot.font());
    font.setBold(true);
    font.setStrikeOut(isHidden);
    item->setFont(font);
    item->setText(text);
    item->setColor(readableOn(theme.card, isHidden ? theme.muted : colour));
    item->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    item->setClipToAxisRect(false);
    // No line that passes here strikes the text through, not even one that is added later.
    item->setBrush(QBrush(theme.card));
    item->setLayer(QStringLiteral("legend"));
    item->setSelectable(false);
    item->position->setType(QCPItemPosition::ptAbsolute);
    return {item, end, text, id};
}

const LineLabel* labelOf(const std::vector<LineLabel>& labels, const QObject* item)
{
    const auto found = std::find_if(labels.begin(), labels.end(),
                                    [item](const LineLabel& label) { return label.item == item; });
    return found == labels.end() ? nullptr : &*found;
}

void placeLineLabels(QCustomPlot& plot, const std::vector<LineLabel>& labels,
                     const std::function<double(const LineLabel&, double)>& valueAt,
                     const std::vector<QLineF>& level)
{
    if (labels.empty())
        return;
    const QRect area = plot.axisRect()->rect();
    const int height = QFontMetrics(labels.front().item->font()).height();
    constexpr double kBesideEnd = 8;
    std::vector<double> wanted;
    const double right = plot.xAxis->range().upper;
    const auto leftOf = [&](const LineLabel& label) {
        return std::min<double>(plot.xAxis->coordToPixel(label.end.x()), area.right()) + kBesideEnd;
    };
    for (const LineLabel& label : labels) {
        const double value = label.end.x() > right ? valueAt(label, right) : label.end.y();
        std::vector<double> passing;
        for (const QLineF& line : level) {
            if (leftOf(label) < std::min<double>(line.x2(), area.right()))
                passing.push_back(line.y1());
        }
        wanted.push_back(
            clearOfLines(plot.yAxis->coordToPixel(std::isfinite(value) ? value : label.end.y()),
                         height, passing));
    }
    const std::vector<double> placed =
        spreadApart(wanted, height, area.top() - height / 2.0, area.bottom() - height / 4.0);
    for (size_t index = 0; index < labels.size(); ++index)
        labels[index].item->position->setCoords(leftOf(labels[index]), placed[index]);
}

int widestLabel(const std::vector<LineLabel>& labels)
{
    int width = 0;
    for (const LineLabel& label : labels)
        width =
            std::max(width, QFontMetrics(label.item->font()).horizontalAdvance(label.item->text()));
    return width;
}

} // namespace clwb::ui
