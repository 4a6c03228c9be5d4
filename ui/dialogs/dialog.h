// SPDX-License-Identifier: GPL-3.0-or-later
// The table of dialogs: opened by id, and one after another for screenshots.
#pragma once

#include <QDialog>
#include <QString>

#include <functional>
#include <vector>

namespace clwb::ui
{

class AppState;

/// What "close_running" finishes with besides QDialog's answers: the run goes on without a window.
inline constexpr int kCloseDetached = 2;

/// File dialogs/<id>_dialog.cpp defines `DialogInfo describe_<id>_dialog()`.
/// Dialogs are opened without blocking and delete themselves when closed.
struct DialogInfo
{
    QString id;
    int order = 0;
    std::function<QDialog*(AppState&, QWidget*)> create;
};

std::vector<DialogInfo> dialogTable();
/// Creates and opens a dialog of the table; null when there is none of that id.
QDialog* openDialog(const QString& id, AppState& state, QWidget* parent);

} // namespace clwb::ui
