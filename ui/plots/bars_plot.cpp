// SPDX-License-Identifier: GPL-3.0-or-later
// Values and drawing of the bars.
#include "ui/plots/bars_plot.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/parameter_table.h"
#include "ui/plots/plot_access.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kGroupWidth = 0.82; ///< of the distance between metrics

QBrush brushOf(const BarSeries& series, const QColor& card)
{
    const QColor soft = mixed(series.colour, card, 0.25);
    if (series.isHollow)
        return QBrush(mixed(series.colour, card, 0.85));
    if (series.option == "IO"_L1)
        return QBrush(soft, Qt::BDiagPattern);
    return series.option == "TO"_L1 ? QBrush(soft, Qt::Dense5Pattern) : QBrush(soft);
}

} // namespace

BarsData barsOf(const Comparison& comparison, const QStringList& columns)
{
    BarsData data;
    const std::vector<const ComparedEntry*> shown = comparison.shown();
    // A metric that none of them has would only be an empty place.
    for (const QString& column : columns) {
        const bool isKnown = std::any_of(shown.begin(), shown.end(), [&](const auto* entry) {
            return lastValue(*entry, fromQt(column)).isKnown();
        });
        if (isKnown)
            data.metrics << column;
    }
    for (const ComparedEntry* entry : shown) {
        BarSeries series{.id = entry->id,
                         .label = entry->label,
                         .source = entry->sourceText(),
                         .colour = colourOf(*entry),
                         .option = entry->isReference() ? QString() : entry->option,
                         .isHollow = entry->isReported};
        QStringList ids;
        for (const int64_t id : entry->runIds())
            ids << QString::number(id);
        series.runIds = ids.join(u' ');
        for (const QString& column : std::as_const(data.metrics))
            series.values.push_back(lastValue(*entry, fromQt(column)));
        data.series.push_back(std::move(series));
    }
    return data;
}

