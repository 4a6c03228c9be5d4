// SPDX-License-Identifier: GPL-3.0-or-later
// Result data on stdout or in a file, everything else on stderr.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace clwb::cli
{

/// Writes result data to stdout. A closed pipe drops the rest silently: whoever read it has enough.
/// Errors: DiskFull, RunFailed when stdout is a file that cannot be written.
Result<void> writeResult(std::string_view text);
/// writeResult, or atomically into a file when `file` names one.
Result<void> writeResultTo(const std::optional<std::string>& file, std::string_view text);
/// Keeps a slip of the command line from replacing a project by a table or a bundle.
/// Errors: Usage when the file is there and an SQLite database.
Result<void> requireNoProject(const std::filesystem::path& file);
/// One line for the person at the terminal, on stderr.
void writeNote(std::string_view text);

} // namespace clwb::cli
