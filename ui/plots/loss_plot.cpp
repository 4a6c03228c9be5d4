// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing of the loss terms.
#include "ui/plots/loss_plot.h"

#include "core/report/series.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/plot_access.h"
#include "ui/plots/plot_marks.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/plots/whole_ticker.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QFontMetrics>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Ticks at 1, 2 and 5 times the powers of ten; at the powers alone where there are many of them.
class DecadeTicker : public QCPAxisTicker
{
protected:
    QVector<double> createTickVector(double /*tickStep*/, const QCPRange& range) override
    {
        QVector<double> ticks;
        const double first = std::floor(std::log10(range.lower));
        const double last = std::ceil(std::log10(range.upper));
        const bool hasParts = std::log10(range.upper / range.lower) <= kMostDecadesWithParts;
        for (double decade = first; decade <= last; ++decade) {
            for (const double factor : {1.0, 2.0, 5.0}) {
                if (factor == 1.0 || hasParts)
                    ticks << factor * std::pow(10, decade);
            }
        }
        return ticks;
    }

    double getTickStep(const QCPRange& /*range*/) override { return 1; }

private:
    static constexpr double kMostDecadesWithParts = 3;
};

QString axisLabel(LossAxis axis)
{
    switch (axis) {
    case LossAxis::Step:
        return LossPlot::tr("optimiser step");
    case LossAxis::Epoch:
        return LossPlot::tr("epochs");
    case LossAxis::Session:
        return LossPlot::tr("sessions");
    case LossAxis::Worked:
        return LossPlot::tr("time of work, without interruptions (h:min:s)");
    case LossAxis::Clock:
        break;
    }
    return LossPlot::tr("time of day");
}

} // namespace

LossPlot::LossPlot(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
    , m_navigation(embedPlot(*m_plot, *this, objectName, tr("Loss terms by step"),
                             tr("Loss terms by step, plot"), Qt::Horizontal | Qt::Vertical))
{
    setMinimumHeight(140);
    applyPlotTheme(*m_plot, palette());
    connect(m_plot, &QCustomPlot::afterLayout, this, &LossPlot::placeLabels);
    connect(m_plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this] { m_lines.fit(*m_plot); });
    connectInput();
}

void LossPlot::setData(LossData data)
{
    if (!canShow(data, data.axis))
        data.axis = LossAxis::Step;
    if (data.axis != m_data.axis) { // what was zoomed to is another place now
        m_navigation.forget(Qt::Horizontal);
        hideCursor();
    }
    m_data = std::move(data);
    describePlot(*this, *m_plot, summaryOf(m_data), {});
    rebuild();
}

