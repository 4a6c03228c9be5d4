// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that come from other files and go into bundles.
#pragma once

#include <QStringList>

#include <cstdint>
#include <vector>

class QWidget;

namespace clwb::ui
{

class AppState;

/// Imports bundles, projects or CSV tables, each completely or not at all, and says what came and
/// what was left.
void importFiles(AppState& state, const QStringList& files);
/// Asks for files without blocking, then importFiles().
void askAndImport(AppState& state, QWidget* parent);
/// Asks for a file without blocking and writes these runs into it, models included.
void askAndExportBundle(AppState& state, const std::vector<int64_t>& runs, QWidget* parent);

} // namespace clwb::ui
