// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing of parallel coordinates; places on an axis go from 0 to 1.
#include "ui/plots/parallel_plot.h"

#include "ui/plots/plot_access.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QEvent>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kBrushHalfWidth = 0.045; // of the distance of two axes

QCPItemText* addText(QCustomPlot& plot, const QString& text, double x, double y,
                     Qt::Alignment alignment, const QColor& colour)
{
    auto* item = new QCPItemText(&plot);
    item->setText(text);
    item->setColor(colour);
    item->setFont(smallFont(plot.font()));
    item->setPositionAlignment(alignment);
    item->position->setCoords(x, y);
    item->setClipToAxisRect(false);
    item->setSelectable(false);
    return item;
}

} // namespace

ParallelPlot::ParallelPlot(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    embedPlot(*m_plot, *this, objectName, tr("Parallel coordinates"),
              tr("Parallel coordinates, plot"), {});
    setMinimumHeight(180);
    connect(m_plot, &QCustomPlot::mousePress, this, [this](const QMouseEvent* event) {
        if (event->button() == Qt::LeftButton)
            press(event->pos());
    });
    connect(m_plot, &QCustomPlot::mouseMove, this,
            [this](const QMouseEvent* event) { move(event->pos(), event->buttons()); });
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](const QMouseEvent* event) {
        if (event->button() == Qt::LeftButton)
            release(event->pos());
    });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this](const QMouseEvent* event) {
        if (const int number = lineNear(event->pos()))
            Q_EMIT activated(number);
    });
    rebuild();
}

void ParallelPlot::setData(ParallelData data)
{
    const bool hasOtherAxes = data.axes.size() != m_data.axes.size();
    const std::vector<ParallelAxis> before = std::exchange(m_data, std::move(data)).axes;
    if (hasOtherAxes)
        m_brushes.clear();
    for (auto& [at, range] : m_brushes) { // the same values on another scale lie elsewhere
        const ParallelAxis& axis = m_data.axes[at];
        const ParallelAxis& old = before[at];
        if (axis.isLogarithmic == old.isLogarithmic)
            continue;
        const auto moved = [&](double place) {
            const double value = valueAt(old, place);
            return isOn(axis, value) ? std::clamp(positionOn(axis, value), 0.0, 1.0) : 0.0;
        };
        range = {moved(range.first), moved(range.second)};
    }
    m_keyAxis = std::min(m_keyAxis, m_data.axes.empty() ? 0 : m_data.axes.size() - 1);
    rebuild();
    Q_EMIT keptChanged();
}

void ParallelPlot::setShare(double share)
{
    m_share = share;
    changeBrushes();
}

void ParallelPlot::setBrush(size_t axis, double low, double high)
{
    m_brushes[axis] = std::minmax(std::clamp(low, 0.0, 1.0), std::clamp(high, 0.0, 1.0));
    changeBrushes();
}

void ParallelPlot::clearBrushes()
{
    m_brushes.clear();
    changeBrushes();
}

void ParallelPlot::highlight(int number)
{
    if (std::exchange(m_highlighted, number) != number)
        restyle();
}

void ParallelPlot::changeBrushes()
{
    showBrushes();
    restyle();
    Q_EMIT keptChanged();
}

void ParallelPlot::rebuild()
{
    m_plot->clearItems();
    m_plot->clearGraphs();
    m_brushItems.clear();
    m_axisLines.clear();
    applyPlotTheme(*m_plot, palette());
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabels(false);
        axis->setTicks(false);
        axis->grid()->setVisible(false);
    }
    const int line = QFontMetrics(smallFont(m_plot->font())).height();
    m_plot->axisRect()->setAutoMargins(QCP::msNone);
    m_plot->axisRect()->setMargins(QMargins(8, line * 2 + 10, 8, line + 8));
    const auto count = static_cast<double>(m_data.axes.size());
    m_plot->xAxis->setRange(-0.5, std::max(0.5, count - 0.5));
    m_plot->yAxis->setRange(-0.03, 1.03); // whole marks at the ends
    addLines();
    for (size_t at = 0; at < m_data.axes.size(); ++at)
        addAxis(at);
    showBrushes();
    showKeyAxis();
    restyle();
    QStringList titles;
    for (const ParallelAxis& axis : m_data.axes)
        titles << axis.title;
    describePlot(
        *this, *m_plot,
        tr("%1 trials over %2").arg(m_lineOfGraph.size()).arg(titles.join(u", "_s)) +
            (notShownText(m_data).isEmpty() ? QString() : QString(u"; "_s + notShownText(m_data))),
        {});
}

void ParallelPlot::addLines()
{
    m_lineOfGraph.clear();
    for (size_t index = 0; index < m_data.lines.size(); ++index) {
        const ParallelLine& line = m_data.lines[index];
        if (!line.hasResult)
            continue;
        QCPGraph* graph = m_plot->addGraph();
        for (size_t at = 0; at < line.values.size(); ++at) {
            if (line.values[at] && isOn(m_data.axes[at], *line.values[at]))
                graph->addData(static_cast<double>(at),
                               positionOn(m_data.axes[at], *line.values[at]));
        }
        m_lineOfGraph.push_back(index);
    }
}

