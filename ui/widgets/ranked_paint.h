// SPDX-License-Identifier: GPL-3.0-or-later
// How a ranked candidate looks, in lists and in pictures of them: rank, score bar, mark of the
// truth.
#pragma once

#include <QImage>
#include <QPalette>
#include <QRect>
#include <QString>

class QFont;
class QPainter;

namespace clwb::ui
{

struct RankedItem
{
    qint64 rank = 0; ///< from 1
    double score = 0;
    double share = 0; ///< 0…1, length of the bar
    bool isRelevant = false;
    QString text;    ///< of a caption
    QImage image;    ///< of a picture; null: not here
    QString problem; ///< why there is none; empty: it is being loaded
};

/// The picture, enlarged where it is small, in a square; nothing of it is cut off.
void paintWholePicture(QPainter& painter, const QRect& area, const QPalette& palette,
                       const QFont& font, const QImage& image, const QString& problem,
                       bool isRelevant);
/// Picture above rank, bar and score.
void paintRankedPicture(QPainter& painter, const QRect& area, const QPalette& palette,
                        const QFont& font, const RankedItem& item);
/// Height of what stands below a picture.
int rankedLineHeight(const QFont& font);
/// Rank, caption, bar and score in a row.
void paintRankedCaption(QPainter& painter, const QRect& area, const QPalette& palette,
                        const QFont& font, const RankedItem& item);

} // namespace clwb::ui
