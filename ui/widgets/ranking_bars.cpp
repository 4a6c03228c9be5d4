// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ranking_bars.h"

#include "ui/bridge/qt_text.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QPainter>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kRankingRows = 5; ///< room is kept for them, so that nothing jumps

QString percentText(double probability)
{
    const double percent = 100 * probability;
    return numberText(percent, percent < 10 ? 1 : 0) + u" %"_s;
}

} // namespace

RankingBars::RankingBars(const QString& objectName, const QString& title, QWidget* parent)
    : QWidget(parent)
{
    nameWidget(this, objectName, title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RankingBars::setClasses(std::vector<RankedClass> classes)
{
    m_classes = std::move(classes);
    QStringList spoken;
    for (const RankedClass& ranked : m_classes)
        spoken << (ranked.isTrue ? tr("%1 %2 (the true class)") : tr("%1 %2"))
                      .arg(ranked.name, percentText(ranked.probability));
    setAccessibleDescription(spoken.join(u", "_s));
    setToolTip(spoken.join(u'\n').toHtmlEscaped().replace(u'\n', u"<br>"_s));
    update();
}

int RankingBars::rowHeight() const
{
    return QFontMetrics(smallFont(font())).height() + 5;
}

QSize RankingBars::sizeHint() const
{
    return {160, static_cast<int>(kRankingRows) * rowHeight()};
}

QSize RankingBars::minimumSizeHint() const
{
    return {90, static_cast<int>(kRankingRows) * rowHeight()};
}

void RankingBars::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = themeOf(palette());
    QFont plain = smallFont(font());
    QFont bold = plain;
    bold.setWeight(QFont::DemiBold);
    double y = 0;
    for (const RankedClass& ranked : m_classes) {
        const QRectF row(0, y, width(), rowHeight() - 3);
        y += rowHeight();
        painter.setPen(Qt::NoPen);
        painter.setBrush(mixed(theme.card, ranked.isTrue ? theme.good : theme.muted, 0.28));
        const double share = std::clamp(ranked.probability, 0.0, 1.0);
        painter.drawRoundedRect(
            QRectF(0, row.top(), std::max(2.0, share * row.width()), row.height()), 2, 2);
        painter.setFont(ranked.isTrue ? bold : plain);
        painter.setPen(theme.text);
        const QFontMetricsF metrics(painter.font());
        const QString percent = percentText(ranked.probability);
        const double room = row.width() - metrics.horizontalAdvance(percent) - 16;
        painter.drawText(row.adjusted(5, 0, -5, 0), Qt::AlignRight | Qt::AlignVCenter, percent);
        painter.drawText(row.adjusted(5, 0, -5, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(ranked.name, Qt::ElideRight, room));
    }
}

} // namespace clwb::ui
