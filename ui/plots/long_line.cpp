// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/long_line.h"

#include "core/base/check.h"
#include "ui/plots/qcp.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace clwb::ui
{

namespace
{

constexpr size_t kBlock = 16;  // points of the blocks of level 0
constexpr size_t kLong = 1000; // points from which the speed of drawing matters

/// The pixels of a line whose x rise, as a vertical line for each column of pixels: many points in
/// a column cost one line, and neighbouring columns are joined by it.
class Columns
{
public:
    void add(int x, int y)
    {
        if (m_isOpen && x == m_x) {
            widen(y);
            m_last = y;
            return;
        }
        const bool isNext = m_isOpen && x == m_x + 1;
        // Half of the way between two columns lies in each.
        const int from = isNext ? (m_last + y) / 2 : y;
        if (isNext)
            widen(from);
        const QPoint left(m_x, m_last);
        const bool isFar = m_isOpen && !isNext;
        interrupt();
        if (isFar)
            m_lines.append({left, QPoint(x, y)});
        m_isOpen = true;
        m_x = x;
        m_low = std::min(from, y);
        m_high = std::max(from, y);
        m_last = y;
    }
    /// The line has a gap here, or its end.
    void interrupt()
    {
        if (m_isOpen)
            m_lines.append({m_x, m_low, m_x, m_high});
        m_isOpen = false;
    }
    [[nodiscard]] const QVector<QLine>& lines() const { return m_lines; }

private:
    void widen(int y)
    {
        m_low = std::min(m_low, y);
        m_high = std::max(m_high, y);
    }

    QVector<QLine> m_lines;
    bool m_isOpen = false;
    int m_x = 0;
    int m_low = 0;
    int m_high = 0;
    int m_last = 0; ///< where the line leaves the column
};

/// Pixels of an axis' values, which are straight from value to pixel.
struct PixelScale
{
    explicit PixelScale(const QCPAxis& axis)
        : origin(axis.coordToPixel(axis.range().lower))
        , lower(axis.range().lower)
        , factor((axis.coordToPixel(axis.range().upper) - origin) / axis.range().size())
    {}
    /// Far outside is as good as outside, and does not overflow.
    [[nodiscard]] int operator()(double value) const
    {
        constexpr double kFar = 1e6;
        return static_cast<int>(
            std::lround(std::clamp(origin + (value - lower) * factor, -kFar, kFar)));
    }

    double origin = 0;
    double lower = 0;
    double factor = 0; // pixels a unit
};

class LongGraph : public QCPGraph
{
public:
    using QCPGraph::QCPGraph;

protected:
    void draw(QCPPainter* painter) override
    {
        applyDefaultAntialiasingHint(painter);
        if (!isDrawnInOneGo(*painter)) {
            QCPGraph::draw(painter);
            return;
        }
        QCPGraphDataContainer::const_iterator begin;
        QCPGraphDataContainer::const_iterator end;
        getVisibleDataBounds(begin, end, QCPDataRange(0, dataCount()));
        const PixelScale x(*mKeyAxis);
        const PixelScale y(*mValueAxis);
        Columns columns;
        for (auto at = begin; at != end; ++at) {
            if (std::isfinite(at->value))
                columns.add(x(at->key), y(at->value));
            else
                columns.interrupt();
        }
        columns.interrupt();
        painter->setPen(QPen(mPen.color(), 0)); // a pixel wide
        painter->drawLines(columns.lines());
    }

private:
    /// Whether the line is long, is moved on a screen, and has no dashes to get right.
    static bool isQuick(const QCPPainter& painter, const QPen& pen, qsizetype points)
    {
        return points >= static_cast<qsizetype>(kLong) && !painter.antialiasing() &&
               pen.style() == Qt::SolidLine && !painter.modes().testFlag(QCPPainter::pmVectorized);
    }
    [[nodiscard]] bool isDrawnInOneGo(const QCPPainter& painter) const
    {
        const auto isStraight = [](const QCPAxis* axis) {
            return axis && axis->scaleType() == QCPAxis::stLinear && axis->range().size() > 0;
        };
        return isQuick(painter, mPen, dataCount()) && mBrush.style() == Qt::NoBrush &&
               mScatterStyle.isNone() && isStraight(mKeyAxis) && isStraight(mValueAxis) &&
               mKeyAxis->orientation() == Qt::Horizontal;
    }

    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& points) const override
    {
        // A logarithmic axis, or a line that is not moved.
        if (!isQuick(*painter, painter->pen(), points.size())) {
            QCPGraph::drawLinePlot(painter, points);
            return;
        }
        Columns columns;
        for (const QPointF& point : points) {
            if (std::isfinite(point.y()))
                columns.add(qRound(point.x()), qRound(point.y()));
            else
                columns.interrupt();
        }
        columns.interrupt();
        painter->setPen(QPen(painter->pen().color(), 0));
        painter->drawLines(columns.lines());
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

bool LongLines::Fit::holds(const Fit& needed) const
{
    constexpr double kSameScale = 1e-6; // what rounding leaves of a range that is only moved
    return isLogarithmic == needed.isLogarithmic && pixels == needed.pixels && low <= needed.low &&
           high >= needed.high && std::abs(size - needed.size) <= kSameScale * needed.size;
}

void LongLines::add(QCPGraph* graph, LongLine line)
{
    m_fit.reset();
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
    const QCPRange shown = plot.xAxis->range();
    // On a logarithmic axis the left holds few points on many pixels: part by part.
    const bool isLogarithmic = plot.xAxis->scaleType() == QCPAxis::stLogarithmic;
    // A line that is moved shows what lies beside it: that is fitted once for many frames.
    const double beside = isLogarithmic ? 0 : shown.size();
    const Fit needed{shown.lower, shown.upper, shown.size(), pixels, isLogarithmic};
    if (m_fit && m_fit->holds(needed))
        return;
    m_fit = Fit{shown.lower - beside, shown.upper + beside, shown.size(), pixels, isLogarithmic};
    const QCPRange range(m_fit->low, m_fit->high);
    const int parts = isLogarithmic ? kLogarithmicParts : 1;
    const int rangePixels = isLogarithmic ? pixels : 3 * pixels;
    const double factor = isLogarithmic ? std::pow(range.upper / range.lower, 1.0 / parts) : 1;
    for (const Entry& entry : m_lines) {
        QVector<QCPGraphData> data;
        double low = range.lower;
        for (int part = 0; part < parts; ++part) {
            const double high = part + 1 == parts ? range.upper : low * factor;
            // Neighbouring parts share the points at their ends.
            const double last = data.isEmpty() ? -INFINITY : data.back().key;
            for (const QPointF& point : entry.line.seen(low, high, rangePixels / parts + 1)) {
                if (point.x() > last)
                    data.append({point.x(), point.y()});
            }
            low = high;
        }
        entry.graph->data()->set(data, true);
    }
}

} // namespace clwb::ui
