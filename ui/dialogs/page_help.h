// SPDX-License-Identifier: GPL-3.0-or-later
// What F1 shows of a page: what it is for, how it is used, and its keys.
#pragma once

#include <QDialog>
#include <QString>
#include <QStringList>

#include <vector>

class QAction;

namespace clwb::ui
{

/// The sentences of a help text; "Fig. 4" and "zs>60, /pattern/" do not end one.
QStringList sentencesOf(const QString& text);

/// Opens without blocking; the dialog deletes itself when closed.
/// @param text plain sentences, the first of which says what the page shows
/// @param keys the page's actions that have a shortcut
void openPageHelp(const QString& title, const QString& text,
                  const std::vector<const QAction*>& keys, QWidget* parent);

} // namespace clwb::ui
