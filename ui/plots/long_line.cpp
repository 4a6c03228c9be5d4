// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/long_line.h"

#include "core/base/check.h"
#include "ui/plots/qcp.h"

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

namespace
{

constexpr size_t kBlock = 16;  // points of the blocks of level 0
constexpr size_t kLong = 1000; // points from which the speed of drawing matters

class LongGraph : public QCPGraph
{
public:
    using QCPGraph::QCPGraph;

protected:
    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& points) const override
    {
        const QPen& pen = painter->pen();
        if (points.size() < static_cast<qsizetype>(kLong) || painter->antialiasing() ||
            pen.style() != Qt::SolidLine || painter->modes().testFlag(QCPPainter::pmVectorized)) {
            QCPGraph::drawLinePlot(painter, points);
            return;
        }
        QVector<QLine> lines;
        lines.reserve(points.size());
        for (qsizetype at = 1; at < points.size(); ++at) {
            const QPointF& from = points[at - 1];
            const QPointF& to = points[at];
            if (std::isfinite(from.y()) && std::isfinite(to.y()))
                lines.append({from.toPoint(), to.toPoint()});
        }
        painter->setPen(QPen(pen.color(), 0)); // a pixel wide
        painter->drawLines(lines);
    }
};

} // namespace

QCPGraph* addLongGraph(QCustomPlot& plot)
{
    return new LongGraph(plot.xAxis, plot.yAxis);
}

LongLine::LongLine(std::vector<double> keys, std::vector<double> values)
    : m_keys(std::move(keys))
    , m_values(std::move(values))
{
    CLWB_CHECK(m_keys.size() == m_values.size(), "a key for each value");
    CLWB_CHECK(m_keys.size() < UINT32_MAX, "too many points for a line");
    std::vector<Block> level;
    for (size_t begin = 0; begin < m_keys.size(); begin += kBlock)
        level.push_back(blockOf(begin, std::min(begin + kBlock, m_keys.size())));
    while (level.size() > 1) {
        std::vector<Block> next;
        for (size_t at = 0; at + 1 < level.size(); at += 2)
            next.push_back(joined(level[at], level[at + 1]));
        if (level.size() % 2 == 1)
            next.push_back(level.back());
        m_levels.push_back(std::exchange(level, std::move(next)));
    }
    if (!level.empty())
        m_levels.push_back(std::move(level));
}

LongLine::Block LongLine::blockOf(size_t begin, size_t end) const
{
    Block block;
    for (size_t at = begin; at < end; ++at) {
        const auto index = static_cast<uint32_t>(at);
        if (!std::isfinite(m_values[at])) {
            block.hasGap = true;
        } else if (!block.hasValue) {
            block.least = block.greatest = index;
            block.hasValue = true;
        } else {
            if (m_values[at] < m_values[block.least])
                block.least = index;
            if (m_values[at] > m_values[block.greatest])
                block.greatest = index;
        }
    }
    return block;
}

LongLine::Block LongLine::joined(const Block& a, const Block& b) const
{
    if (!a.hasValue || !b.hasValue) {
        Block block = a.hasValue ? a : b;
        block.hasGap = a.hasGap || b.hasGap;
        return block;
    }
    return {m_values[b.least] < m_values[a.least] ? b.least : a.least,
            m_values[b.greatest] > m_values[a.greatest] ? b.greatest : a.greatest, true,
            a.hasGap || b.hasGap};
}

void LongLine::append(const Block& block, std::vector<QPointF>& points) const
{
    if (block.hasValue) {
        const auto [first, second] = std::minmax(block.least, block.greatest);
        points.emplace_back(m_keys[first], m_values[first]);
        if (second != first)
            points.emplace_back(m_keys[second], m_values[second]);
    }
    if (block.hasGap && !points.empty())
        points.emplace_back(points.back().x(), NAN);
}

std::vector<QPointF> LongLine::seen(double low, double high, int pixels) const
{
    const auto indexOf = [this](auto place) { return static_cast<size_t>(place - m_keys.begin()); };
    size_t begin = indexOf(std::lower_bound(m_keys.begin(), m_keys.end(), low));
    size_t end = indexOf(std::upper_bound(m_keys.begin(), m_keys.end(), high));
    begin -= begin > 0 ? 1 : 0;
    end += end < m_keys.size() ? 1 : 0;
    std::vector<QPointF> points;
    const size_t most = 4 * static_cast<size_t>(std::max(1, pixels));
    if (begin >= end || end - begin <= most) {
        for (size_t at = begin; at < end; ++at)
            points.emplace_back(m_keys[at], m_values[at]);
        return points;
    }
    // The coarsest level that has at least a block for every pixel.
    size_t level = 0;
    size_t length = kBlock;
    while (level + 1 < m_levels.size() &&
           (end - begin) / (length * 2) >= static_cast<size_t>(std::max(1, pixels))) {
        ++level;
        length *= 2;
    }
    const size_t first = (begin + length - 1) / length; // whole blocks, what sticks out by itself
    const size_t last = end / length;
    append(blockOf(begin, std::min(first * length, end)), points);
    for (size_t at = first; at < last; ++at)
        append(m_levels[level][at], points);
    if (last >= first)
        append(blockOf(last * length, end), points);
    return points;
}

void LongLines::add(QCPGraph* graph, LongLine line)
{
    m_hasLong |= line.size() > kLong;
    m_lines.push_back({graph, std::move(line)});
}

void LongLines::fit(QCustomPlot& plot)
{
    // A path of thousands of points is stroked as one shape, a hundred times slower than its lines.
    plot.setPlottingHint(QCP::phFastPolylines, m_hasLong);
    constexpr int kLogarithmicParts = 32;
    constexpr int kLeastPixels = 1200; // so that a printed figure is as fine as a screen
    const int pixels = std::max(kLeastPixels, plot.width());
    const QCPRange range = plot.xAxis->range();
    // On a logarithmic axis the left holds few points on many pixels: part by part.
    const bool isLogarithmic = plot.xAxis->scaleType() == QCPAxis::stLogarithmic;
    const int parts = isLogarithmic ? kLogarithmicParts : 1;
    const double factor = isLogarithmic ? std::pow(range.upper / range.lower, 1.0 / parts) : 1;
    for (const Entry& entry : m_lines) {
        QVector<QCPGraphData> data;
        double low = range.lower;
        for (int part = 0; part < parts; ++part) {
            const double high = part + 1 == parts ? range.upper : low * factor;
            // Neighbouring parts share the points at their ends.
            const double shown = data.isEmpty() ? -INFINITY : data.back().key;
            for (const QPointF& point : entry.line.seen(low, high, pixels / parts + 1)) {
                if (point.x() > shown)
                    data.append({point.x(), point.y()});
            }
            low = high;
        }
        entry.graph->data()->set(data, true);
    }
}

} // namespace clwb::ui