DataTable barsTable(const BarsData& data)
{
    DataTable table;
    table.columns = {{.key = u"configuration"_s},
                     {.key = u"source"_s},
                     {.key = u"run_ids"_s},
                     {.key = u"seeds"_s, .isNumber = true}};
    for (const QString& metric : data.metrics) {
        table.columns.push_back({.key = metric, .isNumber = true});
        table.columns.push_back({.key = metric + u" std"_s, .isNumber = true});
    }
    for (const BarSeries& series : data.series) {
        int count = 0;
        for (const Estimate& value : series.values)
            count = std::max(count, value.count);
        std::vector<DataCell> row{textCell(series.label), textCell(series.source),
                                  textCell(series.runIds), numberCell(count, 0)};
        for (const Estimate& value : series.values) {
            row.push_back(numberCell(value.mean));
            row.push_back(value.count > 1 ? numberCell(value.std) : numberCell(std::nullopt));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

BarsPlot::BarsPlot(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    embedPlot(*m_plot, *this, objectName, tr("Metrics of every configuration"), tr("Bar plot"), {});
    setMinimumSize(300, 220);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 18, 8, 0));
    m_plot->setAutoAddPlottableToLegend(false);
    m_plot->axisRect()->insetLayout()->take(m_plot->legend);
    // Beside the axes, at the top: an empty element takes the room below.
    auto* side = new QCPLayoutGrid;
    m_plot->plotLayout()->addElement(0, 1, side);
    side->addElement(0, 0, m_plot->legend);
    side->addElement(1, 0, new QCPLayoutElement(m_plot));
    side->setRowStretchFactor(0, 0.001);
    m_plot->plotLayout()->setColumnStretchFactor(1, 0.001);
    m_plot->legend->setVisible(true);
    connect(m_plot, &QCustomPlot::afterLayout, this, &BarsPlot::placeNumbers);
    connect(m_plot, &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { showReadOut(event->pos()); });
    const auto idOf = [this](const QCPAbstractLegendItem* item) {
        for (int at = 0; at < m_plot->legend->itemCount(); ++at) {
            if (m_plot->legend->item(at) == item)
                return m_data.series[static_cast<size_t>(at)].id;
        }
        return QString();
    };
    connect(m_plot, &QCustomPlot::legendClick, this,
            [this, idOf](QCPLegend*, const QCPAbstractLegendItem* item) {
                if (item)
                    Q_EMIT seriesClicked(idOf(item));
            });
    connect(m_plot, &QCustomPlot::legendDoubleClick, this,
            [this, idOf](QCPLegend*, const QCPAbstractLegendItem* item) {
                if (item)
                    Q_EMIT seriesDoubleClicked(idOf(item));
            });
}

void BarsPlot::setData(BarsData data)
{
    m_data = std::move(data);
    QStringList spoken;
    for (const auto& row : barsTable(m_data).rows) {
        QStringList cells;
        for (const DataCell& cell : row)
            cells << cell.text;
        spoken << cells.join(u' ');
    }
    describePlot(*this, *m_plot, summaryOf(m_data), spoken.join(u"; "_s));
    m_spoken = -1;
    rebuild();
}

double BarsPlot::placeOf(size_t metric, size_t series) const
{
    const double width =
        kGroupWidth / static_cast<double>(std::max<size_t>(1, m_data.series.size()));
    return static_cast<double>(metric) - kGroupWidth / 2 +
           width * (static_cast<double>(series) + 0.5);
}

void BarsPlot::rebuild()
{
    const Theme& theme = themeOf(palette());
    m_plot->legend->clearItems();
    m_plot->clearPlottables();
    m_plot->clearItems();
    m_numbers.clear();
    applyPlotTheme(*m_plot, palette());
    m_plot->yAxis->setLabel(tr("per cent; Bwt in points"));
    if (!m_data.metrics.contains(u"Bwt"_s))
        m_plot->yAxis->setLabel(tr("per cent"));
    m_plot->yAxis->grid()->setZeroLinePen(QPen(theme.muted, 1));
    m_plot->xAxis->grid()->setVisible(false);
    QCPLegend* legend = m_plot->legend;
    legend->setFont(smallFont(m_plot->font()));
    legend->setTextColor(theme.text);
    legend->setBorderPen(Qt::NoPen);
    legend->setBrush(Qt::NoBrush);
    legend->setIconSize(14, 12);
    legend->setRowSpacing(1);
    legend->setMargins(QMargins(10, 14, 2, 4));
    const double width =
        kGroupWidth / static_cast<double>(std::max<size_t>(1, m_data.series.size()));
    for (size_t at = 0; at < m_data.series.size(); ++at) {
        addSeries(at, width);
        addNumbers(at);
    }
    auto names = QSharedPointer<QCPAxisTickerText>::create();
    for (qsizetype metric = 0; metric < m_data.metrics.size(); ++metric)
        names->addTick(static_cast<double>(metric), m_data.metrics[metric]);
    m_plot->xAxis->setTicker(names);
    fitRanges();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void BarsPlot::addSeries(size_t at, double width)
{
    const Theme& theme = themeOf(palette());
    const BarSeries& series = m_data.series[at];
    auto* bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
    bars->setName(series.label);
    bars->setWidth(width * 0.88);
    bars->setPen(QPen(series.colour, series.isHollow ? 1.4 : 1));
    bars->setBrush(brushOf(series, theme.card));
    bars->addToLegend(m_plot->legend);
    auto* whiskers = new QCPErrorBars(m_plot->xAxis, m_plot->yAxis);
    whiskers->setErrorType(QCPErrorBars::etValueError);
    whiskers->setDataPlottable(bars);
    whiskers->setPen(QPen(theme.text, 1.2));
    whiskers->setWhiskerWidth(6);
    whiskers->setSymbolGap(0);
    whiskers->setSelectable(QCP::stNone);
    for (size_t metric = 0; metric < series.values.size(); ++metric) {
        const Estimate& value = series.values[metric];
        if (!value.isKnown()) // no bar at all: a missing value is not 0
            continue;
        bars->addData(placeOf(metric, at), value.mean);
        whiskers->addData(value.count > 1 ? value.std : NAN);
    }
}

void BarsPlot::addNumbers(size_t at)
{
    const Theme& theme = themeOf(palette());
    const BarSeries& series = m_data.series[at];
    for (size_t metric = 0; metric < series.values.size(); ++metric) {
        const Estimate& value = series.values[metric];
        auto* item = new QCPItemText(m_plot);
        item->setText(value.isKnown() ? numberText(value.mean, 1) : u"—"_s);
        item->setFont(smallFont(m_plot->font()));
        item->setColor(value.isKnown() ? theme.text : theme.muted);
        item->setSelectable(false);
        item->setClipToAxisRect(false);
        const double height = value.isKnown() ? value.mean : 0;
        const double spread = value.count > 1 ? value.std : 0;
        item->position->setCoords(placeOf(metric, at),
                                  height < 0 ? height - spread : height + spread);
        m_numbers.push_back(item);
    }
}

void BarsPlot::placeNumbers()
{
    if (m_data.series.empty() || m_numbers.empty())
        return;
    const double width = kGroupWidth / static_cast<double>(m_data.series.size());
    const double pixels = m_plot->xAxis->coordToPixel(width) - m_plot->xAxis->coordToPixel(0.0);
    const QFontMetricsF metrics(m_numbers.front()->font());
    const bool fitsFlat = metrics.horizontalAdvance(u"−88.8"_s) + 3 < pixels;
    const bool fitsUpright = metrics.height() * 0.8 < pixels;
    for (QCPItemText* item : m_numbers) {
        const bool isDown = item->position->value() < 0;
        item->setVisible(fitsFlat || fitsUpright);
        const bool isMissing = item->text() == u"—"_s; // a dash that stands is a stroke
        item->setRotation(fitsFlat || isMissing ? 0 : -90);
        if (fitsFlat || isMissing)
            item->setPositionAlignment(Qt::AlignHCenter |
                                       (isDown ? Qt::AlignTop : Qt::AlignBottom));
        else
            item->setPositionAlignment((isDown ? Qt::AlignRight : Qt::AlignLeft) |
                                       Qt::AlignVCenter);
        item->setPadding(fitsFlat ? QMargins(0, 2, 0, 2) : QMargins(4, 0, 4, 0));
    }
}

void BarsPlot::fitRanges()
{
    double low = 0;
    double high = 0;
    for (const BarSeries& series : m_data.series) {
        for (const Estimate& value : series.values) {
            if (value.isKnown()) {
                low = std::min(low, value.mean - value.std);
                high = std::max(high, value.mean + value.std);
            }
        }
    }
    if (high <= low)
        high = low + 10;
    // Room for the upright numbers beyond the bars.
    const double room = (high - low) * 0.09;
    const AxisRange range =
        withinPercent(roundedRange(low < 0 ? low - room : low, high + room, 8), low, high, room);
    m_plot->yAxis->setRange(range.low, range.high);
    auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(range.step);
    m_plot->yAxis->setTicker(ticker);
    const double last = std::max<double>(0, static_cast<double>(m_data.metrics.size()) - 1);
    m_plot->xAxis->setRange(-0.5, last + 0.5);
}

void BarsPlot::readOutBar(int metric, int series)
{
    const BarSeries& shown = m_data.series[static_cast<size_t>(series)];
    const Estimate& value = shown.values[static_cast<size_t>(metric)];
    const QString text =
        u"%1 · %2\n%3: %4"_s.arg(shown.label, shown.source, m_data.metrics[metric],
                                 spreadCell(value.mean, value.std, value.count).text);
    m_plot->setAccessibleDescription(text);
    const double height = value.isKnown() ? value.mean : 0;
    const QPoint at(static_cast<int>(m_plot->xAxis->coordToPixel(
                        placeOf(static_cast<size_t>(metric), static_cast<size_t>(series)))),
                    static_cast<int>(m_plot->yAxis->coordToPixel(height)));
    QToolTip::showText(m_plot->mapToGlobal(at), text, m_plot);
}

void BarsPlot::showReadOut(const QPoint& position)
{
    if (m_data.series.empty() || m_data.metrics.isEmpty() ||
        !m_plot->axisRect()->rect().contains(position))
        return;
    const double key = m_plot->xAxis->pixelToCoord(position.x());
    const double width = kGroupWidth / static_cast<double>(m_data.series.size());
    const auto metric = static_cast<int>(std::lround(key));
    const double place = (key - metric + kGroupWidth / 2) / width;
    const bool isOnBar = metric >= 0 && metric < m_data.metrics.size() && place >= 0 &&
                         place < static_cast<double>(m_data.series.size());
    if (isOnBar)
        readOutBar(metric, static_cast<int>(place));
    else
        QToolTip::hideText();
}

Figure BarsPlot::figure()
{
    Figure figure = figureOf(*m_plot, *this, u"bars"_s);
    figure.table = barsTable(m_data);
    return figure;
}

void BarsPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
    QWidget::changeEvent(event);
}

bool BarsPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && !m_data.series.empty() && !m_data.metrics.isEmpty()) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            const int series = static_cast<int>(m_data.series.size());
            const int count = series * static_cast<int>(m_data.metrics.size());
            m_spoken = std::clamp(m_spoken + (key == Qt::Key_Left ? -1 : 1), 0, count - 1);
            readOutBar(m_spoken / series, m_spoken % series);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void BarsPlot::contextMenuEvent(QContextMenuEvent* event)
{
    showPlotMenu([this] { return figure(); }, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
