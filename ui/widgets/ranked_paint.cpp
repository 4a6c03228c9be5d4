// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ranked_paint.h"

#include "ui/bridge/qt_text.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RankedPaintText
{
    Q_DECLARE_TR_FUNCTIONS(RankedPaint)
};

constexpr int kTruthFrame = 3;
constexpr int kBarHeight = 4;
constexpr int kGap = 6;

void paintTick(QPainter& painter, const QPointF& centre, const Theme& theme)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.good);
    painter.drawEllipse(centre, 8, 8);
    painter.setPen(QPen(theme.card, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(
        QPolygonF({centre + QPointF(-3.5, 0), centre + QPointF(-1, 3), centre + QPointF(3.5, -3)}));
}

void paintBar(QPainter& painter, const QRect& area, const Theme& theme, const RankedItem& item)
{
    const QRectF track(area.left(), area.center().y() - kBarHeight / 2.0 + 1, area.width(),
                       kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.grid);
    painter.drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
    painter.setBrush(item.isRelevant ? theme.good : theme.accent);
    QRectF filled = track;
    filled.setWidth(track.width() * item.share);
    painter.drawRoundedRect(filled, kBarHeight / 2.0, kBarHeight / 2.0);
}

/// Rank left, score right, the bar between them.
void paintRankedLine(QPainter& painter, const QRect& line, const QPalette& palette,
                     const QFont& font, const RankedItem& item)
{
    const Theme& theme = themeOf(palette);
    const QFont small = smallFont(font);
    const QFontMetrics metrics(small);
    painter.setFont(small);
    const QString rank = QString::number(item.rank);
    const QString score = numberText(item.score, 3);
    const int left = metrics.horizontalAdvance(rank);
    const int right = metrics.horizontalAdvance(score);
    painter.setPen(item.isRelevant ? theme.good : theme.muted);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, rank);
    painter.setPen(theme.muted);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, score);
    const QRect bar = line.adjusted(left + kGap, 0, -right - kGap, 0);
    if (bar.width() > 8)
        paintBar(painter, bar, theme, item);
}

} // namespace

int rankedLineHeight(const QFont& font)
{
    return QFontMetrics(smallFont(font)).height() + 4;
}

void paintWholePicture(QPainter& painter, const QRect& area, const QPalette& palette,
                       const QFont& font, const QImage& image, const QString& problem,
                       bool isRelevant)
{
    const Theme& theme = themeOf(palette);
    painter.setRenderHint(QPainter::Antialiasing);
    QRect place = area;
    if (!image.isNull()) {
        const QSize shown =
            image.size().expandedTo({1, 1}).scaled(area.size(), Qt::KeepAspectRatio);
        place = QRect(area.topLeft() +
                          QPoint(area.width() - shown.width(), area.height() - shown.height()) / 2,
                      shown);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.save();
        QPainterPath corners;
        corners.addRoundedRect(place, 4, 4);
        painter.setClipPath(corners, Qt::IntersectClip);
        painter.drawImage(place, image);
        painter.restore();
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.hover);
        painter.drawRoundedRect(area, 4, 4);
        painter.setFont(smallFont(font));
        painter.setPen(readableOn(theme.hover, theme.muted));
        if (!problem.isEmpty())
            painter.drawText(area.adjusted(6, 6, -6, -6), Qt::AlignCenter | Qt::TextWordWrap,
                             problem);
    }
    if (isRelevant) {
        painter.setPen(QPen(theme.good, kTruthFrame));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(place).adjusted(-1, -1, 1, 1), 5, 5);
        paintTick(painter, QPointF(place.right() - 9, place.top() + 10), theme);
    }
}

void paintRankedPicture(QPainter& painter, const QRect& area, const QPalette& palette,
                        const QFont& font, const RankedItem& item)
{
    const int line = rankedLineHeight(font);
    paintWholePicture(painter, area.adjusted(0, 0, 0, -line), palette, font, item.image,
                      item.problem, item.isRelevant);
    paintRankedLine(painter, QRect(area.left(), area.bottom() - line + 3, area.width(), line - 2),
                    palette, font, item);
}

void paintRankedCaption(QPainter& painter, const QRect& area, const QPalette& palette,
                        const QFont& font, const RankedItem& item)
{
    const Theme& theme = themeOf(palette);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetrics metrics(font);
    const int rankWidth = metrics.horizontalAdvance(u"8888"_s);
    const int scoreWidth = std::min(area.width() / 4, 120);
    constexpr int kTickRoom = 22;
    painter.setFont(font);
    painter.setPen(item.isRelevant ? theme.good : theme.muted);
    painter.drawText(QRect(area.left(), area.top(), rankWidth, area.height()),
                     Qt::AlignRight | Qt::AlignVCenter, QString::number(item.rank));
    const QRect mark(area.left() + rankWidth + kGap, area.top(), kTickRoom, area.height());
    if (item.isRelevant)
        paintTick(painter, QRectF(mark).center(), theme);
    const QRect text(mark.right() + kGap, area.top(),
                     area.right() - scoreWidth - 2 * kGap - mark.right() - kGap, area.height());
    painter.setPen(theme.text);
    painter.drawText(
        text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        metrics.elidedText(QString(item.text).replace(u'\n', u' '), Qt::ElideRight, text.width()));
    const QRect end(area.right() - scoreWidth, area.top(), scoreWidth - kGap, area.height());
    const QString score = numberText(item.score, 3);
    painter.setPen(theme.muted);
    painter.drawText(end, Qt::AlignRight | Qt::AlignVCenter, score);
    paintBar(painter, end.adjusted(0, 0, -metrics.horizontalAdvance(score) - kGap, 0), theme, item);
    if (item.isRelevant) {
        painter.setPen(QPen(theme.good, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 4, 4);
    }
}

} // namespace clwb::ui
