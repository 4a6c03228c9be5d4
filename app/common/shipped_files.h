// SPDX-License-Identifier: GPL-3.0-or-later
// Files that come with the programs: the demo's model, the starter project.
#pragma once

#include <filesystem>

namespace clwb::app
{

/// A file or folder of the project, by its path in the source tree; found beside an installed
/// program (PREFIX/share/clwb) and from a build folder. Empty when it is in neither.
std::filesystem::path shippedFile(const std::filesystem::path& relative);

} // namespace clwb::app
