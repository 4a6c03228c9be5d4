// SPDX-License-Identifier: GPL-3.0-or-later
// Names and texts out of data files: which are usable, and how any is shown.
#pragma once

#include <string>
#include <string_view>

namespace clwb::data
{

/// True for valid UTF-8 without control characters (C0, DEL, C1): fit for TSV, JSON and a window.
bool isCleanText(std::string_view text);

/// The text with every control character and invalid byte as `?`, cut after `maxBytes`.
std::string printable(std::string_view text, size_t maxBytes = 300);

/// Without white space (ASCII) at both ends.
std::string_view trimmed(std::string_view text);

} // namespace clwb::data
