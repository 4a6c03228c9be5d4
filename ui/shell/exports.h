// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of the project as files and on the clipboard: made by core/report on the reader's thread.
#pragma once

#include "core/report/tables.h"

#include <QString>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

class QWidget;

namespace clwb::ui
{

class AppState;
struct Offer;

struct TableKind
{
    QString id;    ///< KIND of `clwb table`
    QString title; ///< for menus
};
const std::vector<TableKind>& tableKinds();

/// Which table of which runs, in which form.
struct TableOrder
{
    QString kind;
    std::optional<std::vector<int64_t>> runs = {}; ///< nothing: all of the project
    report::TableOptions options = {};
    report::TableFormat format = report::TableFormat::Csv;
    QString note = {}; ///< told once the file is written: what is not in it
};

/// A form of tables as file dialogs name it.
struct TableFileType
{
    report::TableFormat format;
    QString title;  ///< "LaTeX"
    QString suffix; ///< "tex"
};
const std::vector<TableFileType>& tableFileTypes();

/// Writes the table. Problems are shown by the window; success is told to `done` with the number of
/// bytes, without it to the user.
void exportTable(AppState& state, const TableOrder& order, const QString& file,
                 std::function<void(qint64)> done = {});
/// Asks for a file without blocking, then exportTable(). The kind of file chosen there decides the
/// form; `order.format` is what is offered first.
void askAndExportTable(AppState& state, const TableOrder& order, QWidget* parent);
/// Opens the folder of a file in the desktop's file manager.
Offer showInFolder(AppState& state, const QString& file);
/// Tells that a file was written, with a way to see it in its folder.
/// @param note what else there is to say of it
void reportWritten(AppState& state, const QString& file, const QString& note = {});
/// Puts the table's text on the clipboard.
void copyTableText(AppState& state, const TableOrder& order);

} // namespace clwb::ui
