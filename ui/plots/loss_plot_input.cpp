// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keys of the loss plot: read-out, zoom, axes, export.
#include "ui/bridge/qt_text.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/plot_export.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void LossPlot::connectInput()
{
    connect(&m_navigation, &PlotNavigation::resetAsked, this, [this] {
        fitRanges();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    });
    connect(m_plot, &QCustomPlot::itemClick, this, [this](QCPAbstractItem* item) {
        if (const LineLabel* label = labelOf(m_labels, item)) {
            toggleLine(m_hidden, fromQt(label->id));
            rebuild();
        }
    });
    connect(m_plot, &QCustomPlot::itemDoubleClick, this, [this](QCPAbstractItem* item) {
        if (const LineLabel* label = labelOf(m_labels, item)) {
            isolateLine(m_hidden, terms(), fromQt(label->id));
            rebuild();
        }
    });
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (event->buttons() == Qt::NoButton && m_plot->axisRect()->rect().contains(event->pos()))
            showReadOut(m_plot->xAxis->pixelToCoord(event->position().x()), event->pos());
    });
}

LongLine LossPlot::lineOf(const std::vector<double>& steps, std::vector<double> values) const
{
    std::vector<double> keys = places(steps);
    if (!isOfTime(m_data.axis))
        return {std::move(keys), std::move(values)};
    std::vector<double> brokenKeys;
    std::vector<double> brokenValues;
    auto next = m_data.sessions.begin();
    auto time = m_data.times.begin();
    for (size_t at = 0; at < steps.size(); ++at) {
        bool isFirst = false;
        for (; next != m_data.sessions.end() && next->step <= steps[at]; ++next)
            isFirst = at > 0;
        // An interruption takes no time of work, but it does by the clock.
        for (; time != m_data.times.end() && time->step <= steps[at]; ++time)
            isFirst |= time->begins && at > 0 && m_data.axis == LossAxis::Clock;
        if (isFirst) {
            brokenKeys.push_back(keys[at]);
            brokenValues.push_back(NAN);
        }
        brokenKeys.push_back(keys[at]);
        brokenValues.push_back(values[at]);
    }
    return {std::move(brokenKeys), std::move(brokenValues)};
}

double LossPlot::valueBefore(const std::string& name, double place) const
{
    const auto series = m_data.series.find(name);
    if (series == m_data.series.end())
        return NAN;
    const auto& steps = series->second.steps;
    const auto after = std::partition_point(
        steps.begin(), steps.end(), [&](double step) { return placeOf(m_data, step) <= place; });
    return after == steps.begin()
               ? NAN
               : series->second.values[static_cast<size_t>(after - steps.begin() - 1)];
}

std::vector<std::string> LossPlot::terms() const
{
    std::vector<std::string> names;
    for (const auto& entry : m_data.series)
        names.push_back(entry.first);
    return names;
}

bool LossPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (onKey(key->key(), key->modifiers()))
            return true;
    }
    if (watched == m_plot && event->type() == QEvent::FocusOut)
        hideCursor();
    return QWidget::eventFilter(watched, event);
}

bool LossPlot::onKey(int key, Qt::KeyboardModifiers modifiers)
{
    const QCPRange range = m_plot->xAxis->range();
    switch (key) {
    case Qt::Key_L:
        if (modifiers.testFlag(Qt::ShiftModifier))
            Q_EMIT logarithmicXToggled();
        else if (modifiers == Qt::NoModifier)
            Q_EMIT logarithmicYToggled();
        else
            return false;
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        // One pixel, or ten: the next step where steps lie further apart.
        const double way =
            (key == Qt::Key_Left ? -1 : 1) * (modifiers.testFlag(Qt::ShiftModifier) ? 10 : 1);
        const double from = m_cursorPlace.value_or(key == Qt::Key_Left ? range.upper : range.lower);
        const double pixel = m_plot->xAxis->coordToPixel(from) + way;
        double place = m_plot->xAxis->pixelToCoord(pixel);
        if (m_data.axis == LossAxis::Step && std::abs(place - from) < 1)
            place = std::round(from) + (way < 0 ? -1 : 1);
        moveCursor(std::clamp(place, range.lower, range.upper));
        return true;
    }
    case Qt::Key_Home:
        moveCursor(range.lower);
        return true;
    case Qt::Key_End:
        moveCursor(range.upper);
        return true;
    case Qt::Key_Escape:
        if (!m_cursorPlace)
            return false;
        hideCursor();
        return true;
    default:
        return false;
    }
}

void LossPlot::moveCursor(double place)
{
    m_cursorPlace = place;
    if (!m_cursor) {
        m_cursor = new QCPItemStraightLine(m_plot);
        m_cursor->setSelectable(false);
    }
    m_cursor->setPen(QPen(themeOf(palette()).muted, 1, Qt::DashLine));
    m_cursor->point1->setCoords(place, 1);
    m_cursor->point2->setCoords(place, 2);
    m_cursor->setVisible(true);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
    const int x = static_cast<int>(m_plot->xAxis->coordToPixel(place));
    showReadOut(place, {x, m_plot->axisRect()->top()});
}

void LossPlot::hideCursor()
{
    m_cursorPlace.reset();
    if (m_cursor && m_cursor->visible()) {
        m_cursor->setVisible(false);
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

QStringList LossPlot::readOut(double place) const
{
    // Each term at its last step that is not beyond the place: terms may skip steps.
    const bool countsSteps = m_data.axis == LossAxis::Step;
    const double reach = place + (countsSteps ? 0.5 : 1e-9);
    QStringList lines;
    double step = 0;
    for (const auto& [name, series] : m_data.series) {
        const auto after =
            std::partition_point(series.steps.begin(), series.steps.end(),
                                 [&](double each) { return placeOf(m_data, each) <= reach; });
        if (series.steps.empty() || m_hidden.contains(name))
            continue;
        const auto index =
            static_cast<size_t>(std::max<ptrdiff_t>(0, after - series.steps.begin() - 1));
        step = std::max(step, series.steps[index]);
        QString line = u"%1: %2"_s.arg(toQt(name), numberText(series.values[index], 5));
        if (const auto smooth = m_smoothed.find(name); smooth != m_smoothed.end())
            line += tr(" (smoothed %1)").arg(numberText(smooth->second[index], 5));
        lines << line;
    }
    if (lines.isEmpty())
        return lines;
    if (m_data.axis == LossAxis::Worked)
        lines.prepend(durationText(placeOf(m_data, step)));
    else if (m_data.axis == LossAxis::Clock)
        lines.prepend(QDateTime::fromMSecsSinceEpoch(std::llround(placeOf(m_data, step) * 1000))
                          .toString(u"d MMM HH:mm:ss"_s));
    lines.prepend(tr("step %1").arg(countText(std::llround(step))));
    return lines;
}

void LossPlot::showReadOut(double place, const QPoint& at)
{
    const QString text = readOut(place).join(u'\n');
    if (text.isEmpty())
        return;
    m_plot->setAccessibleDescription(text);
    if (m_plot->isVisible())
        QToolTip::showText(m_plot->mapToGlobal(at + QPoint(12, 8)), text, m_plot);
}

void LossPlot::contextMenuEvent(QContextMenuEvent* event)
{
    const auto make = [this] {
        Figure figure = figureOf(
            *m_plot, *this, m_data.runId ? tr("loss of run %1").arg(*m_data.runId) : tr("loss"));
        figure.csv = lossCsv(m_data);
        return figure;
    };
    showPlotMenu(make, event->globalPos(), m_settings, this);
}

} // namespace clwb::ui
