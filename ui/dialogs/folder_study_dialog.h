// SPDX-License-Identifier: GPL-3.0-or-later
// "New Study from a Folder": own pictures, a folder a class, as a study that runs accept.
#pragma once

#include <QDialog>

namespace clwb::ui
{

class AppState;

/// Opens without blocking; the dialog deletes itself when closed. The study it writes is shown on
/// the Data page.
QDialog* openFolderStudyDialog(AppState& state, QWidget* parent);

} // namespace clwb::ui
