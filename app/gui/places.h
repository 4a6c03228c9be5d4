// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program's own files and the user's files lie.
#pragma once

#include "core/base/error.h"

#include <QString>

#include <filesystem>

namespace clwb::gui
{

/// A file of the installation or of the source tree that the program was built in; empty when it
/// is in neither.
std::filesystem::path shippedFile(const char* relative);

/// $XDG_DATA_HOME/clwb, made when missing. Relative XDG values are ignored.
QString dataFolder();
/// $XDG_CONFIG_HOME/clwb/window.ini.
QString settingsFile();

/// The user's copy of the starter project; copied on the first call, never overwritten. Without a
/// shipped one the path of a project that is still to be made.
Result<QString> starterProject();

} // namespace clwb::gui
