// SPDX-License-Identifier: GPL-3.0-or-later
// Paths and host of the machine that computed runs, taken out of a project that is to be shipped.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace clwb::store
{

/// Folders and files with the names that stand for them.
using PathNames = std::vector<std::pair<std::string, std::string>>;

/// Names of a spec's `study` and `model`: below `root` the path from there ("resources/mini-clip"),
/// elsewhere folder and file ("world/study.json"). The study's folder gets a name too.
PathNames neutralNames(const Json& spec, const std::filesystem::path& root);

/// `text` with the named paths replaced; of every other absolute path its last part is left.
std::string neutralText(std::string text, const PathNames& names);

/// Rewrites every run but the reported ones: spec, parameters, study, model, environment without
/// host, command line, message, notes, warnings; run folders are forgotten. Hashes stay as they
/// are. sealProject() then removes what the file's free pages still hold. Errors: as Project::open
/// and of writing.
Result<void> hideMachine(const std::filesystem::path& project, const std::filesystem::path& root);

} // namespace clwb::store
