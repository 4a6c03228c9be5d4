// SPDX-License-Identifier: GPL-3.0-or-later
// New study files: another class order and other sessions (of own pictures: folder_study.h).
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/stop_token.h"
#include "core/spec/study.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::run
{

/// The study's document with these sessions, for a file in `folder`: paths below the folder are
/// relative to it, others absolute.
/// @param sessions keys of the classes (StudyClass::key), none empty
Json withSessions(const spec::Study& study, const std::vector<std::vector<std::string>>& sessions,
                  const std::filesystem::path& folder);

/// Writes a study once the loader that training uses accepts it, as one step: a document that is
/// refused leaves the old file as it was, and no folder that was made for it.
/// Errors: Usage (`file: key: …`), Data with the first problems, DiskFull, Stopped.
Result<void> saveStudy(const Json& document, const std::filesystem::path& file,
                       const StopToken& stop);

/// A path as a study file in `folder` names it: relative where it is below, absolute otherwise.
std::string pathInStudy(const std::filesystem::path& path, const std::filesystem::path& folder);

} // namespace clwb::run
