// SPDX-License-Identifier: GPL-3.0-or-later
// The library that decodes pictures, for records of what results depend on.
#pragma once

#include <string>

namespace clwb::data
{

/// "4.6.0": OpenCV as it is loaded; "none" in a build without it.
std::string imageLibraryText();

} // namespace clwb::data
