// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program's own files and the user's files lie.
#pragma once

#include "core/base/error.h"

#include <QString>

#include <filesystem>

namespace clwb::gui
{

/// $XDG_DATA_HOME/clwb, made when missing. Relative XDG values are ignored.
QString dataFolder();
/// $XDG_CONFIG_HOME/clwb/window.ini.
QString settingsFile();

/// The user's copy of the starter project; copied on the first call, never overwritten. Without a
/// shipped one the path of a project that is still to be made.
Result<QString> starterProject();
/// Whether this is the project that comes with the program: it stays as it is.
bool isShippedStarter(const std::filesystem::path& file);

/// A copy of a project in a folder, as it is at this moment, under the same name.
Result<std::filesystem::path> copyForPictures(const std::filesystem::path& file,
                                              const std::filesystem::path& folder);

} // namespace clwb::gui
