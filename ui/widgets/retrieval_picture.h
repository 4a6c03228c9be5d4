// SPDX-License-Identifier: GPL-3.0-or-later
// A query and its candidates as one picture, to copy and to save.
#pragma once

#include "ui/models/retrieval_figure.h"

#include <QImage>
#include <QPalette>
#include <QSize>

#include <map>

class QFont;
class QPainter;

namespace clwb::ui
{

/// Fills a rectangle from (0, 0): the query, then A and B with as many candidates as look well.
/// @param images by image_id, of those that are here
void paintRetrieval(QPainter& painter, const QSize& size, const QPalette& palette,
                    const QFont& font, const ShownRetrieval& shown,
                    const std::map<int64_t, QImage>& images);

} // namespace clwb::ui
