// SPDX-License-Identifier: GPL-3.0-or-later
// Labels at the ends of the curves or, where they have no room, the legend; and the exported
// picture, which has its own room.
#include "ui/plots/curve_plot.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

void CurvePlot::placeLabels()
{
    placeLineLabels(
        *m_plot, m_labels,
        [this](const LineLabel& label, double place) { return valueOf(label, place); },
        referencePixels());
    placeReferenceTexts();
}

std::vector<QLineF> CurvePlot::referencePixels() const
{
    const auto [first, last] = axisEnds(m_data);
    std::vector<QLineF> lines;
    for (const ReferenceLine& reference : m_data.references) {
        const double y = m_plot->yAxis->coordToPixel(reference.value);
        lines.emplace_back(m_plot->xAxis->coordToPixel(first), y, m_plot->xAxis->coordToPixel(last),
                           y);
    }
    return lines;
}

double CurvePlot::valueOf(const LineLabel& label, double place) const
{
    const auto series =
        std::find_if(m_data.series.begin(), m_data.series.end(), [&](const CurveSeries& each) {
            return each.id == label.id && each.label == label.text;
        });
    if (series == m_data.series.end())
        return NAN;
    const auto& points = series->points;
    size_t next = 0;
    while (next < points.size() && placeOf(*series, next) < place)
        ++next;
    if (next == 0 || next == points.size())
        return NAN;
    const double before = placeOf(*series, next - 1);
    const double share = (place - before) / (placeOf(*series, next) - before);
    return points[next - 1].value + share * (points[next].value - points[next - 1].value);
}

void CurvePlot::placeReferenceTexts()
{
    if (m_referenceTexts.empty())
        return;
    std::vector<QLineF> lines = referencePixels();
    for (const LineLabel& label : m_labels) { // of a run that goes on they stand among the lines
        if (!label.item->visible())
            continue;
        const QPointF start = label.item->position->coords();
        const QFontMetrics font(label.item->font());
        lines.emplace_back(start, start + QPointF(font.horizontalAdvance(label.item->text()), 0));
    }
    for (const auto& [graph, id] : m_ids) { // what is drawn, which of long lines is but a part
        const auto pixel = [axes = m_plot](const QCPGraphData& point) {
            return QPointF(axes->xAxis->coordToPixel(point.key),
                           axes->yAxis->coordToPixel(point.value));
        };
        for (int point = 1; point < graph->dataCount(); ++point) {
            const QLineF line(pixel(*graph->data()->at(point - 1)),
                              pixel(*graph->data()->at(point)));
            if (std::isfinite(line.dy())) // NaN is a gap
                lines.push_back(line);
        }
    }
    const auto [first, last] = axisEnds(m_data);
    const double begin = m_plot->xAxis->coordToPixel(first);
    const double end = m_plot->xAxis->coordToPixel(last);
    constexpr double kGap = 2; // between the text and its line
    for (size_t at = 0; at < m_referenceTexts.size(); ++at) {
        QCPItemText* text = m_referenceTexts[at];
        const QFontMetrics font(text->font());
        const double left = begin + 8;
        text->setText(font.elidedText(m_data.references[at].label, Qt::ElideRight,
                                      std::max(0, static_cast<int>(end - left))));
        const QSizeF size(font.horizontalAdvance(text->text()), font.height());
        const double right = end - size.width();
        const double y = m_plot->yAxis->coordToPixel(m_data.references[at].value);
        const double above = y - size.height() - kGap;
        std::vector<QRectF> places; // at the right end above the line, where readers expect it
        for (const double x : {right, left, (left + right) / 2}) {
            if (above >= m_plot->axisRect()->top()) // else the plot's edge would cut it
                places.emplace_back(QPointF(x, above), size);
            places.emplace_back(QPointF(x, y + kGap), size);
        }
        text->position->setCoords(places[freestPlace(places, lines)].topLeft());
    }
}

void CurvePlot::arrangeLabels(const QSize& size)
{
    constexpr int kAxisTexts = 52; // ticks and label below the axes
    QCPLegend* legend = m_plot->legend;
    const QFont font = smallFont(m_plot->font());
    const int height = QFontMetrics(font).height();
    const bool needsLegend = m_density == Density::Full && size.height() > 0 &&
                             static_cast<int>(m_labels.size()) * height >
                                 std::max(height * 2, size.height() - kAxisTexts);
    for (size_t at = 0; at < m_labels.size(); ++at) {
        QCPItemText* text = m_labels[at].item;
        text->setVisible(!needsLegend);
        const int most = std::max(70, size.width() * 2 / 5);
        text->setText(
            QFontMetrics(text->font()).elidedText(m_labels[at].text, Qt::ElideRight, most));
    }
    const Theme& theme = themeOf(palette());
    legend->setFont(font);
    legend->setTextColor(theme.text);
    legend->setBorderPen(Qt::NoPen);
    legend->setBrush(Qt::NoBrush);
    legend->setIconSize(22, 10);
    legend->setRowSpacing(0);
    legend->setMargins(QMargins(8, 4, 2, 4));
    if (needsLegend == m_hasLegend)
        return;
    m_hasLegend = needsLegend;
    legend->setVisible(needsLegend);
    if (needsLegend) {
        m_plot->plotLayout()->addElement(0, 1, m_side);
        m_plot->plotLayout()->setColumnStretchFactor(1, 0.001);
    } else {
        m_plot->plotLayout()->take(m_side);
        m_plot->plotLayout()->simplify();
    }
}

QString CurvePlot::idOf(const QCPAbstractLegendItem* item) const
{
    // Reading it does not change it, only QCustomPlot does not say so.
    auto* entry = qobject_cast<QCPPlottableLegendItem*>(const_cast<QCPAbstractLegendItem*>(item));
    if (!entry)
        return {};
    const auto found = m_ids.find(qobject_cast<const QCPGraph*>(entry->plottable()));
    return found == m_ids.end() ? QString() : found->second;
}

Figure CurvePlot::figure()
{
    Figure figure =
        figureOf(*m_plot, *this, m_data.fileName.isEmpty() ? m_data.metric : m_data.fileName);
    figure.paint = [self = QPointer<CurvePlot>(this), paint = figure.paint](QCPPainter& painter,
                                                                            const QSize& size) {
        if (!self)
            return;
        const bool hadCursor = self->m_cursor->visible();
        self->m_cursor->setVisible(false);
        self->arrangeLabels(size);
        self->fitMargins();
        paint(painter, size);
        self->m_cursor->setVisible(hadCursor);
        self->arrangeLabels(self->size());
        self->fitMargins();
    };
    figure.table = m_data.table;
    figure.csv = curveCsv(m_data);
    return figure;
}

} // namespace clwb::ui
