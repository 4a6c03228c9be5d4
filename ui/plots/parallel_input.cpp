// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keyboard of parallel coordinates: brushes, and the line that is pointed at.
#include "ui/plots/parallel_plot.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"

#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

double ParallelPlot::positionAt(int pixel) const
{
    return std::clamp(m_plot->yAxis->pixelToCoord(pixel), 0.0, 1.0);
}

std::optional<size_t> ParallelPlot::axisNear(const QPoint& position) const
{
    constexpr double kReach = 12; // pixels
    const double place = m_plot->xAxis->pixelToCoord(position.x());
    const double nearest = std::round(place);
    if (nearest < 0 || nearest >= static_cast<double>(m_data.axes.size()) ||
        std::abs(m_plot->xAxis->coordToPixel(nearest) - position.x()) > kReach)
        return std::nullopt;
    return static_cast<size_t>(nearest);
}

int ParallelPlot::lineNear(const QPoint& position) const
{
    constexpr double kReach = 6; // pixels
    double best = kReach;
    int number = 0;
    for (size_t at = 0; at < m_lineOfGraph.size(); ++at) {
        const double distance =
            m_plot->graph(static_cast<int>(at))->selectTest(QPointF(position), false);
        if (distance >= 0 && distance < best) {
            best = distance;
            number = m_data.lines[m_lineOfGraph[at]].number;
        }
    }
    return number;
}

void ParallelPlot::press(const QPoint& position)
{
    m_pressed = position;
    m_brushing = axisNear(position);
}

void ParallelPlot::move(const QPoint& position, Qt::MouseButtons buttons)
{
    if (m_brushing && buttons.testFlag(Qt::LeftButton)) {
        setBrush(*m_brushing, positionAt(m_pressed.y()), positionAt(position.y()));
        return;
    }
    m_plot->setCursor(axisNear(position) ? Qt::SizeVerCursor : Qt::ArrowCursor);
    const int number = lineNear(position);
    highlight(number);
    Q_EMIT pointed(number);
    const QString text =
        number == 0 && axisNear(position)
            ? tr("Drag along an axis to keep the trials that pass there; click it to let go.\n"
                 "Keys: left and right choose an axis, up and down move its brush, Delete lets go, "
                 "L makes it logarithmic or linear.")
            : readOut(number);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(m_plot->mapToGlobal(position + QPoint(12, 8)), text, m_plot);
}

QString ParallelPlot::readOut(int number) const
{
    const auto line = std::find_if(m_data.lines.begin(), m_data.lines.end(),
                                   [number](const auto& each) { return each.number == number; });
    if (line == m_data.lines.end())
        return {};
    QStringList texts{tr("trial %1").arg(number)};
    for (size_t at = 0; at < m_data.axes.size() && at < line->values.size(); ++at) {
        if (line->values[at])
            texts << u"%1: %2"_s.arg(m_data.axes[at].title,
                                     valueTextOn(m_data.axes[at], *line->values[at]));
    }
    return texts.join(u'\n');
}

void ParallelPlot::release(const QPoint& position)
{
    constexpr int kClick = 3; // pixels that a hand trembles
    if (m_brushing && std::abs(position.y() - m_pressed.y()) <= kClick) {
        m_brushes.erase(*m_brushing);
        changeBrushes();
    }
    m_brushing.reset();
}

void ParallelPlot::showKeyAxis()
{
    const Theme& theme = themeOf(palette());
    for (size_t at = 0; at < m_axisLines.size(); ++at) {
        const bool isCurrent = at == m_keyAxis && m_plot->hasFocus();
        m_axisLines[at]->setPen(QPen(isCurrent ? theme.accent : theme.border, isCurrent ? 3 : 1.2));
    }
    if (m_keyAxis < m_data.axes.size()) {
        const ParallelAxis& axis = m_data.axes[m_keyAxis];
        m_plot->setAccessibleDescription(
            (axis.isLogarithmic ? tr("Axis %1, logarithmic") : tr("Axis %1")).arg(axis.title));
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

/// Whether the key meant something here.
bool ParallelPlot::pressKey(int key)
{
    if (m_data.axes.empty())
        return false;
    constexpr double kStep = 0.1;
    const auto brush = m_brushes.find(m_keyAxis);
    switch (key) {
    case Qt::Key_Left:
        m_keyAxis -= m_keyAxis > 0 ? 1 : 0;
        showKeyAxis();
        return true;
    case Qt::Key_Right:
        m_keyAxis = std::min(m_keyAxis + 1, m_data.axes.size() - 1);
        showKeyAxis();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down: {
        // Half of the axis to begin with, then moved by tenths.
        const double shift = key == Qt::Key_Up ? kStep : -kStep;
        if (brush == m_brushes.end()) {
            setBrush(m_keyAxis, key == Qt::Key_Up ? 0.5 : 0, key == Qt::Key_Up ? 1 : 0.5);
        } else {
            const auto [low, high] = brush->second;
            const double moved = std::clamp(low + shift, 0.0, 1 - (high - low));
            setBrush(m_keyAxis, moved, moved + high - low);
        }
        return true;
    }
    case Qt::Key_L:
        Q_EMIT scaleToggled(m_keyAxis);
        return true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        m_brushes.erase(m_keyAxis);
        changeBrushes();
        return true;
    default:
        return false;
    }
}

bool ParallelPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        highlight(0);
        Q_EMIT pointed(0);
    } else if (event->type() == QEvent::KeyPress) {
        if (pressKey(static_cast<QKeyEvent*>(event)->key()))
            return true;
    } else if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        showKeyAxis();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace clwb::ui
