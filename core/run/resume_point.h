// SPDX-License-Identifier: GPL-3.0-or-later
// Where an interrupted run will continue: what the project must forget before it does.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace clwb::run
{

struct ResumePoint
{
    int64_t steps = 0; ///< optimiser steps that the checkpoint holds
    int sessions = 0;  ///< finished sessions
};

/// The newest checkpoint of a run folder whose files are complete and match their hash: the one
/// that executeRun() with `resume` loads. Nothing when the run ended before it wrote any: it then
/// starts from its beginning. Errors: Data when there are some and all are damaged.
Result<std::optional<ResumePoint>> findResumePoint(const std::filesystem::path& runFolder);

} // namespace clwb::run