void ParallelPlot::addAxis(size_t at)
{
    const Theme& theme = themeOf(palette());
    const ParallelAxis& axis = m_data.axes[at];
    const auto x = static_cast<double>(at);
    auto* line = new QCPItemLine(m_plot);
    line->start->setCoords(x, 0);
    line->end->setCoords(x, 1);
    line->setSelectable(false);
    m_axisLines.push_back(line);
    const bool isCategorical = !axis.categories.isEmpty();
    QString title = axis.title;
    if (axis.isLogarithmic)
        title += tr(" (log)");
    QCPItemText* name =
        addText(*m_plot, title, x, 1, Qt::AlignHCenter | Qt::AlignBottom, theme.text);
    QFont bold = name->font();
    bold.setBold(true);
    name->setFont(bold);
    name->setPadding(QMargins(0, 0, 0, QFontMetrics(bold).height() + 2));
    if (!isCategorical) {
        addText(*m_plot, valueTextOn(axis, axis.high), x, 1, Qt::AlignHCenter | Qt::AlignBottom,
                theme.muted);
        QString low = valueTextOn(axis, axis.low);
        if (axis.notShown > 0)
            low += tr(" (%1 ≤ 0)").arg(axis.notShown);
        addText(*m_plot, low, x, 0, Qt::AlignHCenter | Qt::AlignTop, theme.muted);
        return;
    }
    for (qsizetype category = 0; category < axis.categories.size(); ++category) {
        QCPItemText* text = addText(*m_plot, axis.categories[category], x,
                                    positionOn(axis, static_cast<double>(category)),
                                    Qt::AlignLeft | Qt::AlignVCenter, theme.muted);
        text->setPadding(QMargins(6, 0, 0, 0));
    }
}

void ParallelPlot::showBrushes()
{
    const Theme& theme = themeOf(palette());
    for (QCPItemRect* item : m_brushItems)
        m_plot->removeItem(item);
    m_brushItems.clear();
    for (const auto& [axis, range] : m_brushes) {
        auto* rect = new QCPItemRect(m_plot);
        QColor fill = theme.accent;
        fill.setAlphaF(0.25F);
        rect->setBrush(fill);
        rect->setPen(QPen(theme.accent, 1));
        rect->setSelectable(false);
        rect->setClipToAxisRect(false);
        const auto x = static_cast<double>(axis);
        rect->topLeft->setCoords(x - kBrushHalfWidth, range.second);
        rect->bottomRight->setCoords(x + kBrushHalfWidth, range.first);
        m_brushItems.push_back(rect);
    }
}

void ParallelPlot::restyle()
{
    const Theme& theme = themeOf(palette());
    const std::vector<int> keptNow = kept();
    const std::set<int> isKept(keptNow.begin(), keptNow.end());
    for (size_t at = 0; at < m_lineOfGraph.size(); ++at) {
        const ParallelLine& line = m_data.lines[m_lineOfGraph[at]];
        QCPGraph* graph = m_plot->graph(static_cast<int>(at));
        const bool isTop = line.number == m_highlighted;
        QColor colour = isKept.contains(line.number) ? theme.accent : theme.grid;
        if (!isTop && !line.isChosen && isKept.contains(line.number))
            colour.setAlphaF(isKept.size() > 40 ? 0.35F : 0.65F);
        if (isTop)
            colour = theme.text;
        graph->setPen(QPen(colour, isTop || line.isChosen ? 2.6 : 1.3));
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, isTop ? 7 : 4));
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

Figure ParallelPlot::figure()
{
    Figure figure = figureOf(*m_plot, *this, u"parallel-coordinates"_s);
    DataTable table;
    table.columns.push_back({.key = u"trial"_s, .isNumber = true});
    for (const ParallelAxis& axis : m_data.axes)
        table.columns.push_back({.key = axis.title, .isNumber = axis.categories.isEmpty()});
    const std::vector<int> numbers = kept();
    for (const ParallelLine& line : m_data.lines) {
        if (std::find(numbers.begin(), numbers.end(), line.number) == numbers.end())
            continue;
        std::vector<DataCell> row{numberCell(line.number, 0)};
        for (size_t at = 0; at < m_data.axes.size(); ++at)
            row.push_back(m_data.axes[at].categories.isEmpty()
                              ? numberCell(line.values[at], 4)
                              : textCell(line.values[at]
                                             ? valueTextOn(m_data.axes[at], *line.values[at])
                                             : QString()));
        table.rows.push_back(std::move(row));
    }
    figure.table = std::move(table);
    return figure;
}

void ParallelPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
    QWidget::changeEvent(event);
}

void ParallelPlot::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
