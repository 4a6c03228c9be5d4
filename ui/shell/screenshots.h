// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every page and dialog, for documentation and review.
#pragma once

#include "core/base/error.h"

#include <QSize>
#include <QString>

namespace clwb::ui
{

class MainWindow;

/// Shows every page (each view of it) and dialog in a window of this size, waits until it has
/// loaded what it shows, and writes `01-runs.png`, … into the folder. Blocks with an event loop of
/// its own.
/// @return number of pictures. Errors: Data, DiskFull.
Result<int> takeScreenshots(MainWindow& window, const QSize& size, const QString& folder);

} // namespace clwb::ui