void LossPlot::rebuild()
{
    m_plot->clearGraphs();
    m_lines.clear();
    for (const LineLabel& label : m_labels)
        m_plot->removeItem(label.item);
    m_labels.clear();
    m_smoothed.clear();
    for (QCPItemText* text : m_sessionTexts)
        m_plot->removeItem(text);
    m_sessionTexts.clear();
    for (QCPItemStraightLine* line : m_sessionLines)
        m_plot->removeItem(line);
    m_sessionLines.clear();
    m_isLogarithmic = m_data.wantsLogarithmicY && canBeLogarithmic(m_data);
    m_low = INFINITY;
    m_high = -INFINITY;
    for (const auto& [name, series] : m_data.series)
        addSeries(name, series);
    addSessionLines();
    fitRanges();
    m_lines.fit(*m_plot);
    m_plot->xAxis->setLabel(axisLabel(m_data.axis));
    m_plot->yAxis->setLabel(tr("loss"));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LossPlot::addSeries(const std::string& name, const LossSeries& series)
{
    const QColor colour = lossColour(toQt(name));
    const bool hasSmoothed = m_data.smoothing > 0 && canBeSmoothed(series);
    if (m_hidden.contains(name)) {
        const auto last =
            std::find_if(series.values.rbegin(), series.values.rend(), [this](double value) {
                return std::isfinite(value) && (value > 0 || !m_isLogarithmic);
            });
        addLabel(name, series, last == series.values.rend() ? NAN : *last);
        return;
    }
    QCPGraph* raw = addLongGraph(*m_plot);
    QColor rawColour = colour;
    rawColour.setAlphaF(hasSmoothed ? 0.25F : 1.0F);
    raw->setPen(QPen(rawColour, hasSmoothed ? 1.0 : 1.4));
    raw->setAdaptiveSampling(false); // LongLine does it
    double last = NAN;
    std::vector<double> drawn = series.values;
    for (size_t index = 0; index < series.values.size(); ++index) {
        const double value = series.values[index];
        if (std::isfinite(value) && (value > 0 || !m_isLogarithmic)) {
            m_low = std::min(m_low, value);
            m_high = std::max(m_high, value);
            last = value;
        } else {
            drawn[index] = NAN; // a gap, never a line across
        }
    }
    m_lines.add(raw, lineOf(series.steps, std::move(drawn)));
    if (hasSmoothed) {
        std::vector<double> smooth = report::smoothed(series.values, m_data.smoothing);
        m_smoothed[name] = smooth;
        QCPGraph* line = addLongGraph(*m_plot);
        line->setPen(QPen(colour, 2.0, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        for (double& value : smooth) {
            if (std::isfinite(value) && (value > 0 || !m_isLogarithmic))
                last = value;
            else
                value = NAN;
        }
        m_lines.add(line, lineOf(series.steps, std::move(smooth)));
    }
    addRimMarks(*m_plot, colour, places(series.steps), series.values);
    addLabel(name, series, last);
}

void LossPlot::addLabel(const std::string& name, const LossSeries& series, double value)
{
    if (!std::isfinite(value))
        return;
    m_labels.push_back(addLineLabel(
        *m_plot, toQt(name), lossColour(toQt(name)), {placeOf(m_data, series.steps.back()), value},
        toQt(name), m_hidden.contains(name) ? LineState::Hidden : LineState::Shown));
}

void LossPlot::addSessionLines()
{
    const Theme& theme = themeOf(palette());
    for (size_t index = 0; index < m_data.sessions.size(); ++index) {
        const SessionStart& start = m_data.sessions[index];
        auto* line = new QCPItemStraightLine(m_plot);
        line->setPen(QPen(theme.grid, 1));
        line->setSelectable(false);
        const double place = startOf(start);
        line->point1->setCoords(place, 1);
        line->point2->setCoords(place, 2);
        m_sessionLines.push_back(line);
        auto* text = new QCPItemText(m_plot);
        text->setFont(smallFont(m_plot->font()));
        text->setColor(theme.muted);
        text->setSelectable(false);
        text->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
        text->position->setTypeX(QCPItemPosition::ptAbsolute);
        text->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        text->setClipToAxisRect(false);
        m_sessionTexts.push_back(text);
    }
}

std::vector<double> LossPlot::places(const std::vector<double>& steps) const
{
    std::vector<double> places(steps.size());
    std::transform(steps.begin(), steps.end(), places.begin(),
                   [this](double step) { return placeOf(m_data, step); });
    return places;
}

double LossPlot::startOf(const SessionStart& start) const
{
    if (m_data.axis == LossAxis::Step)
        return start.step;
    if (isOfTime(m_data.axis))
        return placeOf(m_data, start.step);
    const double done = start.session - 1;
    return m_data.axis == LossAxis::Session ? done : done * m_data.epochsPerSession;
}

double LossPlot::firstPlace() const
{
    switch (m_data.axis) {
    case LossAxis::Step:
        return 1;
    case LossAxis::Clock:
        return m_data.times.front().clock;
    case LossAxis::Epoch:
    case LossAxis::Session:
    case LossAxis::Worked:
        break;
    }
    return 0;
}

double LossPlot::lastPlace() const
{
    if (m_data.axis == LossAxis::Step)
        return std::max(2.0, m_data.lastStep);
    if (isOfTime(m_data.axis))
        return std::max(placeOf(m_data, m_data.lastStep), firstPlace() + 1);
    const double sessions = std::max(1, m_data.plannedSessions);
    return m_data.axis == LossAxis::Session ? sessions : sessions * m_data.epochsPerSession;
}

void LossPlot::fitValues()
{
    QCPAxis* axis = m_plot->yAxis;
    const bool hasValues = m_low <= m_high;
    if (m_isLogarithmic) {
        axis->setScaleType(QCPAxis::stLogarithmic);
        axis->setTicker(QSharedPointer<DecadeTicker>::create());
        const double low = hasValues ? std::pow(10, std::floor(std::log10(m_low) + 0.05)) : 0.01;
        const double high = hasValues ? std::pow(10, std::ceil(std::log10(m_high) - 0.05)) : 1;
        axis->setRange(low * 0.999, std::max(high, low * 10) * 1.001);
        if (hasValues && axis->range().upper < m_high)
            axis->setRangeUpper(m_high * 1.1);
        if (hasValues && axis->range().lower > m_low)
            axis->setRangeLower(m_low * 0.9);
    } else {
        axis->setScaleType(QCPAxis::stLinear);
        axis->setTicker(QSharedPointer<QCPAxisTicker>::create());
        const AxisRange range = roundedRange(hasValues ? m_low : 0, hasValues ? m_high : 1, 4);
        axis->setRange(range.low, range.high);
    }
    axis->setNumberFormat(u"g"_s);
    axis->setNumberPrecision(4);
}

void LossPlot::chooseTicks()
{
    QCPAxis* axis = m_plot->xAxis;
    const bool isLogarithmic = m_data.isLogarithmicX && m_data.axis == LossAxis::Step;
    const bool wasLogarithmic = axis->scaleType() == QCPAxis::stLogarithmic;
    if (isLogarithmic == wasLogarithmic && m_data.axis == m_tickAxis)
        return;
    if (isLogarithmic != wasLogarithmic)
        m_navigation.forget(Qt::Horizontal);
    m_tickAxis = m_data.axis;
    axis->setScaleType(isLogarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (isLogarithmic)
        axis->setTicker(QSharedPointer<DecadeTicker>::create());
    else if (m_data.axis == LossAxis::Worked) {
        auto hours = QSharedPointer<QCPAxisTickerTime>::create();
        hours->setTimeFormat(u"%h:%m:%s"_s);
        axis->setTicker(hours);
    } else if (m_data.axis == LossAxis::Clock) {
        auto clock = QSharedPointer<QCPAxisTickerDateTime>::create();
        clock->setDateTimeFormat(u"HH:mm:ss\nd MMM"_s);
        axis->setTicker(clock);
    } else {
        axis->setTicker(QSharedPointer<WholeTicker>::create());
    }
}

void LossPlot::fitRanges()
{
    const bool isLogarithmicY = m_plot->yAxis->scaleType() == QCPAxis::stLogarithmic;
    if (isLogarithmicY != m_isLogarithmic)
        m_navigation.forget(Qt::Vertical);
    if (!m_navigation.isZoomed(Qt::Vertical))
        fitValues();
    chooseTicks();
    if (!m_navigation.isZoomed(Qt::Horizontal))
        m_plot->xAxis->setRange(firstPlace(), lastPlace());
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    // Names of sessions stand above the plot, numbers of steps below it.
    const int top =
        m_sessionTexts.empty() ? 6 : QFontMetrics(smallFont(m_plot->font())).height() + 2;
    m_plot->axisRect()->setMargins(QMargins(0, top, widestLabel(m_labels) + 14, 0));
}

void LossPlot::placeLabels()
{
    placeLineLabels(*m_plot, m_labels, [this](const LineLabel& label, double place) {
        return valueBefore(fromQt(label.id), place);
    });
    placeSessionTexts();
}

/// Each name in the middle of what is seen of its session; a number alone, or nothing, where there
/// is no room.
void LossPlot::placeSessionTexts()
{
    const QRect area = m_plot->axisRect()->rect();
    const QFontMetrics metrics(smallFont(m_plot->font()));
    constexpr int kGap = 8;
    for (size_t index = 0; index < m_sessionTexts.size(); ++index) {
        const SessionStart& start = m_data.sessions[index];
        const double end = index + 1 < m_data.sessions.size()
                               ? startOf(m_data.sessions[index + 1])
                               : std::max(lastPlace(), startOf(start));
        const double left =
            std::max<double>(area.left(), m_plot->xAxis->coordToPixel(startOf(start)));
        const double right = std::min<double>(area.right(), m_plot->xAxis->coordToPixel(end));
        const QString number = QString::number(start.session);
        const QString name = tr("session %1").arg(number);
        const auto fits = [&](const QString& text) {
            return metrics.horizontalAdvance(text) + kGap <= right - left;
        };
        QCPItemText* text = m_sessionTexts[index];
        text->setText(fits(name) ? name : number);
        text->setVisible(fits(text->text()));
        text->position->setCoords((left + right) / 2, -0.01);
    }
}

void LossPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        applyPlotTheme(*m_plot, palette());
        rebuild();
    }
    QWidget::changeEvent(event);
}

} // namespace clwb::ui
