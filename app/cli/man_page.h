// SPDX-License-Identifier: GPL-3.0-or-later
// The manual page of `clwb`, made of what --help says.
#pragma once

#include "app/cli/command.h"

#include <string>
#include <string_view>
#include <vector>

namespace clwb::cli
{

/// The whole page in the man(7) macros, in ASCII: every command with its options, choices and
/// example, and the exit statuses. @param commands in the order of `clwb --help`
std::string manPage(const std::vector<Command>& commands, std::string_view version);

/// A text as roff shows it unchanged: backslashes, hyphens, other scripts, and dots at the start of
/// a line. Line ends stay. @param text UTF-8
std::string roffText(std::string_view text);

} // namespace clwb::cli
