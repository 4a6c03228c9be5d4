// SPDX-License-Identifier: GPL-3.0-or-later
// `stop-request` in a run's folder: one program asks another to end the run that it trains.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <filesystem>
#include <optional>
#include <string_view>

namespace clwb::store
{

class Project;

/// One word is in it: batch, epoch, session or now.
inline constexpr std::string_view kStopRequestName = "stop-request";

/// Asks the program that trains a run, another one or this, to end it at such a point. That program
/// looks about twice a second; the last request holds. Errors: Usage when the run is not in
/// training; Data, DiskFull when the request cannot be written.
Result<void> askToStop(const Project& project, int64_t runId, StopPoint point);

/// What is asked of the run in this folder. Nothing where the file is missing, a link, not a
/// regular file or too large, or where it holds another word.
std::optional<StopPoint> stopRequest(const std::filesystem::path& runFolder);

/// Removes the request, so that it never stops a later run; what cannot be removed stays. The
/// writer does so before the row says that a run is in training, its watch when the training has
/// ended.
void dropStopRequest(const std::filesystem::path& runFolder);

} // namespace clwb::store
