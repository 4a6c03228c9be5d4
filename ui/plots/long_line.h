// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of any length: what is drawn has at most a few points a pixel, with all extremes and gaps.
#pragma once

#include <QPointF>

#include <cstdint>
#include <optional>
#include <vector>

class QCPGraph;
class QCustomPlot;

namespace clwb::ui
{

/// Minima and maxima of blocks of 16, 32, 64, … points. Exact where a pixel has few points.
class LongLine
{
public:
    LongLine() = default;
    /// @param keys   rising  @param values as many; not finite: a gap
    LongLine(std::vector<double> keys, std::vector<double> values);

    [[nodiscard]] size_t size() const { return m_keys.size(); }
    /// Points that look like the line from `low` to `high` at this width, in order: the range's own
    /// and one to either side; of each block its least and greatest in their order, and NaN after
    /// it when there is a gap in it. At most 4 · pixels + some when it is long.
    [[nodiscard]] std::vector<QPointF> seen(double low, double high, int pixels) const;

private:
    struct Block
    {
        uint32_t least = 0; ///< index of the point
        uint32_t greatest = 0;
        bool hasValue = false;
        bool hasGap = false;
    };
    [[nodiscard]] Block blockOf(size_t begin, size_t end) const;
    [[nodiscard]] Block joined(const Block& a, const Block& b) const;
    void append(const Block& block, std::vector<QPointF>& points) const;

    std::vector<double> m_keys;
    std::vector<double> m_values;
    std::vector<std::vector<Block>> m_levels; ///< level k has blocks of 16 · 2^k points
};

/// A graph of `plot` on its usual axes whose line may be long: while it is moved it is drawn in one
/// go, which is many times faster than line by line.
QCPGraph* addLongGraph(QCustomPlot& plot);

/// The long lines of a plot and the graphs that show what is seen of them.
class LongLines
{
public:
    void clear()
    {
        m_lines.clear();
        m_fit.reset();
        m_hasLong = false;
    }
    void add(QCPGraph* graph, LongLine line);
    /// Gives every graph what its line shows in the plot's range; call when that changed.
    void fit(QCustomPlot& plot);

private:
    struct Entry
    {
        QCPGraph* graph = nullptr;
        LongLine line;
    };
    /// What the graphs hold: a range of keys at a scale.
    struct Fit
    {
        double low = 0;
        double high = 0;
        double size = 0; ///< of the range on the plot
        int pixels = 0;  ///< that it is drawn on
        bool isLogarithmic = false;

        [[nodiscard]] bool holds(const Fit& needed) const;
    };
    std::vector<Entry> m_lines;
    std::optional<Fit> m_fit;
    bool m_hasLong = false;
};

} // namespace clwb::ui
