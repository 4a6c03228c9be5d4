// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/session_strip.h"

#include "ui/bridge/qt_text.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kWidestStripCell = 22;
constexpr double kStripGap = 2;

} // namespace

SessionStrip::SessionStrip(const QString& objectName, const QString& title, QWidget* parent)
    : QWidget(parent)
{
    nameWidget(this, objectName, title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QString SessionStrip::textOf(const std::pair<int, bool>& right)
{
    return (right.second ? tr("%1: right") : tr("%1: wrong")).arg(sessionPlaceText(right.first));
}

void SessionStrip::setRights(std::vector<std::pair<int, bool>> rights)
{
    m_rights = std::move(rights);
    QStringList spoken;
    for (const auto& right : m_rights)
        spoken << textOf(right);
    setAccessibleDescription(spoken.join(u", "_s));
    update();
}

QSize SessionStrip::sizeHint() const
{
    return {200, QFontMetrics(smallFont(font())).height() + 4};
}

QSize SessionStrip::minimumSizeHint() const
{
    return {60, sizeHint().height()};
}

QRectF SessionStrip::cell(size_t at) const
{
    const double widest =
        std::max(kWidestStripCell,
                 QFontMetricsF(smallFont(font())).horizontalAdvance(u"88"_s) + 8 + kStripGap);
    const double wide = std::min(widest, width() / static_cast<double>(m_rights.size()));
    return {static_cast<double>(at) * wide, 0.5, std::max(1.0, wide - kStripGap), height() - 1.0};
}

void SessionStrip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    const Theme& theme = themeOf(palette());
    for (size_t at = 0; at < m_rights.size(); ++at) {
        const auto& [session, isRight] = m_rights[at];
        const QRectF area = cell(at);
        // Filled or not: colours alone would not do for everybody.
        painter.setPen(isRight ? QPen(Qt::NoPen) : QPen(theme.bad, 1));
        painter.setBrush(isRight ? QBrush(theme.good) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(area.adjusted(0.5, 0, 0, 0), 3, 3);
        const QString text = QString::number(session);
        if (QFontMetricsF(painter.font()).horizontalAdvance(text) > area.width())
            continue;
        painter.setPen(isRight ? theme.card : readableOn(theme.card, theme.bad));
        painter.drawText(area, Qt::AlignCenter, text);
    }
}

bool SessionStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (size_t at = 0; at < m_rights.size(); ++at) {
        if (cell(at).contains(help->pos())) {
            QToolTip::showText(help->globalPos(), textOf(m_rights[at]), this);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace clwb::ui
