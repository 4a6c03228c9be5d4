// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/confusion_image.h"

#include "core/base/check.h"
#include "ui/shell/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace clwb::ui
{
namespace
{

constexpr int kShades = 255; // on each side of 0

/// Colours from the full value below 0 to the full one above.
class Shades
{
public:
    Shades(float full, const ConfusionColours& colours)
        : m_scale(static_cast<float>(kShades) / full)
    {
        for (size_t i = 0; i < m_colours.size(); ++i) {
            const int at = static_cast<int>(i) - kShades;
            const double strength = std::sqrt(std::abs(at) / static_cast<double>(kShades));
            m_colours[i] =
                mixed(colours.ground, at < 0 ? colours.less : colours.more, strength).rgb();
        }
    }
    [[nodiscard]] QRgb of(float value) const
    {
        const float at =
            std::clamp(value * m_scale, static_cast<float>(-kShades), static_cast<float>(kShades));
        return m_colours[static_cast<size_t>(std::lround(at) + kShades)];
    }

private:
    float m_scale;
    std::array<QRgb, 2 * kShades + 1> m_colours{};
};

float larger(float a, float b)
{
    return std::abs(b) > std::abs(a) ? b : a;
}

} // namespace

CellRange cellsOfPixel(int pixel, int pixels, double begin, double length, int cells)
{
    const double scale = length / pixels;
    const int first =
        std::clamp(static_cast<int>(std::floor(begin + pixel * scale + 1e-9)), 0, cells - 1);
    const int last = static_cast<int>(std::ceil(begin + (pixel + 1) * scale - 1e-9));
    // A cell that is wider than a pixel has the pixels whose left edge lies in it.
    return {first, scale <= 1 ? first + 1 : std::clamp(last, first + 1, cells)};
}

QImage confusionImage(const std::vector<float>& values, const std::vector<int32_t>& order,
                      const QRectF& view, const QSize& size, float full,
                      const ConfusionColours& colours)
{
    const size_t classes = order.size();
    CLWB_CHECK(values.size() == classes * classes && full > 0);
    if (classes == 0 || size.isEmpty())
        return {};
    QImage image(size, QImage::Format_RGB32);
    const Shades shades(full, colours);
    const int cells = static_cast<int>(classes);
    std::vector<CellRange> columns;
    columns.reserve(static_cast<size_t>(size.width()));
    for (int x = 0; x < size.width(); ++x)
        columns.push_back(cellsOfPixel(x, size.width(), view.left(), view.width(), cells));
    std::vector<float> line(classes); // the largest of the rows that a line of pixels holds
    CellRange before{-1, -1};
    for (int y = 0; y < size.height(); ++y) {
        auto* pixels = reinterpret_cast<QRgb*>(image.scanLine(y));
        const CellRange rows = cellsOfPixel(y, size.height(), view.top(), view.height(), cells);
        if (rows == before) {
            std::memcpy(pixels, image.constScanLine(y - 1),
                        sizeof(QRgb) * static_cast<size_t>(size.width()));
            continue;
        }
        before = rows;
        std::fill(line.begin(), line.end(), 0.0F);
        for (int row = rows.first; row < rows.last; ++row) {
            const float* source =
                values.data() + classes * static_cast<size_t>(order[static_cast<size_t>(row)]);
            for (size_t place = 0; place < classes; ++place)
                line[place] = larger(line[place], source[order[place]]);
        }
        for (size_t x = 0; x < columns.size(); ++x) {
            float value = line[static_cast<size_t>(columns[x].first)];
            for (int place = columns[x].first + 1; place < columns[x].last; ++place)
                value = larger(value, line[static_cast<size_t>(place)]);
            pixels[x] = shades.of(value);
        }
    }
    return image;
}

} // namespace clwb::ui
