// SPDX-License-Identifier: GPL-3.0-or-later
// Styling of QCustomPlot from the palette, and rounding of axis ranges.
#include "ui/plots/plot_theme.h"

#include "ui/plots/plot_access.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

AxisRange roundedRange(double low, double high, int ticks)
{
    if (!(high > low)) {
        const double widen = std::max(1.0, std::abs(low) * 0.05);
        low -= widen;
        high += widen;
    }
    const double raw = (high - low) / std::max(1, ticks);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double share = raw / power;
    const double step = power * (share <= 1.0 ? 1 : share <= 2.0 ? 2 : share <= 5.0 ? 5 : 10);
    return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

AxisRange withinPercent(AxisRange rounded, double low, double high, double room)
{
    const double mostBeyond = 0.9 * rounded.step;
    if (rounded.high > 100 && high <= 100 + mostBeyond) // a spread may reach beyond it
        rounded.high = std::clamp(high + room, 100.0, 100 + mostBeyond);
    if (rounded.low < 0 && low >= 0)
        rounded.low = std::clamp(low - room, -mostBeyond, 0.0);
    return rounded;
}

PlotNavigation& embedPlot(QCustomPlot& plot, QWidget& owner, const QString& objectName,
                          const QString& title, const QString& plotTitle,
                          Qt::Orientations directions)
{
    installPlotAccess(); // before anything is told of them
    describePlot(owner, plot, {}, {});
    nameWidget(&owner, objectName, title);
    nameWidget(&plot, objectName + QStringLiteral(".plot"), plotTitle);
    auto* layout = new QVBoxLayout(&owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(&plot);
    plot.setFocusPolicy(Qt::StrongFocus);
    plot.setMouseTracking(true);
    plot.installEventFilter(&owner);
    return *new PlotNavigation(plot, directions);
}

QFont smallFont(const QFont& font)
{
    QFont small = font;
    if (font.pointSizeF() > 0)
        small.setPointSizeF(font.pointSizeF() * 0.88);
    else
        small.setPixelSize(std::max(1, font.pixelSize() * 88 / 100));
    return small;
}

void applyAxisTheme(QCPAxis& axis, const QPalette& palette)
{
    const Theme& theme = themeOf(palette);
    axis.setBasePen(Qt::NoPen);
    axis.setTickPen(Qt::NoPen);
    axis.setSubTickPen(Qt::NoPen);
    axis.setSubTicks(false);
    axis.setTickLength(0, 0);
    axis.setTickLabelColor(theme.muted);
    axis.setLabelColor(theme.muted);
    const QFont font = smallFont(axis.parentPlot()->font());
    axis.setTickLabelFont(font);
    axis.setLabelFont(font);
    axis.setSelectableParts(QCPAxis::spNone);
    const bool horizontal = axis.orientation() == Qt::Horizontal;
    axis.grid()->setVisible(!horizontal);
    axis.grid()->setPen(QPen(theme.grid, 1));
    axis.grid()->setZeroLinePen(QPen(theme.grid, 1));
    axis.grid()->setSubGridVisible(false);
    axis.setNumberFormat(QStringLiteral("gb"));
    axis.setNumberPrecision(5);
}

void applyPlotTheme(QCustomPlot& plot, const QPalette& palette)
{
    plot.setBackground(QBrush(themeOf(palette).card)); // QCustomPlot paints opaquely
    plot.axisRect()->setBackground(Qt::NoBrush);
    applyAxisTheme(*plot.xAxis, palette);
    applyAxisTheme(*plot.yAxis, palette);
}

} // namespace clwb::ui
