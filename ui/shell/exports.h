// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of the project as files: made by core/report on the reader's thread.
#pragma once

#include <QString>

#include <cstdint>
#include <functional>
#include <vector>

class QWidget;

namespace clwb::ui
{

class AppState;

struct TableKind
{
    QString id;    ///< KIND of `clwb table`
    QString title; ///< for menus
};
const std::vector<TableKind>& tableKinds();

/// Writes the table of these runs (all of the project's when empty) as CSV. Problems are shown by
/// the window; success is told to `done`, if given, with the number of bytes.
void exportTable(AppState& state, const QString& kind, const std::vector<int64_t>& runs,
                 const QString& file, std::function<void(qint64)> done = {});
/// Asks for a file name without blocking, then exportTable().
void askAndExportTable(AppState& state, const QString& kind, const std::vector<int64_t>& runs,
                       QWidget* parent);

} // namespace clwb::ui
