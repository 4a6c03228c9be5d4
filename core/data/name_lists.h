// SPDX-License-Identifier: GPL-3.0-or-later
// Class lists (CSV, first column) and display names (TSV folder, tab, name) of class folders.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::data
{

/// Longest display name of a class, bytes: anything longer cannot fit a prompt.
inline constexpr size_t kMaxClassNameBytes = 400;

/// First column of a list file; empty lines and lines that start with `#` are left out, `\r` and a
/// byte order mark are dropped. Errors: Data for an unreadable or empty list or a name twice.
Result<std::vector<std::string>> readClassList(const std::filesystem::path& file);

/// Folder → text after the tab. Errors: Data with the line number.
Result<std::map<std::string, std::string>> readNames(const std::filesystem::path& file);

/// The display name of a folder: out of `names` when there are any, otherwise the folder's name
/// with
/// `_` as space. @param nameSource first_lemma (text before the first comma) | all
/// Errors: Data when `names` lacks the folder, or the name is empty, too long or not clean text.
Result<std::string> displayName(const std::string& folder,
                                const std::map<std::string, std::string>* names,
                                std::string_view nameSource);

/// Checks a class name as displayName() does. Errors: Data.
Result<void> checkClassName(std::string_view name);

} // namespace clwb::data
