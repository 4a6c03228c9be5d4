// SPDX-License-Identifier: GPL-3.0-or-later
// Files that come with the program: the demo's model.
#pragma once

#include <filesystem>

namespace clwb::cli
{

/// A file or folder of the project, by its path in the source tree; found beside an installed
/// program (PREFIX/share/clwb) and from a build folder. Empty when it is in neither.
std::filesystem::path shippedFile(const std::filesystem::path& relative);

} // namespace clwb::cli
